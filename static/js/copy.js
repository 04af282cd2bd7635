// What is shown once can be copied with one press. Without this, it is marked and copied by hand.
// <input readonly data-copy>
export function offerCopies(root) {
  if (!navigator.clipboard) return;
  for (const field of root.querySelectorAll("input[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cl-link";
    button.textContent = "Copy it";
    const said = document.createElement("span");
    said.className = "cl-small cl-quiet";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      said.textContent = await copied(field);
    });
    field.after(button, " ", said);
  }
}

async function copied(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return "Copied.";
  } catch {
    return "Your browser does not allow that. It is marked: press Ctrl and C.";
  }
}
