// Sentence starters: a button puts its words at the end of what is written, on a new line.
// <button type="button" data-start="The plan said…" data-into="id_worry">
export function offerStarts(root) {
  let last = null;
  root.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLTextAreaElement) last = event.target;
  });
  for (const button of root.querySelectorAll("button[data-start]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = last || document.getElementById(button.dataset.into) || root.querySelector("textarea");
      if (field) insert(field, button.dataset.start);
    });
  }
}

function insert(field, words) {
  const end = field.value.length;
  const gap = end && !field.value.endsWith("\n") ? "\n" : "";
  field.focus();
  field.setRangeText(`${gap}${words} `, end, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
