// The task page. The page owns the next few items, so the network is never between two answers: an
// answer is written to the outbox, the next item is painted at once, and sending happens behind.
import { Outbox, Pace, Sender, Server, uuid } from "./sending.js";
import { Keys, View, isKey } from "./view.js";

const BACK_AT_MOST = 10;
const [LOOK_AGAIN, LOOK_RARELY] = [3_000, 30_000];
const COUNTED = ["stored", "late_stored", "replayed"];
const [EARLIER, LATER] = document.dir === "rtl" ? ["ArrowRight", "ArrowLeft"] : ["ArrowLeft", "ArrowRight"];
const ZOOM = { "+": 1, "=": 1, "-": -1 };
const FINAL = { not_admitted: "emptyOthers", practice_failed: "emptyPractice", you_are_paused: "emptyPaused", done: "emptyStopped", limit: "emptyStopped", budget_spent: "emptyStopped" };

const view = new View();
const { words } = view;
const keys = new Keys(view);
const server = new Server(words);
const pace = new Pace();
const outbox = new Outbox(`assay-${words.person}-${words.project}`);
const sender = new Sender(server, outbox, {
  wanted: () => pace.ahead - queue.length,
  replied: onReply,
  changed: onConnection,
  rested: fill,
});
let valueOf = (button) => button.value;
let refill = () => {};
let drafts = null; // of what is typed
const price = Number(words.priceMicros);

let queue = [];
let back = 0; // how many answers back the person looks; 0 is the present
const past = [];
let shown = null;
let whyEmpty;
let claimKey = null;
let filling = false;
let looking;
let lookAgain = LOOK_AGAIN;
let presence = null;
const seen = new Set(); // seats answered or turned away, here or in another tab: never shown again

// ---- painting

function paint() {
  shown = queue[0] ?? null;
  if (shown) present(shown);
  else if (sender.waits) view.empty(words.emptyOffline);
  else if (whyEmpty === undefined) view.loading();
  else nothingLeft(words[FINAL[whyEmpty] ?? "emptyCaughtUp"]);
}

// Whoever was paused finds what was decided, and can contest it, among their own work.
function nothingLeft(why) {
  view.empty(why + view.earnedHere(), whyEmpty === "you_are_paused" ? ["\n\n", view.myWorkLink()] : []);
}

// An item that came back comes with what was said about it, one that was left with what was typed.
function present(task) {
  view.show(task);
  view.answers.reset();
  const draft = task.draft ?? drafts?.of(task.id);
  if (draft === undefined) return;
  view.widget?.set(draft);
  refill(view.answers, draft);
}

function idsOf(tasks) {
  return new Set(tasks.map(({ id }) => id));
}

function without(ids, gone) {
  return new Set([...ids].filter((id) => !gone.has(id)));
}

function isVisible(task) {
  return !task.picture || task.picture.naturalWidth > 0; // nobody answers a picture that is not there
}

// ---- answering

function answer(button) {
  if (!shown || !isVisible(shown)) return;
  const value = view.widget ? view.widget.value() : valueOf(button, view.answers);
  if (value === null || !view.answers.reportValidity()) return;
  if (back) { change(button, value); return; }
  const said = { assignment: shown.id, value, seconds: view.seconds };
  past.push({ task: shown, value, said: { ...said, key: write(said) } });
  past.splice(0, past.length - BACK_AT_MOST);
  view.canUndo = true;
  pace.took(said.seconds);
  view.answered(1, price);
  forward();
  view.tint(button);
  presence?.offerRest();
}

async function turnAway(button) {
  if (!shown || back) return;
  const { id } = shown;
  const unseen = button.value === "skip" && !isVisible(shown) && "cannot_load";
  const reason = button.dataset.reason || unseen; // what says why by itself asks nothing
  const given = reason ? { reason, text: "" } : await view.askReason(button);
  if (!given || shown?.id !== id) return;
  write({ assignment: id, act: reason ? "skip" : button.value, ...given });
  forward();
}

// One item further back, with the answer that was given; another answer changes it, Escape leaves it.
function undo() {
  if (back >= past.length) return;
  back += 1;
  shown = past.at(-back).task;
  view.showAgain(past.at(-back));
  view.widget?.set(past.at(-back).value);
  refill(view.answers, past.at(-back).value);
  view.heading.focus({ preventScroll: true });
}

// The other way: towards the present.
function redo() {
  if (back <= 1) { toThePresent(); return; }
  back -= 2;
  undo();
}

function change(button, value) {
  const before = past.at(-back);
  if (JSON.stringify(value) !== JSON.stringify(before.value)) {
    write({ assignment: before.task.id, revises: before.said, value, seconds: view.seconds });
    before.value = value;
  }
  toThePresent();
  view.tint(button);
}

function toThePresent() {
  back = 0;
  paint();
  view.focusNext();
}

function write(entry) {
  const key = uuid();
  seen.add(entry.assignment);
  if (!outbox.put({ ...entry, key })) view.notify(words.notSaved);
  setTimeout(() => sender.send()); // after the next item is painted
  return key;
}

function forward() {
  queue.shift();
  paint();
  view.focusNext();
}

function onReply({ answers = [], claim, notRevised }) {
  if (notRevised) view.notify(words.notRevised);
  const refused = answers.filter(({ verdict }) => verdict === "invalid");
  for (const outcome of refused) giveBack(outcome);
  for (const { assignment, feedback } of answers) {
    if (feedback && !feedback.right) view.explain(feedback, past.find(({ task }) => task.id === assignment));
  }
  const lost = answers.filter(({ verdict }) => ![...COUNTED, "invalid"].includes(verdict)).length;
  if (lost) {
    view.answered(-lost, -lost * price);
    view.notify(words.tooLate.replace("{count}", lost));
  }
  take(claim);
}

// The server would not take what was said: the seat is still held, so the item comes back with the reason.
function giveBack({ assignment, message }) {
  const entry = past.find(({ task }) => task.id === assignment);
  seen.delete(assignment);
  view.notify(words.refused.replace("{why}", message));
  if (!entry) return;
  view.answered(-1, -price);
  entry.task.draft = entry.value;
  past.splice(past.indexOf(entry), 1);
  back = Math.min(back, past.length);
  view.canUndo = past.length > 0;
  queue.push(entry.task);
  if (!shown) paint();
}

function onConnection(state) {
  view.connection(state, outbox.all().length);
  if (!shown && view.shownAt) paint();
}

// ---- items

function take(claim) {
  if (!claim) return;
  const known = new Set([...queue.map(({ id }) => id), ...outbox.all().map(({ assignment }) => assignment)]);
  const fresh = claim.assignments.filter(({ id }) => !known.has(id) && !seen.has(id));
  for (const task of fresh) {
    if (task.item.media) task.picture = view.picture(task.item.media);
    task.since = performance.now();
  }
  queue.push(...fresh);
  if (fresh.length) lookAgain = LOOK_AGAIN;
  if (!claim.assignments.length) whyEmpty = claim.why_empty ?? whyEmpty;
  if (!shown) paint();
}

async function fill() {
  if (filling || sender.sending || queue.length >= pace.ahead - 1) return;
  filling = true;
  claimKey ??= uuid();
  try {
    take(await server.claim(pace.ahead - queue.length, claimKey));
    claimKey = null;
    sender.well();
  } catch (error) {
    sender.failed(error);
  } finally {
    filling = false;
  }
  if (!queue.length && !sender.waits) lookLater();
}

// Nothing to do: look again, more and more rarely; not when more can never come by waiting.
function lookLater() {
  if (whyEmpty === "you_are_paused") tellWhyPaused();
  if (FINAL[whyEmpty]) return;
  clearTimeout(looking);
  looking = setTimeout(() => (document.hidden ? lookLater() : fill()), lookAgain);
  lookAgain = Math.min(lookAgain * 1.5, LOOK_RARELY);
}

async function tellWhyPaused() {
  const me = await server.me().catch(() => null);
  const reason = me?.projects.find(({ id }) => id === words.project)?.reason;
  if (reason && !shown) nothingLeft(`${words.emptyPaused}\n\n${reason}`);
}

// Keeps what is still ours: items whose time was over while nobody worked went to other people.
function keepOnly(held) {
  const before = shown;
  queue = queue.filter(({ id }) => held.has(id));
  if (back || shown === queue[0]) return;
  paint();
  if (before && !seen.has(before.id)) view.notify(words.wentBack);
}

// ---- keys and buttons

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target !== view.answers || !button) return;
  event.preventDefault();
  if (button.name === "act") turnAway(button);
  else answer(button);
});

document.addEventListener("keydown", (event) => {
  if (widgetKey(event)) { event.preventDefault(); return; }
  if (event.key === "Enter" && event.ctrlKey && event.target.matches("textarea")) view.answers.requestSubmit(view.choices.at(-1));
  if (event.altKey && event.code === "Digit0" && view.zoom(0)) event.preventDefault();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.repeat && event.key !== "Tab") return;
  if (press(event)) event.preventDefault();
});

// Keys of the tool in hand (marking, drawing) come before those of the page.
function widgetKey(event) {
  const free = view.widget && shown && !document.querySelector("dialog[open]");
  return free && !event.target.closest("input, textarea, select, .panel") && view.widget.key(event);
}

// True when the key meant something here.
function press(event) {
  if (view.rest.open) { view.rest.close(); return true; }
  if (view.reasons.open) return view.pressReason(event);
  if (document.querySelector("dialog[open]") || (keys.off && event.key.length === 1)) return false;
  if (event.key === "?") { keys.open(); return true; }
  if (event.key === "Enter" && event.target.closest("button, summary, a")) return false;
  const choice = view.choice(event);
  const act = view.act(event);
  if (view.covered && isKey(event, keys.of("unblur"))) view.uncover(); // before an answer that has the same key
  else if (view.pan(event.key)) return true;
  else if (choice) choice.type === "submit" ? answer(choice) : choice.click();
  else if (isKey(event, keys.of("undo")) || ["Backspace", EARLIER].includes(event.key)) undo();
  else if (event.key === LATER && back) redo();
  else if (act) turnAway(act);
  else if (isKey(event, keys.of("instructions"))) view.instructions.toggleAttribute("open");
  else if (event.key === "Escape") escape();
  else if (ZOOM[event.key]) return view.zoom(ZOOM[event.key]);
  else if (isKey(event, "r") && shown && !isVisible(shown)) loadAgain();
  else return false;
  return true;
}

function escape() {
  view.instructions.removeAttribute("open");
  if (back) toThePresent();
}

function loadAgain() {
  shown.picture = view.picture(shown.item.media);
  view.show(shown);
}

view.undo.addEventListener("click", undo);
addEventListener("online", () => sender.reconnected());
// The seats that this person holds came with the page; then whatever waits in the outbox, then more work.
take({ assignments: JSON.parse(document.getElementById("held").textContent) });
if (!shown) paint();
sender.send();

// Only forms that are more than buttons need more than this.
const tool = view.answers.querySelector("[data-tools]")?.dataset.tools;
if (tool) {
  const { Widget } = await import(tool === "boxes" ? "./boxes.js" : "./spans.js");
  view.widget = new Widget(view);
  if (shown) present(shown);
} else if (view.answers.querySelector("[data-reads]")) {
  const reading = await import("./reading.js");
  ({ valueOf, fill: refill } = reading);
  drafts = new reading.Drafts(view.answers, words, () => shown?.id);
  if (shown) present(shown);
}

// Leases, rests, absences and other tabs are nothing that the first item waits for.
async function attend() {
  const { Presence } = await import("./presence.js");
  presence = new Presence({ view, server, sender, outbox, seen, keepOnly, take, fill, idsOf, without, held: () => queue });
}
attend().catch(() => setTimeout(attend, LOOK_AGAIN));
