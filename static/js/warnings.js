// Warnings while typing: amber, under the field, never in the way. The server warns with the same
// patterns before anything is sent, so that nobody needs this script.
// The page carries the patterns once: <script type="application/json" id="warning-patterns">[{"name":
// "name", "pattern": "\\b…", "flags": "iu", "title": "“{found}” looks like a name.", "body": "Please
// leave…", "change_to": "the child", "dismiss": "It's not a name", "allow": ["monday"]}]</script>
// (allow: ordinary words, in small letters), and each field that is watched has data-warn (empty: every
// pattern; else the names of patterns, by spaces).
const WAIT_MS = 400;
const READ = 10_000; // signs, as the server reads
const SETTLE_MS = 300; // from leaving a field, or lifting the finger, until the page may move

export function watchText(root) {
  const patterns = readPatterns(root);
  if (!patterns.length) return;
  followPointers(root);
  for (const field of root.querySelectorAll("[data-warn]")) {
    const names = field.dataset.warn.split(/\s+/).filter(Boolean);
    watch(field, patterns.filter((one) => !names.length || names.includes(one.name)));
  }
}

const pointers = new Set(); // those that are down now

function followPointers(root) {
  root.addEventListener("pointerdown", (event) => pointers.add(event.pointerId), true);
  for (const end of ["pointerup", "pointercancel"]) {
    root.addEventListener(end, (event) => pointers.delete(event.pointerId), true);
  }
}

function readPatterns(root) {
  const source = root.querySelector("script#warning-patterns");
  if (!source) return [];
  return JSON.parse(source.textContent).flatMap((one) => {
    try {
      return [{ ...one, allowed: new Set(one.allow), expression: new RegExp(one.pattern, one.flags || "u") }];
    } catch {
      return []; // a pattern this browser cannot read: the server still warns
    }
  });
}

function watch(field, patterns) {
  const box = document.createElement("div");
  box.className = "cl-warn";
  box.id = `${field.id}_warning`;
  box.setAttribute("role", "status");
  field.after(box);
  const described = field.getAttribute("aria-describedby");
  const dismissed = new Set();
  let shown = "";
  let timer = 0;

  // Never move the page under a pointer that is on its way to a button: the click would miss it.
  const lookIn = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => (pointers.size ? lookIn(SETTLE_MS) : look()), wait);
  };

  const look = () => {
    clearTimeout(timer);
    const hits = allHits(field.value.slice(0, READ), patterns, dismissed);
    const hit = hits[0];
    const key = hit ? hit.name + hit.found + hits.length : "";
    if (key === shown) return;
    shown = key;
    box.replaceChildren(...(hit ? describe(hit, hits.length - 1) : []));
    const ids = [described, hit && box.id].filter(Boolean).join(" ");
    if (ids) field.setAttribute("aria-describedby", ids);
    else field.removeAttribute("aria-describedby");
  };

  const describe = (hit, others) => {
    const words = document.createElement("p");
    const title = document.createElement("b");
    title.textContent = fill(hit.title, hit.found);
    words.append(title, ` ${fill(hit.body || "", hit.found)}`);
    if (others) words.append(` ${others} more to look at in this box.`);
    const acts = document.createElement("div");
    acts.className = "cl-acts";
    if (hit.change_to) acts.append(button(`Change it to “${hit.change_to}”`, () => change(hit)));
    acts.append(button(hit.dismiss || "Leave it as it is", () => dismiss(hit)));
    return [words, acts];
  };

  const change = (hit) => {
    const apostrophe = /[’']s$/.exec(hit.found);
    const starts = /(^|[.!?]\s+)$/.test(field.value.slice(0, hit.at)); // a sentence keeps its capital
    const words = starts ? hit.change_to[0].toUpperCase() + hit.change_to.slice(1) : hit.change_to;
    for (const word of words.split(" ")) dismissed.add(hit.name + word); // our own words are not to be warned of
    field.setRangeText(words + (apostrophe ? apostrophe[0] : ""), hit.at, hit.at + hit.found.length, "preserve");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    look();
  };

  const dismiss = (hit) => {
    dismissed.add(hit.name + hit.found);
    field.focus();
    look();
  };

  field.addEventListener("input", () => lookIn(WAIT_MS));
  field.addEventListener("blur", () => lookIn(SETTLE_MS));
  if (field.value) look();
}

// Each thing found, once; the first is the one to look at now.
function allHits(text, patterns, dismissed) {
  const hits = new Map();
  for (const pattern of patterns) {
    const expression = new RegExp(pattern.expression, pattern.expression.flags.replace("g", "") + "g");
    for (const match of text.matchAll(expression)) {
      // A named group `it` says which part of the match is meant.
      const found = match.groups?.it || match[0];
      if (!found || pattern.allowed.has(found.toLowerCase()) || dismissed.has(pattern.name + found)) continue;
      if (!hits.has(found)) hits.set(found, { ...pattern, found, at: match.index + match[0].indexOf(found) });
    }
  }
  return [...hits.values()];
}

function fill(words, found) {
  return words.replaceAll("{found}", found);
}

function button(words, act) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "cl-link";
  one.textContent = words;
  one.addEventListener("click", act);
  return one;
}
