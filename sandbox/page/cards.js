// Adaptive Cards, drawn by Microsoft's own package in Teams-like colours, with markdown as Teams has it.
/* global AdaptiveCards, markdownit */

const palette = {
  light: {
    text: "#242424", subtle: "#5c5c5c", accent: "#4f52b2", good: "#0e700e", warning: "#8a4b00", attention: "#b10e1c",
    back: "#ffffff", emphasis: "#f3f3f6",
  },
  dark: {
    text: "#ffffff", subtle: "#c8c8c8", accent: "#a6a7f2", good: "#7fd37f", warning: "#ffc36b", attention: "#ff9aa2",
    back: "#292929", emphasis: "#343438",
  },
};
let hostConfig = null;

export function useTheme(theme) {
  const p = palette[theme];
  const color = (value) => ({ default: value, subtle: value });
  const foreground = {
    default: { default: p.text, subtle: p.subtle },
    accent: color(p.accent), good: color(p.good), warning: color(p.warning), attention: color(p.attention),
    dark: color(p.text), light: color(p.subtle),
  };
  const style = (background) => ({ backgroundColor: background, foregroundColors: foreground });
  hostConfig = new AdaptiveCards.HostConfig({
    fontFamily: "'Segoe UI', system-ui, sans-serif",
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 22 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
    separator: { lineThickness: 1, lineColor: theme === "dark" ? "#4a4a4a" : "#dcdce4" },
    containerStyles: { default: style(p.back), emphasis: style(p.emphasis), accent: style(p.emphasis) },
    actions: {
      maxActions: 10, spacing: "default", buttonSpacing: 8, actionsOrientation: "horizontal",
      actionAlignment: "left", showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
    },
    inputs: {
      label: { requiredInputs: { suffix: " *", suffixColor: "attention" } },
      errorMessage: { color: "attention", weight: "bolder" },
    },
    supportsInteractivity: true,
  });
}

export function renderCard(json, onExecute, onTrouble) {
  const markdown = markdownit({ html: false, linkify: true });
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = hostConfig;
  card.onExecuteAction = (action) => {
    const kind = action.getJsonTypeName();
    if (kind === "Action.OpenUrl") { window.open(action.url, "_blank", "noopener"); return; }
    if (kind !== "Action.Execute" && kind !== "Action.Submit") return;
    const data = { ...(json && action.data) };
    onExecute(action.verb, data, {}, action.renderedElement).catch((error) => onTrouble(String(error.message)));
  };
  card.parse(json);
  const box = document.createElement("div");
  box.className = "card";
  const rendered = card.render();
  if (rendered) { rendered.removeAttribute("tabindex"); box.append(rendered); }
  return box;
}
