// The task page. The page owns the next few items, so the network is never between two answers:
// an answer goes to the outbox, the next item is painted at once, and sending happens behind.
import { Outbox } from "./outbox.js";
import { Server } from "./server.js";

const AHEAD = 5;
const RENEW_EVERY = 60_000;
const LOOK_AGAIN = 3_000;

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const page = {
  item: part("item"), answers: part("answers"), heading: part("heading"),
  dot: part("dot"), connection: part("connection"), done: part("done"), earned: part("earned"),
};
const words = page.item.dataset;
const choices = [...page.answers.querySelectorAll("button")];
const server = new Server(words.token, words.project);
const outbox = new Outbox(`assay-${words.person}-${words.project}`);

let queue = [];
let shown = null;
let painted = 0;
let filling = false;
let whyEmpty = null;

// ---- painting

function paint() {
  shown = queue[0] ?? null;
  const body = shown ? contentOf(shown) : sentence(emptyWords());
  page.item.replaceChildren(body);
  page.item.scrollTop = 0;
  for (const button of [...choices, ...document.querySelectorAll("[data-act]")]) button.disabled = !shown;
  for (const button of choices) button.classList.remove("chosen");
  if (shown) page.heading.textContent = `${Number(page.done.textContent) + 1}`;
  painted = performance.now();
}

function contentOf(task) {
  return task.picture ?? sentence(task.item.payload.text ?? JSON.stringify(task.item.payload));
}

function sentence(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "text";
  paragraph.dir = "auto";
  paragraph.textContent = text;
  return paragraph;
}

function emptyWords() {
  if (whyEmpty === "you_are_paused") return words.emptyPaused;
  if (["done", "paused", "limit", "budget_spent"].includes(whyEmpty)) return words.emptyStopped;
  return words.emptyCaughtUp;
}

function loadAhead(task) {
  if (!task.item.media) return;
  task.picture = new Image();
  task.picture.alt = words.alt;
  task.picture.addEventListener("error", () => task.picture.replaceWith(sentence(words.broken)));
  task.picture.src = task.item.media;
}

// ---- answering

function answer(button) {
  if (!shown) return;
  button.classList.add("chosen");
  outbox.put({
    assignment: shown.id, value: button.value, key: crypto.randomUUID(),
    seconds: Math.round(performance.now() - painted) / 1000,
  });
  page.done.textContent = Number(page.done.textContent) + 1;
  forward();
  setTimeout(() => button.classList.remove("chosen"), 80);
  send();
}

function forward() {
  queue.shift();
  const focused = document.activeElement;
  paint();
  if (focused?.disabled) page.heading.focus();
}

async function turnAway(act) {
  if (!shown) return;
  const { id } = shown;
  forward();
  await server.turnAway(id, act).catch(() => {});  // its lease ends by itself
  fill();
}

// ---- the network, behind the person's back

function connection(state, text) {
  page.dot.dataset.state = state;
  page.connection.textContent = text ?? "";
}

async function send() {
  if (outbox.sending) return;
  outbox.sending = true;
  try {
    for (let batch = outbox.peek(); batch.length; batch = outbox.peek()) {
      connection("sending");
      const reply = await server.answer(batch, AHEAD - queue.length);
      outbox.drop(batch);
      take(reply.claim);
      connection("idle");
    }
  } catch {
    connection("offline", words.offline);
    setTimeout(send, outbox.pause());
  } finally {
    outbox.sending = false;
  }
  fill();
}

async function fill() {
  if (filling || outbox.sending || queue.length >= AHEAD - 1) return;
  filling = true;
  try {
    take(await server.claim(AHEAD - queue.length));
    connection("idle");
  } catch {
    connection("offline", words.offline);
  } finally {
    filling = false;
  }
  if (!queue.length) setTimeout(fill, LOOK_AGAIN);
}

function take(claim) {
  if (!claim) return;
  const held = new Set([...queue.map((task) => task.id), ...outbox.assignments()]);
  const fresh = claim.assignments.filter((task) => !held.has(task.id));
  fresh.forEach(loadAhead);
  queue.push(...fresh);
  whyEmpty = claim.why_empty;
  if (!shown) paint();
}

// ---- keys and buttons

page.answers.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter) answer(event.submitter);
});
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => turnAway(button.dataset.act));
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  const chosen = choices.find((button) => button.dataset.key === key);
  if (chosen) answer(chosen);
  else if (key === "s") turnAway("skip");
  else if (key === "f") turnAway("flag");
  else if (key === "i") part("instructions").toggleAttribute("open");
  else return;
  event.preventDefault();
});
setInterval(() => {
  if (!document.hidden && queue.length) server.renew(queue.map((task) => task.id)).catch(() => {});
}, RENEW_EVERY);
window.addEventListener("online", send);

// A page that was closed takes up the seats it left: work first, then whatever waits in the outbox.
connection("idle");
paint();
server.held().then(take, () => {}).finally(send);
