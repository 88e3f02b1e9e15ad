// How cards look in Teams, for Microsoft's renderer. Colours are names of CSS variables, so that a theme is a style sheet.
/* global AdaptiveCards */

const pair = (name) => ({ default: `var(--card-${name})`, subtle: `var(--card-${name}-subtle, var(--card-${name}))` });

const foregroundColors = {
  default: pair("text"),
  dark: pair("text"),
  light: pair("subtle"),
  accent: pair("accent"),
  good: pair("good"),
  warning: pair("warning"),
  attention: pair("attention"),
};

const style = (name) => ({
  backgroundColor: `var(--card-back-${name})`,
  borderColor: `var(--card-line-${name})`,
  foregroundColors,
});

export function hostConfig() {
  return new AdaptiveCards.HostConfig({
    fontFamily: "inherit",
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 400, default: 400, bolder: 600 },
    lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
    spacing: { extraSmall: 2, small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: "var(--card-line)" },
    containerStyles: {
      default: style("default"), emphasis: style("emphasis"), accent: style("accent"),
      good: style("good"), warning: style("warning"), attention: style("attention"),
    },
    actions: {
      maxActions: 8,
      spacing: "medium",
      buttonSpacing: 8,
      actionsOrientation: "horizontal",
      actionAlignment: "left",
      showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
    },
    inputs: {
      label: {
        inputSpacing: "small",
        requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
        optionalInputs: { weight: "bolder" },
      },
      errorMessage: { color: "attention", spacing: "small", weight: "bolder" },
    },
    textStyles: { heading: { size: "large", weight: "bolder" } },
    textBlock: { headingLevel: 3 },
    supportsInteractivity: true,
  });
}
