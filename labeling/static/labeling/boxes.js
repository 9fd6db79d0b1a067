// Boxes on a picture: drawn, moved and resized by pointer or by keys, in the picture's own pixels.
//
// The picture is drawn inside an SVG whose view box is what is seen of it: zooming and panning change the view
// box alone, and every position is in pixels of the picture without any reckoning.
import { Marks } from "./marks.js";

const NS = "http://www.w3.org/2000/svg";
const [SMALLEST, HANDLE, CLOSEST] = [4, 10, 12]; // screen pixels, screen pixels, times
const CORNERS = ["nw", "ne", "sw", "se"];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const rounded = (value) => Math.round(value * 100) / 100;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function element(name, attributes = {}) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export class Widget extends Marks {
  constructor(view) {
    super(view);
    [this.label, this.chosen, this.act] = [this.labels[0], null, null];
    this.tools.querySelector("[data-new]").addEventListener("click", () => this.addInTheMiddle());
    this.tools.querySelector("[data-fit]").addEventListener("click", () => this.fit());
    addEventListener("resize", () => this.svg?.isConnected && this.paint());
    addEventListener("keyup", ({ key }) => { if (key === " ") this.panning = false; });
  }

  show(task) {
    [this.marks, this.chosen, this.svg] = [[], null, null];
    this.paintList();
    this.pressed();
    this.view.item.replaceChildren(this.view.seen(task.picture));
    const ready = () => this.view.item.contains(task.picture) && this.build(task.picture);
    if (task.picture.complete && task.picture.naturalWidth) ready();
    else task.picture.addEventListener("load", ready, { once: true });
  }

  build(picture) {
    [this.width, this.height] = [picture.naturalWidth, picture.naturalHeight];
    this.svg = element("svg", { class: "canvas", role: "group", "aria-label": picture.alt });
    this.svg.append(element("image", { href: picture.src, width: this.width, height: this.height }));
    this.layer = element("g");
    this.svg.append(this.layer);
    for (const kind of ["down", "move", "up", "cancel"]) this.svg.addEventListener(`pointer${kind}`, (event) => this[kind](event));
    this.svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.view.item.replaceChildren(this.svg);
    this.fit();
  }

  set(value) {
    this.marks = value.map((box) => ({ ...box }));
    if (this.svg) this.paint();
    else this.paintList();
  }

  told({ x, y, width, height, label }) {
    return { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height), label };
  }

  describe(box, n) {
    const { x, y, width, height } = this.told(box);
    return `${n + 1}. ${Math.round(x)}, ${Math.round(y)}, ${Math.round(width)} × ${Math.round(height)}`;
  }

  useLabel(label) {
    this.label = label;
    if (this.chosen) { this.chosen.label = label; this.paint(); }
    this.pressed();
  }

  backToWork() {
    const group = this.svg && this.chosen && this.group(this.chosen);
    (group || this.view.heading).focus({ preventScroll: true });
  }

  pressed() {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.label === this.label));
  }

  // ---- what is seen

  fit() { this.look({ x: 0, y: 0, width: this.width, height: this.height }); }

  look(seen) {
    if (!this.svg) return;
    const width = clamp(seen.width, this.width / CLOSEST, this.width);
    const height = width * this.height / this.width;
    this.seen = { x: clamp(seen.x, 0, this.width - width), y: clamp(seen.y, 0, this.height - height), width, height };
    this.svg.setAttribute("viewBox", Object.values(this.seen).join(" "));
    this.paint();
  }

  zoom(factor, at = { x: this.seen.x + this.seen.width / 2, y: this.seen.y + this.seen.height / 2 }) {
    const width = clamp(this.seen.width / factor, this.width / CLOSEST, this.width);
    const share = width / this.seen.width;
    this.look({ x: at.x - (at.x - this.seen.x) * share, y: at.y - (at.y - this.seen.y) * share, width });
  }

  pan(x, y) { this.look({ ...this.seen, x: this.seen.x + x, y: this.seen.y + y }); }

  wheel(event) {
    if (!event.ctrlKey && this.seen.width === this.width) return;
    event.preventDefault();
    const pixel = this.pixel();
    if (event.ctrlKey) this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, this.place(event));
    else this.pan(event.deltaX * pixel, event.deltaY * pixel);
  }

  pixel() { return 1 / (this.svg.getScreenCTM()?.a || 1); } // one of the screen, in the picture's

  place(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return { x: clamp(point.x, 0, this.width), y: clamp(point.y, 0, this.height) };
  }

  // ---- painting

  paint() {
    this.paintList();
    const focused = this.layer.contains(document.activeElement);
    this.layer.replaceChildren(...this.marks.map((box, n) => this.drawn(box, n)));
    if (focused && this.chosen) this.group(this.chosen)?.focus({ preventScroll: true });
  }

  group(box) { return this.layer.children[this.marks.indexOf(box)]; }

  drawn(box, n) {
    const { x, y, width, height } = box;
    const name = `${this.titleOf(box.label)}: ${this.describe(box, n)}`;
    const group = element("g", { class: `box mark-${this.color(box.label)}`, tabindex: 0, role: "button", "aria-label": name });
    group.classList.toggle("chosen", box === this.chosen);
    group.box = box;
    const size = this.pixel();
    const text = element("text", { x: x + 3 * size, y: y + 14 * size, "font-size": 13 * size });
    text.textContent = this.titleOf(box.label);
    group.append(element("rect", { x, y, width, height }), text);
    if (box === this.chosen) group.append(...CORNERS.map((corner) => this.handle(box, corner, HANDLE * size)));
    group.addEventListener("focus", () => { if (this.chosen !== box) { this.choose(box); } });
    return group;
  }

  handle({ x, y, width, height }, corner, size) {
    const [left, top] = [corner[1] === "w" ? x : x + width, corner[0] === "n" ? y : y + height];
    return element("rect", { class: `handle ${corner}`, x: left - size / 2, y: top - size / 2, width: size, height: size, "data-corner": corner });
  }

  choose(box) {
    this.chosen = box;
    if (box) { this.label = box.label; this.pressed(); }
    this.paint();
    if (box) this.group(box).focus({ preventScroll: true });
  }

  // ---- by pointer

  down(event) {
    if (event.button) return;
    event.preventDefault();
    const from = this.place(event);
    const box = event.target.closest("g.box")?.box ?? null;
    const corner = event.target.dataset.corner;
    this.svg.setPointerCapture(event.pointerId);
    if (this.panning) this.act = { pan: from };
    else if (box) this.act = { box, corner, from, before: { ...box } };
    else this.act = { from };
    if (box && box !== this.chosen) this.choose(box);
  }

  move(event) {
    if (!this.act) return;
    const to = this.place(event);
    if (this.act.pan) this.pan(this.act.pan.x - to.x, this.act.pan.y - to.y);
    else if (!this.act.box) this.begin(to);
    else if (this.act.corner) this.resize(this.act, to);
    else this.shift(this.act, to);
  }

  begin(to) {
    const { from } = this.act;
    const smallest = SMALLEST * this.pixel();
    if (Math.abs(to.x - from.x) < smallest || Math.abs(to.y - from.y) < smallest || this.marks.length >= this.most) return;
    const box = { ...from, width: 0, height: 0, label: this.label };
    this.marks.push(box);
    this.chosen = box;
    this.act = { box, corner: "se", before: { ...box } };
    this.resize(this.act, to);
  }

  // The corner opposite to the one in hand stays.
  resize({ box, corner, before }, to) {
    const fixed = { x: corner[1] === "w" ? before.x + before.width : before.x, y: corner[0] === "n" ? before.y + before.height : before.y };
    const smallest = SMALLEST * this.pixel();
    Object.assign(box, {
      x: Math.min(fixed.x, to.x), y: Math.min(fixed.y, to.y),
      width: Math.max(Math.abs(to.x - fixed.x), smallest), height: Math.max(Math.abs(to.y - fixed.y), smallest),
    });
    this.within(box);
  }

  shift({ box, from, before }, to) {
    Object.assign(box, { x: before.x + to.x - from.x, y: before.y + to.y - from.y });
    this.within(box);
  }

  within(box) {
    [box.width, box.height] = [Math.min(box.width, this.width), Math.min(box.height, this.height)];
    [box.x, box.y] = [clamp(box.x, 0, this.width - box.width), clamp(box.y, 0, this.height - box.height)];
    this.paint();
  }

  up() {
    const began = this.act;
    this.act = null;
    if (began && !began.box && !began.pan) this.choose(null);
    else if (this.chosen) this.group(this.chosen)?.focus({ preventScroll: true });
  }

  cancel() { this.act = null; }

  // ---- by keys

  addInTheMiddle() {
    if (!this.svg || this.marks.length >= this.most) return;
    const { x, y, width, height } = this.seen;
    const box = { x: x + width * 0.375, y: y + height * 0.375, width: width / 4, height: height / 4, label: this.label };
    this.marks.push(box);
    this.choose(box);
  }

  // True when the key meant something here.
  key(event) {
    if (!this.svg || event.ctrlKey || event.metaKey) return false;
    if (event.key === " " && !event.target.closest("button, summary")) { this.panning = true; return true; }
    if (event.altKey) return event.code === "Digit0" && (this.fit(), true);
    if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key.toLowerCase() === "n") this.addInTheMiddle();
    else if (STEPS[event.key]) this.step(event);
    else if (this.chosen && ["Delete", "Backspace"].includes(event.key)) { const box = this.chosen; this.chosen = null; this.remove(box); }
    else if (this.chosen && event.key === "Escape") this.choose(null);
    else return false;
    return true;
  }

  // Arrows move the chosen box, with Shift they make it larger or smaller; without one they move the picture.
  step(event) {
    const [x, y] = STEPS[event.key];
    const size = this.seen.width / 100;
    const box = this.chosen;
    if (!box) { this.pan(x * size * 5, y * size * 5); return; }
    if (event.shiftKey) Object.assign(box, { width: Math.max(box.width + x * size, size), height: Math.max(box.height + y * size, size) });
    else Object.assign(box, { x: box.x + x * size, y: box.y + y * size });
    this.within(box);
  }
}
