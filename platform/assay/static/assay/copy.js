// A button that copies what stands in a field. Where the browser gives no clipboard (no https), the field is left selected.
async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[role=status]");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = said.dataset.copied;
  } catch {
    said.textContent = document.execCommand("copy") ? said.dataset.copied : said.dataset.selected;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
