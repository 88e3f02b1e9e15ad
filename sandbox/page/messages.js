// A pane's list of messages: draws what is new or changed, and leaves the rest alone.
import { $, button, element } from "/page/dom.js";
import { hasOpenForm, typedInto } from "/page/forms.js";
import { me } from "/page/me.js";
import { drawHead, drawMessage, drawNotice, replace } from "/page/message.js";
import { follows, headIsVisible, showHead } from "/page/scroll.js";
import { watch } from "/page/unread.js";

// What is drawn, by pane and viewer: whoever comes back finds a half-written form as they left it.
const panes = new Map();

function drawnFor(name) {
  const key = `${name}:${me()}`;
  if (!panes.has(key)) panes.set(key, new Map());
  return panes.get(key);
}

// Replies stand below the post they answer.
export function inThreads(messages) {
  const posts = messages.filter((message) => !message.thread);
  return posts.flatMap((post) => [post, ...messages.filter((message) => message.thread === post.id)]);
}

const SHOWN_REPLIES = 2;
const unfolded = new Set();

// As Teams does: of many replies the last ones show, and one line says how many are above.
export function foldReplies(name, messages) {
  const list = $(name);
  for (const old of list.querySelectorAll(":scope > .earlier")) old.remove();
  for (const post of messages.filter((message) => !message.thread)) {
    const replies = messages.filter((message) => message.thread === post.id).map(({ id }) => itemOf(list, id));
    const early = replies.slice(0, -SHOWN_REPLIES);
    for (const item of replies) item.classList.toggle("folded", early.includes(item) && !unfolded.has(post.id));
    if (early.length && !unfolded.has(post.id)) early[0].before(earlierReplies(early.length, () => {
      unfolded.add(post.id);
      foldReplies(name, messages);
    }));
  }
}

const itemOf = (list, id) => list.querySelector(`:scope > [data-message-id="${CSS.escape(id)}"]`);

function earlierReplies(count, unfold) {
  const words = count === 1 ? "1 earlier reply" : `${count} earlier replies`;
  return element("li", "earlier", button(words, unfold, { className: "link" }));
}

function isBusy(known) {
  return [...known.values()].some(({ card, fresh }) => card && (hasOpenForm(card) || typedInto(card, fresh).length));
}

// Draws the pane and returns the messages that were not there before.
export function drawMessages(name, messages, pressing, onTrouble) {
  const list = $(name);
  const known = drawnFor(name);
  const entered = list.dataset.viewer !== me();
  const follow = entered || (follows(list) && !isBusy(known));
  if (entered) enter(list, known);
  for (const old of list.querySelectorAll(":scope > .earlier")) old.remove(); // drawn anew below the messages
  const added = [];
  messages.forEach((message, index) => {
    if (update(known, message, pressing, onTrouble, list)) return;
    const drawn = { ...drawMessage(message, me(), pressing(message, known), onTrouble), mark: markOf(message) };
    list.insertBefore(drawn.item, list.children[index] || null);
    known.set(message.id, drawn);
    added.push({ message, item: drawn.item });
  });
  sweep(known, messages);
  watch(name, messages, known);
  place(list, added, follow, entered);
  return added.map(({ message }) => message);
}

const markOf = (message) => JSON.stringify([message.text, message.card]);

function enter(list, known) {
  list.dataset.viewer = me();
  list.replaceChildren(...[...known.values()].map(({ item }) => item));
}

// A body is drawn anew only when what it shows changed: a form that somebody has open stays open.
function update(known, message, pressing, onTrouble, list) {
  const before = known.get(message.id);
  if (!before) return false;
  if (before.mark === markOf(message)) {
    redrawHead(before.item, message);
    drawNotice(before.item.querySelector(".body"), message.notice);
    return true;
  }
  const after = { ...drawMessage(message, me(), pressing(message, known), onTrouble), mark: markOf(message) };
  replace(before, after);
  known.set(message.id, after);
  // Whoever pressed a button reads on at the head of what it became.
  if (before.submitted && !headIsVisible(list, after.item)) showHead(list, after.item);
  return true;
}

function redrawHead(item, message) {
  const head = drawHead(message);
  const old = item.querySelector(".head");
  if (old.innerHTML !== head.innerHTML) old.innerHTML = head.innerHTML;
}

// An unfolded form comes into view with as much of it as fits below its button.
function showForm(list, button) {
  const form = [...(button.closest(".card")?.querySelectorAll(".ac-adaptiveCard .ac-adaptiveCard") ?? [])]
    .find((one) => one.offsetParent);
  if (!form || button.getAttribute("aria-expanded") !== "true") return;
  const frame = list.getBoundingClientRect();
  const below = form.getBoundingClientRect().bottom - frame.bottom + 12;
  const above = button.getBoundingClientRect().top - frame.top - 12;
  if (below > 0) list.scrollTop += Math.max(0, Math.min(below, above));
}

// In the capturing phase: the package lets no click on a card's button go further.
export function wireForms(...names) {
  for (const name of names) {
    $(name).addEventListener("click", (event) => {
      const button = event.target.closest("button.expandable");
      if (button) requestAnimationFrame(() => showForm($(name), button));
    }, true);
  }
}

function sweep(known, messages) {
  const present = new Set(messages.map((message) => message.id));
  for (const [id, { item }] of known) if (!present.has(id)) { item.remove(); known.delete(id); }
}

function place(list, added, follow, entered) {
  const own = added.findLast(({ message }) => message.author.key === me());
  const target = added.findLast(({ message }) => message.author.key !== me()) ?? own;
  if (target && (follow || own)) showHead(list, (follow ? target : own).item);
  else if (entered && list.lastElementChild) showHead(list, list.lastElementChild);
}
