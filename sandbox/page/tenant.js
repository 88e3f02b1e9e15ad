// The third pane: what Microsoft 365 holds, and buttons that change it.
import { $, button, clock, when } from "/page/dom.js";
import { lines, put } from "/page/flash.js";
import { become } from "/page/me.js";
import { drawSources, wireSources } from "/page/sources.js";
import { send } from "/page/wire.js";

const act = (body) => send("/tenant", body).catch(() => {});

// Where, title, test id, what it asks for.
const BUTTONS = [
  ["account", "Send a message", "send-message", { do: "send_message" }],
  ["account", "Reset password", "reset-password", { do: "reset_password" }],
  ["account", "Add sign-in method", "add-method", { do: "add_method" }],
  ["restrict", "2,000 messages", "send-mailing", { do: "send_mailing" }],
  ["restrict", "Spam", "restrict-spam", { do: "restrict", kind: "spam" }],
  ["restrict", "Service rate", "restrict-rate", { do: "restrict", kind: "rate" }],
  ["restrict", "Unknown reason", "restrict-unknown", { do: "restrict", kind: "unknown" }],
  ["restrict", "Lift in Defender", "lift", { do: "lift" }],
  ["lag", "4 s", "no-lag", { do: "list_lag", seconds: 4 }],
  ["lag", "60 s", "lag", { do: "list_lag", seconds: 60 }],
  ["harder", "Ana loses her sign-in methods", "remove-methods", { do: "remove_methods" }],
  ["harder", "Ana's unblocks are used up", "limit", { do: "limit_unblocks", on: true }],
  ["harder", "Ana may be unblocked again", "unlimit", { do: "limit_unblocks", on: false }],
];
let bounce = null;

export function wireTenant(putIntoChat) {
  for (const [where, title, name, body] of BUTTONS) {
    $(`${where}-buttons`).append(button(title, () => act({ who: "ana", ...body }), { testid: `tenant-${name}` }));
  }
  $("use-bounce").addEventListener("click", () => {
    become("ana");
    putIntoChat(bounce);
  });
  wireSources(act);
  setInterval(countDown, 1000);
}

export function drawTenant(tenant) {
  const ana = tenant.people.find((person) => person.key === "ana");
  drawAccount(ana);
  lines("restricted", tenant.restricted, (entry) => entry.address, drawEntry, "Nobody is restricted.");
  countDown();
  drawLag(tenant.list_lag);
  drawSources(tenant.faults);
  lines("people", tenant.people, (person) => person.key, describe, "");
  lines("log", tenant.log.slice(-14).reverse(), (line) => line.at + line.text,
    (line) => `${clock(line.at, true)} ${line.text}`, "Nothing yet.");
}

function drawLag(seconds) {
  const pressed = [];
  for (const one of $("lag-buttons").children) {
    const on = one.textContent === `${seconds} s`;
    one.setAttribute("aria-pressed", String(on));
    if (on) pressed.push(one);
  }
  put("lag", pressed.length ? "" : `${seconds} s`);
}

function drawAccount(ana) {
  put("verdict", ana.restricted ? "✖ Restricted" : "✔ Can send");
  $("verdict").className = `badge ${ana.restricted ? "bad" : "good"}`;
  put("upn", ana.upn);
  put("password", `changed ${when(ana.password_changed_at)}`);
  put("methods", methodsOf(ana));
  bounce = ana.mail?.bounce ?? null;
  if (ana.mail) put("mail", `${clock(ana.mail.at, true)} ${bounce ? "✖ came back: 550 5.1.8 Access denied, bad outbound sender" : "✔ delivered"}`);
  $("bounced").hidden = !bounce;
}

const NAMES = {
  microsoftAuthenticator: "Authenticator app", phone: "phone", fido2: "security key",
  windowsHelloForBusiness: "Windows Hello", email: "email", softwareOath: "one-time codes",
};

function methodsOf(person) {
  const counts = new Map();
  for (const kind of person.methods) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const words = [...counts].map(([kind, n]) => `${NAMES[kind] ?? kind}${n > 1 ? ` (${n})` : ""}`);
  return words.join(", ") || "none besides the password";
}

function describe(person) {
  const marks = [person.restricted && "restricted", !person.enabled && "disabled", person.unblocks_spent && "no unblocks left"];
  return `${person.name}: password ${when(person.password_changed_at)}, ${methodsOf(person)}`
    + marks.filter(Boolean).map((mark) => `, ${mark}`).join("");
}

function drawEntry(entry, item) {
  item.dataset.goneAt = entry.gone_at ?? "";
  item.classList.toggle("leaving", entry.lagging);
  const reason = (entry.reason ?? "no reason").split(";")[0].split("=")[0];
  const since = entry.since ? `since ${clock(entry.since)}` : "since when is unknown";
  const left = entry.lagging ? " · removed, still shown" : "";
  return `${entry.address}\n${reason} · ${since}${entry.temporary ? " · temporary" : ""}${left}`;
}

// A removed entry lingers: how long, second by second, without asking again.
function countDown() {
  for (const item of $("restricted").children) {
    const left = Math.ceil((new Date(item.dataset.goneAt) - Date.now()) / 1000);
    item.dataset.left = left > 0 ? ` for ${left} s` : "";
  }
}

