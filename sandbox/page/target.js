// What is to be clicked next in the guide's story: on the page, in the tenant, or on the newest card.
import { $ } from "/page/dom.js";
import { me } from "/page/me.js";
import { tabOf } from "/page/tabs.js";

// Null while there is nothing to click but something to wait for. Where it stands in another part of a narrow page, the
// way there comes first.
export function targetOf(step, state) {
  const target = wanted(step, state);
  return (target && tabOf(target)) ?? target;
}

function wanted(step, state) {
  if (!step.who.includes(me())) return document.querySelector(`.chip[data-key="${step.who[0]}"]`);
  if (step.ask) return askTarget();
  if (step.first && !step.first.until(state)) return find(step.first.testid);
  return buttonFor(step.pane, state[step.pane], step.verbs);
}

function askTarget() {
  if ($("chat-typing").classList.contains("on")) return null; // said, and not answered yet
  return $("chat-text").value.trim() ? find("chat-send") : $("bounce");
}

const find = (testid) => document.querySelector(`[data-testid="${testid}"]`);

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

// Buttons that show what is hidden: what is looked for may stand there.
function revealing(part) {
  const found = part.type === "Action.ToggleVisibility" ? [part.title] : [];
  return [...found, ...Object.values(part).flatMap((value) => (typeof value === "object" && value ? revealing(value) : []))];
}

function buttonFor(pane, messages, verbs) {
  for (const verb of verbs) {
    const message = messages.findLast((one) => one.card && pathTo(one.card, [verb]));
    const item = message && $(pane).querySelector(`[data-message-id="${CSS.escape(message.id)}"]`);
    if (item) return item.querySelector("[aria-busy]") ? null : onCard(item, message.card, verb);
  }
  return null;
}

function onCard(item, card, verb) {
  const drawn = [...item.querySelectorAll("button.ac-pushButton")];
  const isThere = (one) => !one.closest('[style*="display: none"]');
  const titled = (title) => drawn.findLast((one) => one.textContent === title && isThere(one));
  const path = pathTo(card, [verb]);
  const button = path.map(titled).filter(Boolean).at(-1) ?? revealing(card).map(titled).find(Boolean) ?? null;
  return (path.length > 1 && button?.textContent === path.at(-1) && emptyField(button, verb)) || button;
}

// A field that must be filled before the button of its form is worth a click.
function emptyField(button, verb) {
  const form = button.closest(".ac-adaptiveCard");
  const fields = [...form.querySelectorAll("input, textarea")].filter((one) => one.closest(".ac-adaptiveCard") === form);
  const ticks = fields.filter((one) => one.type === "checkbox");
  if (verb === "contain") return ticks.slice(0, 3).find((one) => !one.checked);
  return fields.find((one) => isRequired(one) && (one.type === "checkbox" ? !one.checked : !one.value.trim()));
}

// The package marks boxes in one way and fields in another.
const isRequired = (field) => field.classList.contains("ac-input-required") || field.getAttribute("aria-required") === "true";
