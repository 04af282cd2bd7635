// Questions that belong to one choice show when it is chosen. Without this script all of them show.
// Nothing is cleared or disabled: what was typed stays, and the server decides what counts.
export function revealConditions(root) {
  for (const input of root.querySelectorAll("input[data-reveals]")) {
    const target = document.getElementById(input.dataset.reveals);
    if (!target) continue;
    input.setAttribute("aria-controls", target.id);
    show(input, target);
    const group = input.type === "radio" ? radiosLike(input) : [input];
    for (const member of group) member.addEventListener("change", () => show(input, target));
  }
  // Going back in the browser puts choices back after the page is drawn.
  window.addEventListener("pageshow", () => {
    for (const input of root.querySelectorAll("input[data-reveals]")) {
      const target = document.getElementById(input.dataset.reveals);
      if (target) show(input, target);
    }
  });
}

function show(input, target) {
  target.hidden = !input.checked;
}

function radiosLike(input) {
  const all = (input.form || document).querySelectorAll("input[type=radio]");
  return [...all].filter((other) => other.name === input.name);
}
