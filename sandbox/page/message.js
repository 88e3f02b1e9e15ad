// One message: avatar, head and body.
import { renderCard } from "/page/cards.js";
import { avatar, button, clock, element } from "/page/dom.js";
import { lostNotice, memoryOf, recall, refocus, untouched } from "/page/forms.js";

const LONG = 420;

export function drawHead(message) {
  const head = element("p", "head");
  const time = element("time", "", clock(message.at));
  time.dateTime = message.at;
  head.append(element("b", "", message.author.name), " ", time);
  if (message.updated_at) head.append(" ", element("span", "mark", `Updated ${clock(message.updated_at)}`));
  if (message.waits) head.append(" ", element("span", "mark private", "Waits for Sendwell"));
  if (message.private) head.append(" ", element("span", "mark private", "Only you see this"));
  if (message.notified.length) {
    head.append(" ", element("span", "mark notified", `Notified: ${message.notified.join(", ")}`));
  }
  return head;
}

function drawText(text) {
  const words = element("p", "text", text);
  if (text.length <= LONG) return [words];
  words.classList.add("clamped");
  const more = button("Show all", () => {
    const open = words.classList.toggle("clamped") === false;
    more.textContent = open ? "Show less" : "Show all";
    more.setAttribute("aria-expanded", String(open));
  }, { className: "link more" });
  more.setAttribute("aria-expanded", "false");
  return [words, more];
}

// What the bot told this viewer alone, below the card it left as it was.
export function drawNotice(body, notice) {
  const old = body.querySelector(":scope > .notice");
  if (old?.textContent === notice) return;
  old?.remove();
  if (!notice) return;
  const line = element("p", "notice", notice);
  line.setAttribute("role", "status");
  body.append(line);
}

// Returns the item, its card if it has one, and what the card's inputs held when drawn.
export function drawMessage(message, viewer, press, onTrouble) {
  const mine = message.author.key === viewer;
  const item = element("li", `message ${message.author.key === "bot" ? "bot" : "person"}`);
  item.dataset.messageId = message.id;
  item.classList.toggle("mine", mine);
  item.classList.toggle("reply", Boolean(message.thread));
  const body = element("div", "body");
  if (message.text) body.append(...drawText(message.text));
  const drawn = message.card ? renderCard(message.card, press, onTrouble) : null;
  if (drawn) body.append(drawn.box);
  drawNotice(body, message.notice);
  item.append(avatar(message.author.key, message.author.initials || "S"), drawHead(message), body);
  return { item, card: drawn?.card ?? null, fresh: drawn ? untouched(drawn.card) : new Map(), submitted: false };
}

// A card that is replaced hands on what was typed into it, unless that was just sent with a button of its own.
export function replace(before, after) {
  const active = before.item.contains(document.activeElement) ? document.activeElement : null;
  const memory = before.card && !before.submitted ? memoryOf(before.card, before.fresh) : null;
  before.item.replaceWith(after.item);
  if (memory) handOn(memory, after);
  if (active && !after.item.contains(document.activeElement)) focusLike(active, after.item);
}

function handOn(memory, after) {
  const lost = after.card ? recall(after.card, memory) : memory.typed;
  if (lost.length) after.item.querySelector(".body").append(lostNotice(lost));
  if (after.card) refocus(after.card, memory);
}

// The keyboard stays where it was: on the same button of the new card, else on the message.
function focusLike(active, item) {
  const same = [...item.querySelectorAll("button")].find((one) => one.textContent === active.textContent);
  item.tabIndex = -1;
  (same ?? item).focus({ preventScroll: true });
}
