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
