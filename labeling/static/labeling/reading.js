// The answer that a form holds when it is more than one button.
const numberIn = (text) => (text.trim() === "" ? null : Number(text));

const READERS = {
  text: (data) => data.get("value"),
  number: (data) => numberIn(data.get("value")),
  list: (data) => data.getAll("value"),
};

// The value of a button, or what it gives from the form around it; null when nothing is filled in.
export function valueOf(button, form) {
  const reader = READERS[button.dataset.reads];
  return reader ? reader(new FormData(form)) : button.value;
}

// Puts an answer that was given before into the form again.
export function fill(form, value) {
  for (const field of form.querySelectorAll("[name=value]")) {
    if (field.type === "checkbox") field.checked = Array.isArray(value) && value.includes(field.value);
    else if (field.matches("input, textarea")) field.value = value ?? "";
  }
}

// What is half typed outlives the page: one draft for each person and project, on this device.
export class Drafts {
  constructor(form, { person, project }, seat) {
    Object.assign(this, { form, seat, name: `draft-${person}-${project}` });
    form.addEventListener("input", () => this.keep());
  }

  keep() {
    const value = valueOf(this.form.querySelector("[data-reads]"), this.form);
    try { localStorage.setItem(this.name, JSON.stringify({ seat: this.seat(), value })); } catch { /* kept by the form alone */ }
  }

  // What was typed for this seat, if anything.
  of(seat) {
    try {
      const draft = JSON.parse(localStorage.getItem(this.name));
      return draft?.seat === seat ? draft.value : undefined;
    } catch { return undefined; }
  }
}
