// The page: asks for the state at each change and draws what is new of it.
import { renderCard, useTheme } from "/page/cards.js";
import { drawTenant, wireTenant } from "/page/tenant.js";

const $ = (id) => document.getElementById(id);
const store = window.localStorage;
let viewer = store.getItem("viewer") || "ana";
let theme = store.getItem("theme")
  || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
const drawn = { chat: new Map(), channel: new Map() };

export async function send(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    toast(answer.error || "That did not work.");
    throw new Error(answer.error);
  }
  return answer;
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  setTimeout(() => { $("toast").hidden = true; }, 6000);
}

function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function press(message) {
  return async (verb, data, inputs, button) => {
    button?.setAttribute("aria-busy", "true");
    try {
      const answer = await send("/press", { viewer, message: message.id, verb, data, inputs });
      if (answer.status !== 200) toast(`The bot answered ${answer.status}.`);
      await refresh();
    } finally {
      button?.removeAttribute("aria-busy");
    }
  };
}

function drawHead(message) {
  const head = element("p", "head");
  head.append(element("b", "", message.author.name), element("time", "", clock(message.at)));
  if (message.updated_at) head.append(element("span", "mark", "Updated"));
  if (message.private) head.append(element("span", "mark private", "Only you see this"));
  return head;
}

function drawMessage(message) {
  const item = element("li", `message ${message.author.key === "bot" ? "bot" : "person"}`);
  item.dataset.messageId = message.id;
  if (message.author.key === viewer) item.classList.add("mine");
  if (message.thread) item.classList.add("reply");
  const avatar = element("span", "avatar", message.author.initials || "S");
  avatar.setAttribute("aria-hidden", "true");
  const head = drawHead(message);
  const body = element("div", "body");
  if (message.text) body.append(element("p", "text", message.text));
  if (message.card) body.append(renderCard(message.card, press(message), toast));
  if (message.notice) body.append(element("p", "notice", message.notice));
  item.append(avatar, head, body);
  return item;
}

// A body is drawn anew only when what it shows changed: a form that somebody has open stays open.
function drawMessages(name, messages) {
  const list = $(name);
  const known = drawn[name];
  const seen = new Set();
  let added = false;
  messages.forEach((message, index) => {
    const mark = JSON.stringify([message.text, message.card, message.notice, viewer, theme]);
    seen.add(message.id);
    const before = known.get(message.id);
    if (before?.mark === mark) {
      before.item.querySelector(".head").replaceWith(drawHead(message));
      return;
    }
    const item = drawMessage(message);
    if (before) before.item.replaceWith(item);
    else { list.insertBefore(item, list.children[index] || null); added = true; }
    known.set(message.id, { mark, item });
  });
  for (const [id, { item }] of known) if (!seen.has(id)) { item.remove(); known.delete(id); }
  if (added) list.scrollTop = list.scrollHeight;
}

let refreshing = null;
export function refresh() {
  refreshing ??= fetch(`/state?viewer=${viewer}`)
    .then((response) => response.json())
    .then(draw)
    .finally(() => { refreshing = null; });
  return refreshing;
}

function draw(state) {
  if (state.viewer !== viewer) { setTimeout(refresh); return; }
  const select = $("viewer");
  if (select.options.length !== state.people.length) {
    select.replaceChildren(...state.people.map((p) => new Option(`${p.name} (${p.role})`, p.key)));
  }
  select.value = viewer;
  $("down").hidden = state.bot.up;
  $("chat-title").textContent = `Chat: ${state.people.find((p) => p.key === viewer).name} and Sendwell`;
  drawMessages("chat", state.chat);
  drawMessages("channel", inThreads(state.channel));
  drawTenant(state.tenant);
}

// Replies stand below the post they answer.
function inThreads(messages) {
  const posts = messages.filter((m) => !m.thread);
  return posts.flatMap((post) => [post, ...messages.filter((m) => m.thread === post.id)]);
}

function setTheme(next) {
  theme = next;
  store.setItem("theme", theme);
  document.documentElement.dataset.theme = theme;
  $("theme").textContent = theme === "dark" ? "Light" : "Dark";
  useTheme(theme);
}

function wireCompose(form, text, where) {
  $(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = $(text).value;
    if (!words.trim()) return;
    $(text).value = "";
    await send("/say", { viewer, where, text: words }).catch(() => { $(text).value = words; });
    await refresh();
  });
  $(text).addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $(form).requestSubmit(); }
  });
}

function start() {
  setTheme(theme);
  wireCompose("chat-form", "chat-text", "chat");
  wireCompose("channel-form", "channel-text", "channel");
  wireTenant(send);
  $("theme").addEventListener("click", () => { setTheme(theme === "dark" ? "light" : "dark"); refresh(); });
  $("reload").addEventListener("click", () => send("/reload", { viewer }).then(refresh));
  $("bounce").addEventListener("click", async () => {
    const { text } = await (await fetch(`/bounce?viewer=${viewer}`)).json();
    $("chat-text").value = text;
    $("chat-text").focus();
  });
  $("viewer").addEventListener("change", (event) => {
    viewer = event.target.value;
    store.setItem("viewer", viewer);
    refresh();
  });
  new EventSource("/events").addEventListener("changed", () => refresh());
  // A page loaded anew shows what is posted, as Teams does, not what this viewer alone was answered.
  send("/reload", { viewer }).then(refresh);
}

start();
