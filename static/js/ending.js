// Says two minutes before that a session ends, and again when it has ended. Nothing on the page is touched.
// Without this script, what is sent too late is kept by the server through the sign-in.
// <div data-ends-in="900" data-url="/signed-in/still/" hidden>, with [data-says=soon|last|over] and [data-stay].
const WARN_S = 120;
const AGAIN_S = 20; // when the server could not be asked

export function warnOfEnd(root) {
  const box = root.querySelector("[data-ends-in]");
  if (!box) return;
  let timer = 0;

  const say = (which) => {
    box.hidden = !which;
    for (const words of box.querySelectorAll("[data-says]")) words.hidden = words.dataset.says !== which;
  };
  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, seconds * 1000);
  };
  const follow = ({ seconds, last }) => {
    if (seconds <= 0) return say("over");
    say(seconds > WARN_S ? "" : last ? "last" : "soon");
    wait(seconds > WARN_S ? seconds - WARN_S : seconds + 1);
  };
  const ask = async (method) => {
    try {
      const headers = { "X-CSRFToken": root.querySelector("[name=csrfmiddlewaretoken]")?.value || "" };
      const answer = await fetch(box.dataset.url, { method, headers, credentials: "same-origin", cache: "no-store" });
      if (!answer.ok && answer.status !== 401) throw new Error(answer.statusText);
      follow(await answer.json());
    } catch {
      wait(AGAIN_S);
    }
  };
  // Who is writing is not doing nothing; and another page may have been used since, which the server knows.
  let wrote = false;
  root.addEventListener("input", () => (wrote = true));
  const look = () => {
    ask(wrote ? "POST" : "GET");
    wrote = false;
  };

  box.querySelector("[data-stay]").addEventListener("click", () => ask("POST"));
  // A device that slept, or a page that came back, has lost count.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  wait(Math.max(0, Number(box.dataset.endsIn) - WARN_S));
}
