// The task page. The page owns the next few items, so the network is never between two answers: an
// answer is written to the outbox, the next item is painted at once, and sending happens behind.
import { Outbox, Sender, Server, uuid } from "./sending.js";
import { Keys, View, isKey } from "./view.js";

const AHEAD = 5;
const BACK_AT_MOST = 10;
const IDLE_AFTER = 180_000;
const LONGEST_SECONDS = 24 * 3600;
const [LOOK_AGAIN, LOOK_RARELY] = [3_000, 30_000];
const COUNTED = ["stored", "late_stored", "replayed"];
const FINAL = { not_admitted: "emptyOthers", practice_failed: "emptyPractice", you_are_paused: "emptyPaused", done: "emptyStopped", limit: "emptyStopped", budget_spent: "emptyStopped" };

const view = new View();
const { words } = view;
const keys = new Keys(view);
const server = new Server(words);
const outbox = new Outbox(`assay-${words.person}-${words.project}`);
const sender = new Sender(server, outbox, {
  wanted: () => AHEAD - queue.length,
  replied: onReply,
  changed: onConnection,
  rested: fill,
});
let valueOf = (button) => button.value;
let refill = () => {};
const renewAfter = Math.min(Number(words.leaseSeconds) * 1000 / 3, 60_000);
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
let painted = 0;
let awayFor = 0;
let awaySince = null;
let lastInput = performance.now();
const seen = new Set(); // seats answered or turned away, here or in another tab: never shown again

// ---- painting

function paint() {
  shown = queue[0] ?? null;
  if (shown) view.show(shown);
  else if (sender.failures) view.empty(words.emptyOffline);
  else if (whyEmpty === undefined) view.loading();
  else view.empty(words[FINAL[whyEmpty] ?? "emptyCaughtUp"]);
  [painted, awayFor] = [performance.now(), 0];
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
  const said = { assignment: shown.id, value, seconds: secondsTaken() };
  past.push({ task: shown, value, said: { ...said, key: write(said) } });
  past.splice(0, past.length - BACK_AT_MOST);
  view.canUndo = true;
  view.answers.reset();
  view.answered(1, price);
  forward();
  view.tint(button);
}

function secondsTaken() {
  const seconds = Math.min((performance.now() - painted - awayFor) / 1000, LONGEST_SECONDS);
  return Math.round(seconds * 1000) / 1000;
}

async function turnAway(button) {
  if (!shown || back) return;
  const { id } = shown;
  const given = await view.askReason(button);
  if (!given || shown?.id !== id) return;
  write({ assignment: id, act: button.value, ...given });
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
  [painted, awayFor] = [performance.now(), 0];
  view.heading.focus({ preventScroll: true });
}

function change(button, value) {
  const before = past.at(-back);
  if (JSON.stringify(value) !== JSON.stringify(before.value)) {
    write({ assignment: before.task.id, revises: before.said, value, seconds: secondsTaken() });
    before.value = value;
  }
  toThePresent();
  view.tint(button);
}

function toThePresent() {
  back = 0;
  view.answers.reset();
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
  for (const { feedback } of answers) if (feedback && !feedback.right) view.explain(feedback);
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
  past.splice(past.indexOf(entry), 1);
  back = Math.min(back, past.length);
  view.canUndo = past.length > 0;
  queue.push(entry.task);
  if (!shown) paint();
}

function onConnection(state) {
  view.connection(state, outbox.all().length);
  if (!shown && painted) paint();
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
  if (filling || sender.sending || queue.length >= AHEAD - 1) return;
  filling = true;
  claimKey ??= uuid();
  try {
    take(await server.claim(AHEAD - queue.length, claimKey));
    claimKey = null;
    sender.well();
  } catch (error) {
    sender.failed(error);
  } finally {
    filling = false;
  }
  if (!queue.length && !sender.failures) lookLater();
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
  if (reason && !shown) view.empty(`${words.emptyPaused}\n\n${reason}`);
}

// Keeps what is still ours: items whose time was over while nobody worked went to other people.
function keepOnly(held) {
  const before = shown;
  queue = queue.filter(({ id }) => held.has(id));
  if (back || shown === queue[0]) return;
  paint();
  if (before && !seen.has(before.id)) view.notify(words.wentBack);
}

async function renew() {
  const due = queue.filter(({ since }) => performance.now() - since > renewAfter);
  if (document.hidden || view.rest.open || !due.length || sender.failures) return;
  const asked = queue.map(({ id }) => id);
  const { assignments } = await server.renew(asked);
  const gone = without(asked, idsOf(assignments));
  for (const task of queue) task.since = performance.now();
  keepOnly(without(idsOf(queue), gone)); // what came meanwhile was not asked about
  fill();
}

// ---- a person who goes away and comes back

function leave() { awaySince ??= performance.now(); }

async function comeBack() {
  if (awaySince === null) return;
  const away = performance.now() - awaySince;
  [awaySince, lastInput] = [null, performance.now()];
  awayFor += away;
  sender.send();
  if (away < renewAfter) return;
  const { assignments } = await server.held();
  keepOnly(idsOf(assignments));
  take({ assignments });
  fill();
}

function rest() {
  if (view.rest.open || document.hidden || !shown || performance.now() - lastInput < IDLE_AFTER) return;
  leave();
  view.rest.showModal();
}

view.rest.addEventListener("close", () => comeBack().catch(() => {}));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) leave();
  else if (!view.rest.open) comeBack().catch(() => {});
  if (document.hidden) sender.send();
});
for (const input of ["keydown", "pointerdown", "wheel", "touchmove"]) {
  addEventListener(input, () => { lastInput = performance.now(); }, { passive: true });
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
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.repeat && event.key !== "Tab") return;
  if (press(event)) event.preventDefault();
});

// Keys of the tool in hand (marking, drawing) come before those of the page.
function widgetKey(event) {
  const free = view.widget && shown && !view.rest.open && !view.reasons.open && !keys.dialog.open && !view.practicing;
  return free && !event.target.closest("input, textarea, select, .panel") && view.widget.key(event);
}

// True when the key meant something here.
function press(event) {
  if (view.rest.open) { view.rest.close(); return true; }
  if (view.reasons.open) return pressInReasons(event);
  if (view.practicing || keys.dialog.open || (keys.off && event.key.length === 1)) return false;
  if (event.key === "?") { keys.open(); return true; }
  if (event.key === "Enter" && event.target.closest("button, summary, a")) return false;
  const choice = view.choice(event);
  const act = view.act(event);
  if (choice) choice.type === "submit" ? answer(choice) : choice.click();
  else if (isKey(event, keys.of("undo")) || event.key === "Backspace") undo();
  else if (act) turnAway(act);
  else if (isKey(event, keys.of("instructions"))) view.instructions.toggleAttribute("open");
  else if (event.key === "Escape") escape();
  else if (isKey(event, "r") && shown && !isVisible(shown)) loadAgain();
  else return false;
  return true;
}

function escape() {
  view.instructions.removeAttribute("open");
  if (back) toThePresent();
}

function pressInReasons(event) {
  const button = [...view.reasons.querySelectorAll("button")].find(
    ({ dataset, parentElement }) => dataset.key && !parentElement.hidden && isKey(event, dataset.key));
  button?.click();
  return Boolean(button);
}

function loadAgain() {
  shown.picture = view.picture(shown.item.media);
  view.show(shown);
}

view.undo.addEventListener("click", undo);
view.rest.addEventListener("click", () => view.rest.close());
addEventListener("online", () => sender.send());
addEventListener("storage", ({ newValue }) => {
  // Another tab of the same person has answered: what it answered is not asked here.
  if (!newValue) return;
  for (const { assignment } of outbox.all()) seen.add(assignment);
  keepOnly(without(idsOf(queue), seen));
});
addEventListener("beforeunload", (event) => {
  if (outbox.unsaved.size) event.preventDefault(); // this device stores nothing: ask before they are lost
});
setInterval(() => renew().catch(() => {}), renewAfter / 2);
setInterval(rest, 5_000);

// The seats that this person holds came with the page; then whatever waits in the outbox, then more work.
take({ assignments: JSON.parse(document.getElementById("held").textContent) });
if (!shown) paint();
sender.send();

// Only forms that are more than buttons need more than this.
const tool = view.answers.querySelector("[data-tools]")?.dataset.tools;
if (tool) {
  const { Widget } = await import(tool === "boxes" ? "./boxes.js" : "./spans.js");
  view.widget = new Widget(view);
  if (shown) view.show(shown);
} else if (view.answers.querySelector("[data-reads]")) {
  ({ valueOf, fill: refill } = await import("./reading.js"));
}
