// The answer that a form holds when it is more than one button, and marks made with the pointer.
const numberIn = (text) => (text.trim() === "" ? null : Number(text));

const READERS = {
  text: (data) => data.get("value"),
  number: (data) => numberIn(data.get("value")),
  list: (data) => data.getAll("value"),
  spans: (data) => rows(data, ["start", "end"]),
  boxes: (data) => rows(data, ["x", "y", "width", "height"]),
};

// The value of a button, or what it gives from the form around it; null when nothing is filled in.
export function valueOf(button, form) {
  const reader = READERS[button.dataset.reads];
  return reader ? reader(new FormData(form)) : button.value;
}

// Rows without any number are left out; the server names what is wrong with the others.
function rows(data, names) {
  const labels = data.getAll("label");
  const columns = names.map((name) => data.getAll(name).map(numberIn));
  return labels
    .map((label, n) => ({ label, ...Object.fromEntries(names.map((name, i) => [name, columns[i][n]])) }))
    .filter((row) => names.some((name) => row[name] !== null));
}

function fillFreeRow(marks, values) {
  const free = [...marks.querySelectorAll("[data-row]")].find((row) =>
    [...row.querySelectorAll("input")].every((input) => !input.value));
  for (const [name, value] of Object.entries(values)) {
    const input = free?.querySelector(`[name="${name}"]`);
    if (input) input.value = value;
  }
}

const codePoints = (text) => [...text].length; // not UTF-16 units, which a browser counts

function selected(item) {
  const selection = getSelection();
  const text = item.querySelector(".text");
  if (!selection.rangeCount || !text?.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return null;
  const range = selection.getRangeAt(0);
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = codePoints(before.toString());
  const end = start + codePoints(range.toString());
  return end > start ? { start, end } : null;
}

// Where in the picture itself the pointer is, in its own pixels.
function placeIn(picture, event) {
  const frame = picture.getBoundingClientRect();
  const scale = Math.min(frame.width / picture.naturalWidth, frame.height / picture.naturalHeight);
  const left = frame.left + (frame.width - picture.naturalWidth * scale) / 2;
  const top = frame.top + (frame.height - picture.naturalHeight * scale) / 2;
  const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most) * 100) / 100;
  return {
    x: within((event.clientX - left) / scale, picture.naturalWidth),
    y: within((event.clientY - top) / scale, picture.naturalHeight),
  };
}

function drawBoxes(marks, item) {
  let from = null;
  item.addEventListener("dragstart", (event) => event.preventDefault());
  item.addEventListener("pointerdown", (event) => {
    from = event.target instanceof HTMLImageElement ? placeIn(event.target, event) : null;
  });
  item.addEventListener("pointerup", (event) => {
    const picture = item.querySelector("img");
    if (!from || !picture) return;
    const to = placeIn(picture, event);
    const sides = { width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
    if (sides.width && sides.height) {
      fillFreeRow(marks, { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), ...sides });
    }
    from = null;
  });
}

function takeSelection(marks, item) {
  const button = marks.querySelector("[data-mark]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const range = selected(item);
    if (range) fillFreeRow(marks, range);
  });
}

// Lets the pointer fill in the rows of a form, where it has rows.
export function listenForMarks(form, item) {
  const marks = form.querySelector("[data-marks]");
  if (marks) ({ spans: takeSelection, boxes: drawBoxes })[marks.dataset.marks](marks, item);
}
