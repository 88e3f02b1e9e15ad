// The guide: five steps that tick themselves off when they were really done.
import { $, calm, element } from "/page/dom.js";
import { targetOf } from "/page/target.js";
import { send } from "/page/wire.js";

const STEPS = [
  ["asked", "Ask why", "As Ana, press “Paste a fresh bounce” below her chat, and send it.",
    "Microsoft 365 has put Ana's address on its restricted list: her mail comes back. Sendwell reads the bounce and the list before it asks her anything."],
  ["secured", "Secure the account", "Press “Reset password” on the Microsoft 365 side, then answer Ana's card, step by step.",
    "A restricted account is often a stolen one. The card believes the directory, not the click: try it without the reset."],
  ["requested", "Send the request", "Press “Send to the admins” on Ana's card.",
    "The request reaches the admins' channel as one card: what Ana says beside what the directory says."],
  ["approved", "Decide as an approver", "Become Bo, press “Approve” on the card in the channel, and confirm.",
    "Only an approver may decide, nobody in their own case. As Ana or Dan the same button is refused. Then watch the list: the removal shows late."],
  ["works", "See that it works", "When the list is empty, press “Send a message” on the Microsoft 365 side, then, as Ana, “It works” on her card.",
    "Approved is not done. The case ends when somebody has seen mail go out."],
];

let last = null;

export function wireTour() {
  $("tour-steps").append(...STEPS.map(([key, title]) => {
    const item = element("li", "", element("span", "tick"), " ", element("span", "", title), element("span", "hidden state"));
    item.dataset.step = key;
    return item;
  }));
  $("tour-toggle").addEventListener("click", () => open(!isOpen()));
  $("tour-close").addEventListener("click", () => { open(false); $("tour-toggle").focus(); });
  $("tour-again").addEventListener("click", () => send("/tenant", { do: "send_mailing", who: "ana" }).catch(() => {}));
  $("tour-show").addEventListener("click", showTarget);
  // In the capturing phase: the package lets no click on a card's button go further.
  document.addEventListener("click", () => setTimeout(drawTour), true);
  open(isOpen());
}

const isOpen = () => localStorage.getItem("tour") !== "closed";

function open(on) {
  localStorage.setItem("tour", on ? "open" : "closed");
  $("tour").hidden = !on;
  $("tour-toggle").setAttribute("aria-expanded", String(on));
  drawTour();
}

export function drawTour(state = last) {
  last = state;
  if (!state) return;
  const current = STEPS.find(([key]) => !state.tour[key]);
  for (const item of $("tour-steps").children) drawStep(item, state.tour[item.dataset.step], current?.[0]);
  $("tour-again").hidden = Boolean(current);
  $("tour-show").hidden = !current;
  drawNow(current);
  point(current ? targetOf(current[0], state) : null);
}

function drawStep(item, done, current) {
  const here = item.dataset.step === current;
  item.className = done ? "done" : here ? "here" : "";
  item.querySelector(".tick").textContent = done ? "✔" : "";
  item.querySelector(".state").textContent = done ? ", done" : "";
  if (here) item.setAttribute("aria-current", "step");
  else item.removeAttribute("aria-current");
}

function drawNow(current) {
  const key = current?.[0] ?? "end";
  if ($("tour-now").dataset.shown === key) return;
  $("tour-now").dataset.shown = key;
  const [, , what, why] = current ?? ["", "", "That was the whole story.",
    "Now try what goes wrong: let a source fail, restrict Ana for spam, deny as Cleo, or approve as Dan."];
  $("tour-now").replaceChildren(element("b", "", what), " ", element("span", "subtle", why));
}

function point(target) {
  const shown = isOpen() ? target : null;
  for (const old of document.querySelectorAll(".tour-target")) if (old !== shown) old.classList.remove("tour-target");
  shown?.classList.add("tour-target");
  $("tour-show").disabled = !shown;
}

function showTarget() {
  const target = document.querySelector(".tour-target");
  target?.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  (target?.querySelector("input") ?? target)?.focus({ preventScroll: true });
}
