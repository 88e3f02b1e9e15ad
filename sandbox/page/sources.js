// The sources' health, with a switch for each.
import { $, button, element } from "/page/dom.js";
import { flash, lines } from "/page/flash.js";

const SOURCES = [
  ["exchange", "Exchange Online", "restricted list, removals"],
  ["graph", "Microsoft Graph", "people, passwords, groups"],
  ["login", "Login", "the bot's tokens"],
  ["teams", "Teams", "the bot's posts"],
];
const SWITCHES = [["Works", null], ["Slow", "slow"], ["Fails", "503"]];

function row(act, [service, name, what]) {
  const item = element("li", "source");
  const words = element("span", "", element("b", "", name), " ", element("small", "subtle", what));
  const group = element("div", "buttons tight");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", name);
  for (const [title, fault] of SWITCHES) {
    const body = fault ? { do: "fail", service, fault } : { do: "heal", service };
    const made = button(title, () => act(body), { testid: `tenant-${service}-${title.toLowerCase()}` });
    made.dataset.fault = fault ?? "";
    group.append(made);
  }
  item.dataset.service = service;
  item.append(words, group);
  return item;
}

export function wireSources(act) {
  $("sources").append(...SOURCES.map((source) => row(act, source)));
  $("heal").addEventListener("click", () => act({ do: "heal" }));
  $("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act({ do: "fail", service: $("service").value, fault: $("fault").value });
  });
}

export function drawSources(faults) {
  const active = new Map(faults.map(({ service, fault }) => [service, fault]));
  for (const item of $("sources").children) drawSource(item, active.get(item.dataset.service) ?? "");
  const plain = ["", "slow", "503"];
  const known = new Set(SOURCES.map(([service]) => service));
  const rare = faults.filter(({ service, fault }) => !known.has(service) || !plain.includes(fault));
  lines("faults", rare, ({ service }) => service, ({ service, fault }) => `${service}: ${fault}`, "");
}

function drawSource(item, fault) {
  if (item.dataset.fault !== undefined && item.dataset.fault !== fault) flash(item);
  item.dataset.fault = fault;
  for (const one of item.querySelectorAll("button")) {
    const on = one.dataset.fault === fault || (one.dataset.fault === "503" && fault !== "" && fault !== "slow");
    one.setAttribute("aria-pressed", String(on));
  }
}
