// Light or dark: the system's choice, until somebody chooses here.
import { $ } from "/page/dom.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = () => localStorage.getItem("theme");
const current = () => chosen() || (dark.matches ? "dark" : "light");

function apply() {
  const theme = current();
  document.documentElement.dataset.theme = theme;
  $("theme").textContent = theme === "dark" ? "Light" : "Dark";
  $("theme").setAttribute("aria-label", theme === "dark" ? "Light colours" : "Dark colours");
}

// Colours are CSS variables throughout, the cards' too: nothing is drawn anew, and no open form closes.
export function wireTheme() {
  apply();
  dark.addEventListener("change", apply);
  $("theme").addEventListener("click", () => {
    localStorage.setItem("theme", current() === "dark" ? "light" : "dark");
    apply();
  });
}
