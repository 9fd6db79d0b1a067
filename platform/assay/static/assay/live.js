// Of tabs that do not fit, the one that one is on is in view.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Parts that refresh themselves leave people alone who read in them, and rest while nobody looks.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (!part.matches("[data-live]")) return;
  const reading = document.hidden || part.contains(document.activeElement) || part.querySelector("details[open]");
  if (reading) event.preventDefault();
});
