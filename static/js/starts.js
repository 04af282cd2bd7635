// Sentence starters: a button puts its words where the writer was, or at the end.
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
  const before = field.value.slice(0, field.selectionEnd ?? field.value.length);
  const gap = before && !/\s$/.test(before) ? " " : "";
  field.focus();
  field.setRangeText(`${gap}${words} `, field.selectionEnd, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
