// What marking text and drawing boxes have in common: labels to choose from, and the list of what is marked.
export class Marks {
  constructor(view) {
    this.view = view;
    this.tools = view.answers.querySelector("[data-tools]");
    this.list = this.tools.querySelector("[data-list]");
    this.said = this.tools.querySelector("[data-said]");
    this.words = this.tools.dataset;
    this.buttons = [...this.tools.querySelectorAll("[data-label]")];
    this.labels = this.buttons.map(({ dataset }) => dataset.label);
    this.marks = [];
    view.answers.querySelector("[data-marks]").hidden = true; // the rows are for pages without this script
    this.tools.hidden = false;
    for (const button of this.buttons) {
      button.addEventListener("click", ({ detail }) => {
        this.useLabel(button.dataset.label);
        if (detail) this.backToWork(); // by pointer: the next Enter gives the answer
      });
    }
  }

  get fewest() { return Number(this.words.fewest); }
  get most() { return Number(this.words.most); }

  color(label) { return this.labels.indexOf(label) % 8; }
  titleOf(label) { return this.buttons[this.labels.indexOf(label)]?.dataset.title ?? label; }

  // Null, after saying why, when there are too few or too many.
  value() {
    if (this.marks.length >= this.fewest && this.marks.length <= this.most) return this.marks.map((mark) => this.told(mark));
    const wanted = this.marks.length < this.fewest ? this.words.tooFew : this.words.tooMany;
    this.view.notify(wanted.replace("{count}", this.marks.length < this.fewest ? this.fewest : this.most));
    return null;
  }

  remove(mark) {
    this.marks = this.marks.filter((other) => other !== mark);
    this.paint();
    this.backToWork();
  }

  removeFromList(mark) {
    this.remove(mark);
    this.list.querySelector("button")?.focus({ preventScroll: true });
  }

  backToWork() { this.view.heading.focus({ preventScroll: true }); }

  paintList() {
    this.list.replaceChildren(...this.marks.map((mark, n) => this.entry(mark, n)));
  }

  entry(mark, n) {
    const [entry, button, label, text] = ["li", "button", "strong", "bdi"].map((name) => document.createElement(name));
    label.textContent = this.titleOf(mark.label);
    label.className = `mark-${this.color(mark.label)}`;
    text.textContent = this.describe(mark, n);
    button.type = "button";
    button.setAttribute("aria-label", `${this.words.remove} ${label.textContent}: ${text.textContent}`);
    button.append(label, " ", text, " ×");
    button.addEventListener("click", () => this.removeFromList(mark));
    button.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); event.stopPropagation(); this.removeFromList(mark); }
    });
    entry.append(button);
    return entry;
  }
}
