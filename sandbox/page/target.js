// What is to be clicked next in the guide's story: on the page, in the tenant, or on the newest card.
import { $ } from "/page/dom.js";
import { me } from "/page/me.js";

// The buttons of a card by what they ask for, as they travel; titles are the bot's to choose.
const VERBS = {
  secured: ["password_done", "mfa_done", "mailing_unsure"],
  requested: ["send"],
  approved: ["approve"],
  works: ["works"],
};

// Null while there is nothing to click but something to wait for.
export function targetOf(step, state) {
  if (step === "approved" && !["bo", "cleo"].includes(me())) return chipOf("bo");
  if (step !== "approved" && me() !== "ana") return chipOf("ana");
  if (step === "asked") return askTarget();
  if (step === "secured" && !resetSince(state)) return find("tenant-reset-password");
  if (step === "works" && !sentSince(state)) return find("tenant-send-message");
  return step === "approved" ? buttonFor("channel", state.channel, step) : buttonFor("chat", state.chat, step);
}

function askTarget() {
  if ($("chat-typing").classList.contains("on")) return null; // said, and not answered yet
  return $("chat-text").value.trim() ? find("chat-send") : $("bounce");
}

const find = (testid) => document.querySelector(`[data-testid="${testid}"]`);
const chipOf = (key) => document.querySelector(`.chip[data-key="${key}"]`);
const anaOf = (state) => state.tenant.people.find((person) => person.key === "ana");

function resetSince(state) {
  const since = state.tenant.restricted.map((entry) => entry.since).filter(Boolean).sort().at(-1);
  return !since || anaOf(state).password_changed_at > since;
}

function sentSince(state) {
  const { mail, restricted } = anaOf(state);
  return restricted || Boolean(mail && !mail.bounce);
}

// Titles from the outer button to the one with such a verb, which may stand in a form that unfolds.
function pathTo(part, verbs) {
  for (const value of Object.values(part)) {
    if (typeof value !== "object" || value === null) continue;
    if (value.type === "Action.Execute" && verbs.includes(value.verb)) return [value.title];
    const below = pathTo(value, verbs);
    if (below) return value.type === "Action.ShowCard" ? [value.title, ...below] : below;
  }
  return null;
}

function buttonFor(pane, messages, step) {
  const message = messages.findLast((one) => one.card && pathTo(one.card, VERBS[step]));
  const item = message && $(pane).querySelector(`[data-message-id="${CSS.escape(message.id)}"]`);
  if (!item || item.querySelector("[aria-busy]")) return null;
  const shown = [...item.querySelectorAll("button.ac-pushButton")].filter((one) => one.offsetParent);
  const titled = (title) => shown.findLast((one) => one.textContent === title);
  return pathTo(message.card, VERBS[step]).map(titled).filter(Boolean).at(-1) ?? null;
}
