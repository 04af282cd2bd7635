// Quick hide: the page is blank at once and is replaced, so that it leaves no entry in the history.
export function listenToHide(root) {
  for (const link of root.querySelectorAll("a[data-hide]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.documentElement.classList.add("cl-hidden");
      document.title = "\u00a0";
      window.location.replace(link.href);
    });
  }
  // A page that the browser kept in memory must not come back with its words in it.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.classList.contains("cl-hidden")) window.location.reload();
  });
}
