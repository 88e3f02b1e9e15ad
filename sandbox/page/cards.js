// Adaptive Cards, drawn by Microsoft's own package, with markdown as Teams has it.
/* global AdaptiveCards, markdownit */
import { element } from "/page/dom.js";
import { isOpen, unfolding } from "/page/forms.js";
import { hostConfig } from "/page/hostconfig.js";
import { takeMacrosFromRuns } from "/page/macros.js";
import { leadOut } from "/page/wire.js";

const config = hostConfig();
takeMacrosFromRuns();
const markdown = markdownit({ html: false, linkify: true });

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = withMentions(markdown.render(text));
  result.didProcess = true;
};

// What the card that is being drawn mentions, escaped as the markdown processor leaves it.
let mentioned = new Set();

function withMentions(html) {
  return html.replace(/&lt;at&gt;.*?&lt;\/at&gt;/g, (text) =>
    mentioned.has(text) ? `<span class="mention">${text.slice(10, -11)}</span>` : text);
}

// Returns the card's box with `card`, the renderer's own object, which knows forms and what is typed in them.
export function renderCard(json, onExecute, onTrouble) {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = config;
  card.onExecuteAction = (action) => execute(action, onExecute, onTrouble);
  card.parse(json);
  mentioned = new Set((json.msteams?.entities ?? []).map((entity) => markdown.utils.escapeHtml(entity.text)));
  const box = element("div", "card");
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") fold(card, event.target); });
  const rendered = card.render();
  if (rendered) {
    tame(rendered, json);
    box.append(rendered);
  } else {
    box.append(element("p", "fallback", json.fallbackText || "This card cannot be shown."));
  }
  return { box, card };
}

// Closes the innermost form that somebody is in, and takes them back to its button.
function fold(card, where) {
  const open = unfolding(card).filter((action) => isOpen(action) && action.card.renderedElement?.contains(where)).at(-1);
  open?.renderedElement.click();
  open?.renderedElement.focus();
}

function execute(action, onExecute, onTrouble) {
  const kind = action.getJsonTypeName();
  if (kind === "Action.OpenUrl") { leadOut(action.url); return; }
  if (kind !== "Action.Execute" && kind !== "Action.Submit") return;
  // The renderer has put the inputs' values into the action's data by now.
  onExecute(action.verb, { ...action.data }, action.renderedElement)
    .catch((error) => onTrouble(String(error.message)));
}

// One group with a name, instead of a stop for the keyboard without one.
function tame(rendered, json) {
  rendered.removeAttribute("tabindex");
  rendered.setAttribute("role", "group");
  rendered.setAttribute("aria-label", json.speak || json.fallbackText || "Card");
}
