// Keeps a part of the page fresh while something is going on, and leaves it alone while somebody reads in it.
const part = document.querySelector("[data-refresh]");

async function refresh() {
  const reading = document.hidden || part.contains(document.activeElement) || part.querySelector("details[open]");
  if (!reading) {
    const response = await fetch(part.dataset.refresh, { headers: { "HX-Request": "true" } });
    if (response.ok) part.innerHTML = await response.text();
  }
  schedule();
}

function schedule() {
  const every = Number(part.dataset.every);
  if (every) setTimeout(() => refresh().catch(schedule), every);
}

schedule();
