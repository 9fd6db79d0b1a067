// Tables by keyboard: J and K go from row to row, Enter opens the row's link, X ticks it, G makes it gold where it can be, / goes to the search.
// Nothing of this while somebody types, and nothing that the mouse or the Tab key cannot do as well.
const WRITES = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const rows = () => [...document.querySelectorAll("main tbody tr")].filter((row) => row.querySelector("a, input, button"));
const handle = (row) => row.querySelector("a, button, input:not([type=hidden])");

function step(by) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
  if (!next) return;
  handle(next).focus();
  next.scrollIntoView({ block: "nearest" });
}

// The row's own button; then on to the next row, for this one may go.
function act(button) {
  document.activeElement.closest("tr")?.querySelector(button)?.click();
  step(1);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  g: () => act("[data-row-key=g]"),
  x: () => document.activeElement.closest("tr")?.querySelector("input[type=checkbox]")?.click(),
  "/": () => document.querySelector("main input[type=search], main .search input:not([type=hidden])")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(`${WRITES}, dialog`)) return;
  const key = KEYS[event.key];
  if (!key || (event.key === "g" && !document.querySelector("[data-row-key=g]"))) return;
  event.preventDefault();
  key();
});
