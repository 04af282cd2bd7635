// A list keeps itself up to date while somebody looks at it. Without this, reloading the page does the same.
// <div data-live-part="name">: each part has a name; what changed is said once, politely.
const EVERY = 60_000;

export function keepListsLive(root) {
  if (!root.querySelector("[data-live-part]")) return;
  const said = document.createElement("p");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  root.querySelector("main").append(said);
  let last = Date.now();
  let timer = 0;

  async function look() {
    last = Date.now();
    const page = await fetched(window.location.href);
    if (page === null) return; // signed out, or the log is away: the page as it is says nothing wrong
    if (page && renew(root, page)) said.textContent = "The list has changed.";
    wait();
  }

  function wait() {
    window.clearTimeout(timer);
    if (document.visibilityState === "visible") timer = window.setTimeout(look, Math.max(0, last + EVERY - Date.now()));
  }

  document.addEventListener("visibilitychange", wait);
  wait();
}

// The page as it is now; null where there is none any more for this reader, undefined where nobody answered.
async function fetched(address) {
  try {
    const answer = await fetch(address, { cache: "no-store", credentials: "same-origin", headers: { "X-By-Itself": "1" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return undefined;
  }
}

// Only what differs is put in place of what was there, and the focus stays where it was.
function renew(root, page) {
  let changed = false;
  for (const part of root.querySelectorAll("[data-live-part]")) {
    const fresh = page.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    const held = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    part.replaceChildren(...fresh.childNodes);
    if (held) part.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
    changed = true;
  }
  return changed;
}
