// Which key does what: shown by "?", changed there, kept on this device, and switched off by those whose software
// speaks in single letters.
const STORE = "assay-keys";

export class Keys {
  constructor(view) {
    this.view = view;
    this.dialog = document.querySelector('[data-part="keys"]');
    this.inputs = [...this.dialog.querySelectorAll("input[name]")];
    this.switch = this.dialog.querySelector("[data-single]");
    this.usual = Object.fromEntries(this.inputs.map(({ name, defaultValue }) => [name, defaultValue]));
    this.now = { ...this.usual, ...this.stored() };
    document.querySelector('[data-part="help"]').addEventListener("click", () => this.open());
    this.dialog.addEventListener("close", () => this.take());
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

  take() {
    if (this.dialog.returnValue === "usual") this.now = { ...this.usual };
    else if (this.dialog.returnValue === "keep") {
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
