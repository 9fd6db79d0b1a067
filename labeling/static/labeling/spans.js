// Passages of a text: by mouse, by touch, or word by word with the arrow keys; then a label.
//
// Positions are kept as the browser counts them (UTF-16 units) and told as the server does (code points). The
// passages are drawn by the browser's own highlights: the text stays one node, whatever overlaps in it.
import { Marks } from "./marks.js";
import { sentence } from "./view.js";

const pointsBefore = (text, unit) => [...text.slice(0, unit)].length;
const unitAt = (text, point) => [...text].slice(0, point).join("").length;

export class Widget extends Marks {
  constructor(view) {
    super(view);
    document.addEventListener("selectionchange", () => this.remember());
  }

  show(task) {
    const given = task.item.payload[this.words.field];
    this.string = typeof given === "string" ? given : "";
    this.paragraph = sentence(this.string);
    this.view.item.replaceChildren(this.paragraph);
    this.node = this.paragraph.firstChild;
    [this.marks, this.selection, this.parts, this.cursor] = [[], null, null, 0];
    this.paint();
  }

  set(value) {
    this.marks = value.map(({ start, end, label }) => ({ start: unitAt(this.string, start), end: unitAt(this.string, end), label }));
    this.paint();
  }

  told({ start, end, label }) {
    return { start: pointsBefore(this.string, start), end: pointsBefore(this.string, end), label };
  }

  describe({ start, end }) {
    const text = this.string.slice(start, end);
    return text.length > 60 ? `${[...text].slice(0, 59).join("")}…` : text;
  }

  // What is selected in the text, without the space around it.
  remember() {
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0) : null;
    if (!this.node || !range || range.collapsed || range.startContainer !== this.node || range.endContainer !== this.node) return;
    this.selection = this.trimmed(range.startOffset, range.endOffset);
    this.said.textContent = this.selection ? this.string.slice(this.selection.start, this.selection.end) : "";
  }

  trimmed(start, end) {
    const text = this.string.slice(start, end);
    const [before, after] = [text.length - text.trimStart().length, text.length - text.trimEnd().length];
    return before === text.length ? null : { start: start + before, end: end - after };
  }

  useLabel(label) {
    if (!this.selection) { this.view.notify(this.words.selectFirst); return; }
    const { start, end } = this.selection;
    const overlaps = this.marks.some((mark) => mark.start < end && start < mark.end);
    if (overlaps && this.words.overlaps !== "true") { this.view.notify(this.words.noOverlap); return; }
    this.marks = [...this.marks, { start, end, label }].sort((one, other) => one.start - other.start || one.end - other.end);
    [this.selection, this.cursor] = [null, end];
    getSelection().removeAllRanges();
    this.paint();
  }

  paint() {
    this.paintList();
    if (!CSS.highlights) return; // the list says it all
    CSS.highlights.clear();
    for (let color = 0; color < 8; color += 1) {
      const ranges = this.marks.filter(({ label }) => this.color(label) === color).map((mark) => this.range(mark));
      if (ranges.length) CSS.highlights.set(`mark-${color}`, new Highlight(...ranges));
    }
  }

  range({ start, end }) {
    const range = new Range();
    range.setStart(this.node, start);
    range.setEnd(this.node, end);
    return range;
  }

  // True when the key meant something here.
  key(event) {
    if (event.ctrlKey || event.metaKey || !this.node) return false;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") return this.walk(event);
    if ((event.key === "Backspace" || event.key === "Delete") && this.marks.length) {
      this.remove(this.marks.at(-1));
      return true;
    }
    return false;
  }

  // Alone: the next word. With Shift: one word more or less. With Shift and Alt: one character.
  walk(event) {
    const rightToLeft = getComputedStyle(this.paragraph).direction === "rtl";
    const forward = (event.key === "ArrowRight") !== rightToLeft;
    const { words, characters } = this.segments();
    if (!words.length) return true;
    const now = this.selection ?? { start: this.cursor, end: this.cursor };
    if (!event.shiftKey) this.select(this.next(words, now, forward));
    else this.select({ start: now.start, end: this.end(event.altKey ? characters : words, now, forward) });
    return true;
  }

  segments() {
    this.parts ??= Object.fromEntries([["words", "word"], ["characters", "grapheme"]].map(([name, granularity]) => {
      const all = [...new Intl.Segmenter(undefined, { granularity }).segment(this.string)];
      const kept = all.filter(({ isWordLike }) => isWordLike !== false);
      return [name, kept.map(({ index, segment }) => ({ start: index, end: index + segment.length }))];
    }));
    return this.parts;
  }

  next(words, now, forward) {
    if (forward) return words.find(({ start }) => start >= now.end) ?? words.at(-1);
    return words.findLast(({ end }) => end <= now.start) ?? words[0];
  }

  end(parts, now, forward) {
    if (forward) return (parts.find(({ end }) => end > now.end) ?? parts.at(-1)).end;
    return Math.max((parts.findLast(({ end }) => end < now.end) ?? parts[0]).end, now.start + 1);
  }

  select({ start, end }) {
    getSelection().setBaseAndExtent(this.node, start, this.node, end);
    this.remember();
    this.range({ start, end }).startContainer.parentElement.scrollIntoView({ block: "nearest" });
  }
}
