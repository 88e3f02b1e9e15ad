// The page: asks for the state at each change and hands every part its share.
import { $, element, setAhead } from "/page/dom.js";
import { become, me, onBecoming } from "/page/me.js";
import { drawMessages, foldReplies, inThreads, wireForms } from "/page/messages.js";
import { drawPeople } from "/page/people.js";
import { wireTabs } from "/page/tabs.js";
import { drawTenant, wireTenant } from "/page/tenant.js";
import { wireTheme } from "/page/theme.js";
import { drawTour, isBeginning, wireTour } from "/page/tour.js";
import { drawTyping, whileTyping } from "/page/typing.js";
import { wireUnread } from "/page/unread.js";
import { get, loadAnew, send, toast } from "/page/wire.js";

const drafts = {};
let running = null;
let next = null;
let first = true;
let run = null;
// Whoever presses Send right after "Paste" sends what is on its way.
let pasting = Promise.resolve();

// Whoever asks while one is under way gets the next, once for all: the older one may not know their change yet.
function refresh() {
  if (running) {
    next ??= running.then(() => { next = null; return refresh(); });
    return next;
  }
  running = get(`/state?viewer=${me()}`)
    .catch(() => null)
    .then((state) => { running = null; draw(state); });
  return running;
}

function pressing(name) {
  return (message, known) => (verb, data, button) => whileTyping(name, async () => {
    const drawn = known.get(message.id);
    button?.setAttribute("aria-busy", "true");
    drawn.submitted = true;
    try {
      const answer = await send("/press", { viewer: me(), message: message.id, verb, data });
      if (answer.status !== 200) toast(`Sendwell answered ${answer.status}.`);
      await refresh();
    } finally {
      button?.removeAttribute("aria-busy");
      drawn.submitted = false;
    }
  });
}

function draw(state) {
  if (state && !state.people) { become("ana"); return; } // somebody remembered from another sandbox
  if (state?.viewer !== me()) {
    if (state) refresh(); // a switch while this was under way
    else down("The sandbox does not answer. Was it stopped? Start it again with make demo; this page will notice.");
    return;
  }
  if (run !== null && run !== state.run) { if (!isBeginning()) loadAnew(); return; }
  run = state.run;
  setAhead(state.tenant.ahead);
  down(state.bot.up ? "" : "Sendwell does not answer yet. What you write waits here and is delivered as soon as it does.");
  const person = state.people.find((one) => one.key === me());
  $("chat-title").firstChild.data = `${person.name.split(" ")[0]}'s chat with Sendwell `;
  $("channel-title").firstChild.data = `${state.channel_name} `;
  const news = [
    ...drawMessages("chat", state.chat, pressing("chat"), toast),
    ...drawMessages("channel", inThreads(state.channel), pressing("channel"), toast),
  ];
  foldReplies("channel", state.channel);
  announce(news);
  drawTyping("chat", state.chat, state.bot.up);
  drawPeople(state.people);
  drawTenant(state.tenant);
  drawTour(state);
  first = false;
}

function down(text) {
  $("down").hidden = !text;
  if ($("down").textContent !== text) $("down").textContent = text;
}

// One short line for a screen reader; whole cards read aloud would bury everything else.
function announce(news) {
  const heard = news.filter((message) => message.author.key !== me());
  if (first || !heard.length) return;
  const { author, text, card } = heard.at(-1);
  const words = card?.speak || card?.fallbackText || text;
  $("news").replaceChildren(element("p", "", `New from ${author.name}: ${words.slice(0, 160)}`));
}

function wireCompose(name) {
  const form = $(`${name}-form`);
  const text = $(`${name}-text`);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await pasting;
    const words = text.value;
    if (!words.trim()) return;
    text.value = "";
    drawTour();
    await whileTyping(name, async () => {
      const answer = await send("/say", { viewer: me(), where: name, text: words }).catch(() => { text.value = words; });
      if (answer?.status >= 300) toast(`Sendwell answered ${answer.status}: your message did not arrive.`);
      await refresh();
    });
  });
  text.addEventListener("input", () => drawTour());
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
}

function putIntoChat(text) {
  $("chat-text").value = text;
  $("chat-text").focus();
  $("chat-text").setSelectionRange(0, 0);
  drawTour();
}

async function pasteBounce(kind) {
  const { text } = await get(`/bounce?viewer=${me()}&kind=${kind}`);
  putIntoChat(text);
}

// Everybody keeps what they began to write.
function swapDrafts(key, before) {
  for (const id of ["chat-text", "channel-text"]) {
    drafts[`${id}:${before}`] = $(id).value;
    $(id).value = drafts[`${id}:${key}`] ?? "";
  }
  $("news").replaceChildren();
  first = true;
  refresh();
}

function start() {
  wireTheme();
  wireTabs();
  wireUnread();
  wireForms("chat", "channel");
  wireCompose("chat");
  wireCompose("channel");
  wireTenant(putIntoChat);
  wireTour();
  onBecoming(swapDrafts);
  $("reload").addEventListener("click", () => send("/reload", { viewer: me() }).then(refresh));
  for (const [button, what] of [["drop", "file"], ["picture", "picture"]]) {
    $(button).addEventListener("click", () => whileTyping("chat", async () => {
      await send("/drop", { viewer: me(), what }).catch(() => toast("Nothing could be dropped."));
      await refresh();
    }));
  }
  for (const [button, kind] of [["bounce", "5.1.8"], ["bounce-tenant", "5.7.705"]]) {
    $(button).addEventListener("click", () => { pasting = pasteBounce(kind).catch(() => toast("No bounce could be made.")); });
  }
  $("attach").addEventListener("click", (event) => { if (event.target.closest("button")) $("attach").open = false; });
  const changes = new EventSource("/events");
  changes.addEventListener("changed", () => refresh());
  // A page loaded anew shows what is posted, as Teams does, not what this viewer alone was answered.
  send("/reload", { viewer: me() }).catch(() => {}).then(refresh);
}

start();
