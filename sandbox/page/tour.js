// The guide: two stories, the honest one first, whose steps tick themselves off when they were really done.
import { $, calm, element } from "/page/dom.js";
import { become } from "/page/me.js";
import { otherThan, STORIES } from "/page/stories.js";
import { onShowing, show } from "/page/tabs.js";
import { targetOf } from "/page/target.js";
import { loadAnew, send, toast } from "/page/wire.js";

let last = null;
let pointed = "";
let isLookingAround = false;
let starting = false;

export function wireTour() {
  $("tour-toggle").addEventListener("click", () => open(!isOpen()));
  $("tour-close").addEventListener("click", () => { open(false); $("tour-toggle").focus(); });
  $("tour-again").addEventListener("click", () => begin(last?.tour.story ?? "honest"));
  $("tour-other").addEventListener("click", () => begin(otherThan(last?.tour.story)));
  $("tour-show").addEventListener("click", showTarget);
  // In the capturing phase: the package lets no click on a card's button go further.
  document.addEventListener("click", () => setTimeout(drawTour), true);
  document.addEventListener("input", () => setTimeout(drawTour), true);
  for (const kind of ["wheel", "touchmove"]) {
    document.addEventListener(kind, () => { isLookingAround = true; }, { capture: true, passive: true });
  }
  // Whoever writes wants to see the answer, and whoever asks for what they have not seen wants to see that.
  for (const name of ["chat", "channel"]) {
    $(`${name}-form`).addEventListener("submit", () => {
      isLookingAround = true;
      $(name).scrollTop = $(name).scrollHeight;
    }, { capture: true });
    $(`${name}-new`).addEventListener("click", () => { isLookingAround = true; }, { capture: true });
  }
  onShowing(() => setTimeout(drawTour));
  open(isOpen());
}

const isOpen = () => localStorage.getItem("tour") !== "closed";

function open(on) {
  localStorage.setItem("tour", on ? "open" : "closed");
  $("tour").hidden = !on;
  $("tour-toggle").setAttribute("aria-expanded", String(on));
  drawTour();
}

// Sendwell forgets everything, and so does this page, which loads itself anew when it hears of it.
async function begin(story) {
  if (starting) return;
  starting = true;
  toast("Starting from the beginning …");
  become("ana");
  show("chat-pane");
  await send("/again", { story }).then(loadAnew).catch(() => {});
  starting = false;
}

// A page that asked for it loads itself when it is done, and not halfway.
export const isBeginning = () => starting;

export function drawTour(state = last) {
  last = state;
  if (!state) return;
  const { story, steps, astray } = state.tour;
  const current = astray ? null : STORIES[story].steps.find(({ key }) => !steps[key]);
  drawSteps(story, steps, current?.key);
  drawNow(story, astray ? "astray" : current?.key ?? "end", current);
  drawButtons(story, current, astray);
  point(astray ? $("tour-again") : current ? targetOf(current, state) : null, current?.key);
}

function drawSteps(story, steps, current) {
  if ($("tour-steps").dataset.story !== story) {
    $("tour-steps").dataset.story = story;
    $("tour-steps").replaceChildren(...STORIES[story].steps.map(({ key, title }) => {
      const item = element("li", "", element("span", "tick"), " ", element("span", "", title), element("span", "hidden state"));
      item.dataset.step = key;
      return item;
    }));
  }
  for (const item of $("tour-steps").children) drawStep(item, steps[item.dataset.step], current);
}

function drawStep(item, done, current) {
  const here = item.dataset.step === current;
  item.className = done ? "done" : here ? "here" : "";
  item.querySelector(".tick").textContent = done ? "✔" : "";
  item.querySelector(".state").textContent = done ? ", done" : "";
  if (here) item.setAttribute("aria-current", "step");
  else item.removeAttribute("aria-current");
}

const ENDS = {
  honest: ["That was the whole story.", "Now play the stolen account. Or restrict Ana again on the right, ask again, and try what goes wrong: let a source fail, deny as Cleo, approve as Dan."],
  stolen: ["The mailbox is safe, and that was the whole story.", "Now as the real Ana: secure the account, ask again once the pause is over, and see what an approver has to sign off."],
};
const ASTRAY = ["The story took another turn and ends here.", "Look around: the cards say how it stands. “Start over” begins again with nothing remembered."];

function drawNow(story, key, current) {
  const shown = `${story}:${key}`;
  if ($("tour-now").dataset.shown === shown) return;
  $("tour-now").dataset.shown = shown;
  const [what, why] = key === "astray" ? ASTRAY : current ? [current.what, current.why] : ENDS[story];
  $("tour-now").replaceChildren(element("b", "", what), " ", element("span", "subtle", why));
}

function drawButtons(story, current, astray) {
  $("tour-show").hidden = !current;
  $("tour-again").textContent = current || astray ? "Start over" : "Play it again";
  $("tour-other").textContent = `Play ${STORIES[otherThan(story)].title}`;
}

function point(target, step) {
  const shown = isOpen() ? target : null;
  for (const old of document.querySelectorAll(".tour-target")) if (old !== shown) old.classList.remove("tour-target");
  shown?.classList.add("tour-target");
  $("tour-show").disabled = !shown;
  const what = shown ? `${step}:${shown.id || shown.textContent || shown.name}` : "";
  if (what !== pointed) isLookingAround = false;
  pointed = what;
  if (what && !isLookingAround) requestAnimationFrame(() => bringIntoView(shown));
}

// Whoever follows the guide shall not have to look for the next button, whatever is drawn above it meanwhile; whoever
// scrolls by themselves is left alone until the next step.
function bringIntoView(target) {
  const list = target.closest(".messages, #tenant");
  if (!list?.offsetParent || !target.isConnected) return;
  const frame = list.getBoundingClientRect();
  const box = widest(target, frame.height).getBoundingClientRect();
  if (box.top >= frame.top && box.bottom <= frame.bottom) return;
  list.scrollTop += box.bottom > frame.bottom ? box.bottom - frame.bottom + 12 : box.top - frame.top - 12;
}

// The whole card where it fits, since the guide speaks of what it says; else the button alone.
function widest(target, height) {
  const card = target.closest("[data-message-id]");
  return card && card.getBoundingClientRect().height + 24 <= height ? card : target;
}

function showTarget() {
  const target = document.querySelector(".tour-target");
  target?.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  (target?.querySelector("input") ?? target)?.focus({ preventScroll: true });
}
