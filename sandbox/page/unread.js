// Dots for what was not seen yet: in a pane, or in the chat of somebody else.
import { $ } from "/page/dom.js";
import { me } from "/page/me.js";
import { showHead } from "/page/scroll.js";

// When a message came; of the last one, when it changed. What changes above is no news, as in Teams.
const timeOf = (message, index, all) => (index === all.length - 1 && message.updated_at) || message.at;
const placeOf = (name) => `${name}:${me()}`;

// By place: until when all is seen (kept over a reload), what is newest, and what was seen beyond.
const until = JSON.parse(localStorage.getItem("seen") || "{}");
const newest = {};
const seen = {};

// By pane: what the viewer of now has not seen, in the order of the pane.
const unseen = { chat: new Map(), channel: new Map() };
const targets = new WeakMap();

const eye = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) saw(targets.get(target));
  for (const name of Object.keys(unseen)) settle(name);
}, { threshold: 0.1 });

// Whoever sees one has come past the older ones.
function saw({ name, place, id, time, element }) {
  const known = (seen[place] ??= new Map()).set(id, time);
  eye.unobserve(element);
  if (place !== placeOf(name)) return;
  for (const [other, one] of unseen[name]) {
    if (one.time > time) continue;
    known.set(other, one.time);
    unseen[name].delete(other);
  }
}

// Called with every drawing of a pane.
export function watch(name, messages, known) {
  const place = placeOf(name);
  const since = until[place] ?? "";
  const timed = messages.map((message, index, all) => ({ ...message, time: timeOf(message, index, all) }));
  const fresh = timed.filter(({ author, id, time }) => author.key !== me() && time > since
    && time > (seen[place]?.get(id) ?? ""));
  unseen[name] = new Map(fresh.map(({ id, time }) => [id, { item: known.get(id).item, time }]));
  newest[place] = timed.reduce((last, { time }) => (time > last ? time : last), "");
  for (const message of fresh) observe(name, place, message, known.get(message.id).item);
  if (!fresh.length) settle(name);
}

// A new message is seen with its head; of one that only changed, any part will do.
function observe(name, place, { id, at, time }, item) {
  const element = at === time ? item.querySelector(".head") : item;
  targets.set(element, { name, place, id, time, element });
  eye.unobserve(element);
  eye.observe(element);
}

function settle(name) {
  const place = placeOf(name);
  if (!unseen[name].size && newest[place] > (until[place] ?? "")) {
    until[place] = newest[place];
    localStorage.setItem("seen", JSON.stringify(until));
  }
  drawPane(name);
}

function drawPane(name) {
  const count = unseen[name].size;
  for (const dot of document.querySelectorAll(`[data-dot="${name}"]`)) dot.hidden = count === 0;
  $(`${name}-new`).hidden = count === 0;
  $(`${name}-new`).textContent = count === 1 ? "1 not seen yet" : `${count} not seen yet`;
}

export function hasNews(person) {
  return person.key !== me() && (person.latest ?? "") > (until[`chat:${person.key}`] ?? "");
}

// Whoever works in a message has seen it, even where its head is out of view.
function touched(name, event) {
  const item = event.target.closest?.("[data-message-id]");
  const watched = item && (targets.get(item.querySelector(".head")) ?? targets.get(item));
  if (!watched || !unseen[name].has(watched.id)) return;
  saw(watched);
  settle(name);
}

export function wireUnread() {
  for (const name of Object.keys(unseen)) {
    for (const kind of ["pointerdown", "focusin"]) $(name).addEventListener(kind, (event) => touched(name, event));
    $(`${name}-new`).addEventListener("click", () => {
      const [first] = unseen[name].values();
      if (first) showHead($(name), first.item);
    });
  }
}
