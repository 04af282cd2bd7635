// A long list: a box above it that narrows it. The list itself stays a plain select.
const ENOUGH = 8;

export function narrowLists(root) {
  for (const list of root.querySelectorAll("select[data-search]")) {
    const all = [...list.options];
    if (all.length < ENOUGH) continue;
    const label = document.createElement("label");
    label.className = "cl-search";
    label.textContent = "Type to make this list shorter";
    const box = document.createElement("input");
    box.className = "govuk-input";
    box.type = "text";
    box.autocomplete = "off";
    box.setAttribute("aria-controls", list.id);
    label.append(box);
    list.before(label);
    box.addEventListener("input", () => narrow(list, all, box.value));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // choosing is the list's job, sending the button's
    });
  }
}

function narrow(list, all, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = list.value;
  const fits = (option) => option.value === "" || words.every((word) => option.text.toLowerCase().includes(word));
  const kept = all.filter((option) => fits(option) || option.value === chosen);
  list.replaceChildren(...kept);
  list.value = chosen;
  const found = kept.filter((option) => option.value !== "" && fits(option));
  if (words.length && found.length === 1) list.value = found[0].value;
}
