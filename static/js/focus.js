// After an error or a conflict: start at the error summary, or at the heading that says what happened.
export function focusOnErrors(root) {
  // Coming back to a page with mistakes, a browser asks whether to send it again. Where the words are in a
  // draft it need not: the page is asked for afresh. Elsewhere its question guards words that stand nowhere else.
  if (root.querySelector(".govuk-error-summary") && root.querySelector("form[data-kept]")) {
    history.replaceState(history.state, "", location.href);
  }
  const target = root.querySelector("[data-focus]");
  if (target) target.focus();
  for (const link of root.querySelectorAll(".govuk-error-summary a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      (labelOf(field) || field).scrollIntoView();
      field.focus({ preventScroll: true });
    });
  }
}

function labelOf(field) {
  const group = field.closest("fieldset");
  return (group && group.querySelector("legend")) || document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
}
