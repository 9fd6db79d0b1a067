// What is on the task page, and nothing about where it comes from. All text goes in as text.
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const TINT = 80;
const PASSING = 8_000;
const LONGEST_SECONDS = 24 * 3600;
const STORE = "assay-keys";
const CLOSEST = 4;
const PANS = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };

export class View {
  constructor() {
    for (const name of ["task", "item", "answers", "heading", "strip", "notice", "done", "earned", "instructions",
      "reasons", "rest", "undo", "unblur"]) this[name] = part(name);
    this.words = this.task.dataset;
    this.choices = [...this.answers.querySelectorAll("button")];
    this.keyed = [...this.answers.querySelectorAll("button, input[data-key]")];
    this.field = this.answers.querySelector("label > input[name=value], label > textarea");
    this.widget = null; // the tool for marking or drawing, where the answer is that
    this.acts = [...document.querySelectorAll("[name=act]")];
    this.canUndo = false;
    this.shownAt = this.away = 0; // when this was shown, and how long the person was not here since then
    this.count = Number(this.done.textContent);
    this.micros = Number(this.words.earnedMicros);
    this.reasons.addEventListener("close", () => this.reasonsClosed());
    for (const place of [this.unblur, this.unblur && this.item]) place?.addEventListener("click", () => this.uncover());
  }

  // What may be hard to look at is shown when the person wants it, item by item.
  uncover() { this.task.toggleAttribute("data-uncovered", true); }

  // Buttons keep their place and key; only the item changes.
  show(task) {
    if (this.widget) this.widget.show(task);
    else this.item.replaceChildren(task.picture ? this.seen(task.picture) : this.written(task));
    this.heading.textContent = this.words.heading.replace("{count}", this.count + 1);
    this.state("working");
  }

  // A text, or two things side by side.
  written({ item: { payload } }) {
    const { left, right } = this.words;
    if (!left) return sentence(textOf(payload));
    const pair = document.createElement("div");
    pair.className = "pair";
    pair.append(...[left, right].map((name) => sentence(plain(payload[name]))));
    return pair;
  }

  // Typing begins at once where the answer is typed; else the heading tells which item it is.
  focusNext() {
    const typed = this.field?.type !== "checkbox" && this.field;
    (typed || this.heading).focus({ preventScroll: true });
  }

  // An item of the past, with the answer that was given.
  showAgain({ task, value }) {
    this.show(task);
    this.heading.textContent = this.words.headingAgain;
    for (const button of this.choices) button.classList.toggle("given", button.value === value);
    for (const button of this.acts) button.disabled = button.value !== "undo";
  }

  // Nothing to do: why, what was earned, and where more stands to be read.
  empty(text, more = []) {
    this.item.replaceChildren(sentence(text));
    this.item.firstChild.append(...more);
    this.heading.textContent = text;
    this.state("empty");
  }

  loading() {
    this.item.replaceChildren();
    this.state("loading");
  }

  state(state) {
    this.task.dataset.state = state;
    [this.shownAt, this.away] = [performance.now(), 0];
    this.task.removeAttribute("data-uncovered");
    this.item.scrollTop = this.item.scrollLeft = 0;
    delete this.item.dataset.zoom;
    this.item.setAttribute("aria-busy", String(state === "loading"));
    for (const button of [...this.choices, ...this.acts]) button.disabled = state !== "working";
    for (const button of this.choices) button.classList.remove("given");
    this.undo.disabled = !this.canUndo;
  }

  picture(address) {
    const picture = new Image();
    picture.alt = this.words.alt;
    picture.decoding = "sync"; // it is loaded ahead: no frame without it
    picture.addEventListener("error", () => picture.replaceWith(sentence(this.words.broken)));
    picture.src = address;
    return picture;
  }

  get covered() { return Boolean(this.unblur) && !this.task.hasAttribute("data-uncovered"); }

  // Where a picture is larger than its place, the arrow keys move it. True when they did.
  pan(key) {
    const [left, top] = PANS[key] ?? [];
    if (left === undefined || !this.item.dataset.zoom) return false;
    this.item.scrollBy(left, top);
    return true;
  }

  // A picture by steps larger than its place, which then scrolls; 0 fits it in again. True where there is a picture.
  zoom(by) {
    const step = by ? Math.min(Math.max(Number(this.item.dataset.zoom ?? 0) + by, 0), CLOSEST) : 0;
    if (!this.item.querySelector("img")) return false;
    if (step) this.item.dataset.zoom = step; else delete this.item.dataset.zoom;
    return true;
  }

  seen(picture) {
    return picture.complete && !picture.naturalWidth ? sentence(this.words.broken) : picture;
  }

  // How long the person has looked at what is shown.
  get seconds() {
    const seconds = Math.min((performance.now() - this.shownAt - this.away) / 1000, LONGEST_SECONDS);
    return Math.round(seconds * 1000) / 1000;
  }

  tint(button) {
    for (const other of this.choices) other.classList.toggle("chosen", other === button);
    setTimeout(() => button.classList.remove("chosen"), TINT);
  }

  choice(event) {
    return this.keyed.find(({ dataset, disabled }) => dataset.key && !disabled && isKey(event, dataset.key));
  }

  act(event) {
    return this.acts.find(({ dataset }) => isKey(event, dataset.key));
  }

  answerKeys() {
    return this.keyed.map(({ dataset }) => dataset.key?.toLowerCase()).filter(Boolean);
  }

  // Counted at once, and taken back if the server says otherwise.
  answered(difference, micros) {
    this.count += difference;
    this.micros += micros;
    this.done.textContent = this.count;
    if (this.earned) this.earned.textContent = money(this.micros, this.words.currency);
  }

  connection(state, waiting) {
    this.strip.dataset.state = state;
    const { offline, signedOut, busy, slow } = this.words;
    const text = { offline, busy, slow, "signed-out": signedOut }[state];
    this.standing = text?.replace("{count}", waiting) ?? "";
    this.tell(state === "signed-out" ? this.signInLink() : null);
  }

  // Something that happened: said for a while, unless the connection has more to say.
  notify(text) {
    this.passing = text;
    this.tell();
    setTimeout(() => { if (this.passing === text) this.notify(""); }, PASSING);
  }

  earnedHere() {
    return this.earned && this.micros ? `\n\n${this.words.earnedHere.replace("{sum}", this.earned.textContent)}` : "";
  }

  tell(where = null) {
    const text = this.standing || this.passing || "";
    if (this.notice.dataset.text === text) return; // said once
    this.notice.dataset.text = text;
    this.notice.replaceChildren(text, ...(where ? [" ", where] : []));
  }

  signInLink() {
    return link(`${this.words.signIn}?next=${encodeURIComponent(location.pathname)}`, this.words.signInWord);
  }

  myWorkLink() {
    return link(this.words.myWork, this.words.myWorkWord);
  }

  // After a mistake in practice, when the next item is there already: which one it was, what is right, and why.
  explain({ answer, explanation }, said) {
    const dialog = part("practice");
    const right = dialog.dataset.right.replace("{answer}", plain(answer));
    const given = said && dialog.dataset.given.replace("{answer}", plain(said.value));
    part("practice-item").replaceChildren(...(said ? [said.task.picture?.cloneNode() ?? this.written(said.task)] : []));
    part("practice-text").textContent = [given, right, explanation].filter(Boolean).join("\n\n");
    if (!dialog.open) dialog.showModal();
  }

  // Resolves with the reason, or null when the person thinks better of it.
  askReason(act) {
    const { reasons } = this;
    part("reasons-title").textContent = act.dataset.question;
    for (const group of reasons.querySelectorAll("[data-for]")) group.hidden = group.dataset.for !== act.value;
    this.reasonAsked?.(null);
    reasons.returnValue = "";
    part("other").value = "";
    reasons.showModal();
    return new Promise((resolve) => { this.reasonAsked = resolve; });
  }

  pressReason(event) {
    const button = [...this.reasons.querySelectorAll("button")].find(
      ({ dataset, parentElement }) => dataset.key && !parentElement.hidden && isKey(event, dataset.key));
    button?.click();
    return Boolean(button);
  }

  // The event comes a little after the closing: by then the dialog may be open for the next question.
  reasonsClosed() {
    if (this.reasons.open) return;
    this.reasonAsked?.(reasonGiven(this.reasons));
    this.reasonAsked = null;
  }
}

export function isKey(event, key) {
  return event.key.toLowerCase() === key.toLowerCase() || event.code === `Digit${key}`; // digits on layouts that shift them
}

function reasonGiven(dialog) {
  const reason = dialog.returnValue;
  return reason ? { reason, text: reason === "other" ? part("other").value.trim() : "" } : null;
}

function link(address, words) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = words;
  return made;
}

function textOf(payload) {
  return typeof payload.text === "string" ? payload.text : plain(payload);
}

function plain(value) {
  return typeof value === "string" ? value : JSON.stringify(value ?? "", null, 1);
}

export function sentence(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "text";
  paragraph.dir = "auto";
  paragraph.textContent = text;
  return paragraph;
}

function money(micros, currency) {
  const amount = micros / 1e6;
  const places = amount !== 0 && Math.abs(amount) < 0.1 ? 3 : 2;
  const style = { style: "currency", currency, minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(amount);
}

// Which key does what: shown by "?", changed there, kept on this device, and switched off by those whose software
// speaks in single letters.
export class Keys {
  constructor(view) {
    this.view = view;
    this.dialog = document.querySelector('[data-part="keys"]');
    this.inputs = [...this.dialog.querySelectorAll("input[name]")];
    this.switch = this.dialog.querySelector("[data-single]");
    this.usual = Object.fromEntries(this.inputs.map(({ name, defaultValue }) => [name, defaultValue]));
    this.now = { ...this.usual, ...this.stored() };
    document.querySelector('[data-part="help"]').addEventListener("click", () => this.open());
    // "close" would come a moment later: the next key already counts as it was chosen.
    this.dialog.querySelector("form").addEventListener("submit", ({ submitter }) => this.take(submitter?.value));
    for (const input of this.inputs) input.addEventListener("input", () => this.check(input));
    this.apply();
  }

  get off() { return this.now.single === false; }

  of(act) { return this.now[act]; }

  open() {
    for (const input of this.inputs) { input.value = this.now[input.name]; input.setCustomValidity(""); }
    this.switch.checked = !this.off;
    this.dialog.showModal();
  }

  // One sign, and neither an answer's key nor another act's.
  check(input) {
    const wanted = input.value.toLowerCase();
    const others = [...this.inputs.filter((other) => other !== input).map(({ value }) => value.toLowerCase()), ...this.view.answerKeys()];
    input.setCustomValidity(others.includes(wanted) ? this.dialog.dataset.taken : "");
    input.reportValidity();
  }

  take(act) {
    if (act === "usual") this.now = { ...this.usual };
    else if (act === "keep") {
      const typed = this.inputs.map(({ name, value }) => [name, value.toLowerCase() || this.usual[name]]);
      this.now = { ...Object.fromEntries(typed), single: this.switch.checked };
    } else return;
    try { localStorage.setItem(STORE, JSON.stringify(this.now)); } catch { /* it holds for this page then */ }
    this.apply();
  }

  apply() {
    for (const name of Object.keys(this.usual)) {
      const control = document.querySelector(`[data-act="${name}"]`);
      control.dataset.key = this.now[name];
      control.querySelector("kbd").textContent = this.now[name].toUpperCase();
    }
    document.body.toggleAttribute("data-no-keys", this.off);
  }

  stored() {
    try { return JSON.parse(localStorage.getItem(STORE)) ?? {}; } catch { return {}; }
  }
}
