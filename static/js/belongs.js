// What was worked out for a choice goes out of sight once another is chosen: <div data-belongs-to="id_asked_1">.
// The server decides what counts; this only keeps the page from saying what is not so any more.
export function watchChoices(root) {
  for (const list of root.querySelectorAll("select")) {
    const theirs = root.querySelectorAll(`[data-belongs-to="${CSS.escape(list.id)}"]`);
    if (!theirs.length) continue;
    const drawn = list.value;
    list.addEventListener("change", () => {
      for (const one of theirs) {
        one.hidden = list.value !== drawn;
        const box = one.closest("[data-belongings]");
        if (box) box.hidden = [...box.querySelectorAll("[data-belongs-to]")].every((each) => each.hidden);
      }
    });
  }
}
