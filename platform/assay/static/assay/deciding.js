// The keys of the task page where experts decide: an answer's own key gives or ticks it, Enter gives an answer of
// several parts, G ticks "make it gold". Nothing of this while somebody types.
const TYPES = "input:not([type=checkbox]), textarea, select";
const isKey = (event, key) => event.key.toLowerCase() === key.toLowerCase() || event.code === `Digit${key}`;

function meant(event) {
  const keyed = [...document.querySelectorAll("[data-deciding] [data-key]")];
  return keyed.find(({ dataset, disabled, offsetParent }) => dataset.key && !disabled && offsetParent && isKey(event, dataset.key));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest(`${TYPES}, dialog`) || (event.key === "Enter" && event.target.closest("a, button, summary"))) return;
  const control = meant(event);
  if (!control) return;
  event.preventDefault();
  control.click();
});
