// A long list: a box above it that narrows it. The list itself stays a plain select.
const ENOUGH = 8;

export function narrowLists(root) {
  for (const list of root.querySelectorAll("select[data-search]")) {
    const all = [...list.options].map((option) => ({ option, group: option.closest("optgroup") }));
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
    const said = document.createElement("p");
    said.className = "cl-small cl-quiet govuk-body";
    said.setAttribute("role", "status");
    list.before(label, said);
    box.addEventListener("input", () => {
      said.textContent = narrow(list, all, box.value);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // choosing is the list's job, sending the button's
    });
  }
}

// What is chosen stays chosen, and nothing is chosen by typing: only the list gets shorter.
function narrow(list, all, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = list.value;
  // A group's own name fits too: "health" finds every team that stands under it.
  const fits = ({ option, group }) => {
    const text = `${option.text} ${group ? group.label : ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const stays = ({ option }) => !option.value || option.value === chosen;
  const kept = all.filter((each) => stays(each) || fits(each));
  list.replaceChildren(...kept.filter(({ group }) => !group).map(({ option }) => option));
  for (const group of new Set(kept.map(({ group }) => group).filter(Boolean))) {
    group.replaceChildren(...kept.filter((each) => each.group === group).map(({ option }) => option));
    list.append(group);
  }
  list.value = chosen;
  if (!words.length) return "";
  const found = all.filter((each) => each.option.value && fits(each)).length;
  if (!found) return `Nothing in the list has “${typed.trim()}” in it. Try another word.`;
  return `${found} found. Choose from the list.`;
}
