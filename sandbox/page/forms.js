// What somebody has typed into a card survives the card's replacement, where the new card has the same form.
import { button, element } from "/page/dom.js";

export const isOpen = (action) => action.renderedElement?.getAttribute("aria-expanded") === "true";
export const unfolding = (card) => card.getAllActions().filter((action) => action.getJsonTypeName() === "Action.ShowCard");
// What a button shows and hides: hidden in every card as it is drawn.
const revealable = (card) => card.getAllActions()
  .filter((action) => action.getJsonTypeName() === "Action.ToggleVisibility")
  .flatMap((action) => Object.keys(action.targetElements).map((id) => card.getElementById(id)))
  .filter(Boolean);
const valueOf = (input) => String(input.value ?? "");

// Every input by the forms it stands in and its id: two forms of one card may each have a "reason".
function named(card) {
  const forms = unfolding(card).map((action) => [action.title, new Set(action.getAllInputs())]);
  return new Map(card.getAllInputs().map((input) => {
    const path = forms.filter(([, inputs]) => inputs.has(input)).map(([title]) => title);
    return [JSON.stringify([...path, input.id]), input];
  }));
}

// What the inputs held when drawn: only what differs was typed.
export function untouched(card) {
  return new Map([...named(card)].map(([name, input]) => [name, valueOf(input)]));
}

export function typedInto(card, fresh) {
  return [...named(card)]
    .map(([name, input]) => ({ name, label: input.label || input.id, value: valueOf(input) }))
    .filter(({ name, value }) => value !== (fresh.get(name) ?? ""));
}

export function hasOpenForm(card) {
  return unfolding(card).some(isOpen);
}

// Everything worth keeping of a card that is about to be replaced.
export function memoryOf(card, fresh) {
  const focused = [...named(card)].find(([, input]) => input.renderedElement?.contains(document.activeElement));
  return {
    typed: typedInto(card, fresh),
    open: unfolding(card).filter(isOpen).map((action) => action.title),
    focus: focused?.[0],
    revealed: revealable(card).filter((element) => element.isVisible).map((element) => element.id),
  };
}

// Puts it into the new card; returns what found no place there.
export function recall(card, memory) {
  for (const element of revealable(card)) if (memory.revealed.includes(element.id)) element.isVisible = true;
  for (const action of unfolding(card)) {
    if (memory.open.includes(action.title) && !isOpen(action)) action.renderedElement?.click();
  }
  const inputs = named(card);
  for (const { name, value } of memory.typed) if (inputs.has(name)) fill(inputs.get(name), value);
  return memory.typed.filter(({ name }) => !inputs.has(name));
}

export function refocus(card, memory) {
  named(card).get(memory.focus)?.focus();
}

function fill(input, value) {
  const fields = [...(input.renderedElement?.querySelectorAll("input, textarea, select") ?? [])];
  const chosen = new Set(value.split(","));
  for (const field of fields) {
    const ticked = input.getJsonTypeName() === "Input.Toggle" ? value === input.valueOn : chosen.has(field.value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = ticked;
    else field.value = value;
    field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
  }
}

export function lostNotice(lost) {
  const words = lost.map((typed) => `${typed.label}: “${typed.value}”`).join(" · ");
  const notice = element("p", "lost", "This card changed while you were writing, and the form is gone. You had written: ");
  notice.append(element("q", "", words), " ");
  notice.append(button("Dismiss", () => notice.remove(), { className: "link" }));
  return notice;
}
