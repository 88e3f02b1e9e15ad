// Small words for making and finding elements.

// The page's own element of that id: a card's inputs carry the ids that the bot gave them.
export const $ = (id) => document.querySelector(`#${id}:not(.card *)`);

// The sandbox's present moment, which may be ahead of the machine's.
let ahead = 0;
export const setAhead = (seconds) => { ahead = seconds * 1000; };
export const present = () => Date.now() + ahead;

// className and text may be left out; children are nodes or strings.
export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function button(title, act, { className = "", testid = "" } = {}) {
  const made = element("button", className, title);
  made.type = "button";
  if (testid) made.dataset.testid = testid;
  made.addEventListener("click", act);
  return made;
}

export function avatar(key, initials) {
  const made = element("span", "avatar", initials);
  made.dataset.who = key;
  made.setAttribute("aria-hidden", "true");
  return made;
}

export function clock(iso, seconds = false) {
  const detail = seconds ? { second: "2-digit" } : {};
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", ...detail });
}

// Today's times as a clock alone: a date in every line is noise.
export function when(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date(present()).toDateString();
  return today ? `today ${clock(iso)}` : at.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
