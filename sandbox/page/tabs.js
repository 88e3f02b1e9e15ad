// On a narrow page one part shows at a time, and the bar below leads from one to the other.
import { $ } from "/page/dom.js";

const PANES = ["chat-pane", "channel-pane", "tenant-pane"];
const told = [];

const tabs = () => [...document.querySelectorAll(".tabs a")];
const isNarrow = () => getComputedStyle(document.querySelector(".tabs")).display !== "none";

export function show(pane) {
  document.body.dataset.pane = pane;
  localStorage.setItem("pane", pane);
  for (const tab of tabs()) {
    if (tab.hash === `#${pane}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  for (const one of told) one();
}

// The tab that leads to something which another part hides; null where it can be seen.
export function tabOf(node) {
  const pane = node.closest(".pane")?.id;
  if (!pane || !isNarrow() || document.body.dataset.pane === pane) return null;
  return tabs().find((tab) => tab.hash === `#${pane}`);
}

export function onShowing(tell) {
  told.push(tell);
}

export function wireTabs() {
  for (const tab of tabs()) {
    tab.addEventListener("click", (event) => { event.preventDefault(); show(tab.hash.slice(1)); });
  }
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    show("chat-pane");
    $("chat-text").focus();
  });
  const last = localStorage.getItem("pane");
  show(PANES.includes(last) ? last : PANES[0]);
}
