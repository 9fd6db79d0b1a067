// Ctrl+K (or ⌘K) from anywhere: type a few letters of a page, project, item or person, arrows choose, Enter goes there.
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const dialog = document.querySelector("[data-jump]"); // not on the page that is the list itself
const words = dialog?.querySelector("input[type=search]");
const links = () => [...dialog.querySelectorAll("#places a")];

function open() {
  dialog.showModal();
  words.select();
  words.dispatchEvent(new Event("input", { bubbles: true })); // the list as it is now
}

function step(by) {
  const all = links();
  const next = all.indexOf(document.activeElement) + by;
  (all[next] ?? (next < 0 ? words : all.at(-1)))?.focus();
}

function pressed(event) {
  const opens = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!opens && !(dialog.open && STEPS[event.key])) return;
  event.preventDefault();
  if (STEPS[event.key]) step(STEPS[event.key]);
  else if (!dialog.open) open();
}

function asked(event) {
  const [first] = links();
  if (!first || words.matches(".htmx-request")) return; // then the page of results says the rest
  event.preventDefault();
  location.href = first.href;
}

if (dialog) {
  document.addEventListener("keydown", pressed);
  dialog.querySelector("form").addEventListener("submit", asked);
  document.querySelector("[data-jump-open]").addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
}
