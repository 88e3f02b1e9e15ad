// The third pane: what Microsoft 365 holds, and buttons that change it.
import { $, button, clock, present, when } from "/page/dom.js";
import { lines, put } from "/page/flash.js";
import { become } from "/page/me.js";
import { drawSources, wireSources } from "/page/sources.js";
import { show } from "/page/tabs.js";
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
  ["restrict", "Unblock in Defender", "lift", { do: "lift" }],
  ["lag", "4 s", "no-lag", { do: "list_lag", seconds: 4 }],
  ["lag", "60 s", "lag", { do: "list_lag", seconds: 60 }],
  ["time", "One hour later", "later-hour", { do: "later", hours: 1 }],
  ["time", "Tomorrow", "later-day", { do: "later", hours: 24 }],
  ["time", "Four days later", "later-days", { do: "later", hours: 96 }],
  ["harder", "Ana loses her sign-in methods", "remove-methods", { do: "remove_methods" }],
  ["finds", "Sign-in from abroad", "finds-abroad", { do: "investigate", what: "abroad" }],
  ["finds", "12 wrong passwords", "finds-burst", { do: "investigate", what: "burst" }],
  ["finds", "App given access", "finds-consent", { do: "investigate", what: "consent" }],
  ["finds", "Rule that deletes", "finds-deleting", { do: "investigate", what: "deleting rule" }],
  ["lacks", "Everything is there", "lacks-nothing", { do: "readable" }],
  ["watch", "A wave: every employee", "wave", { do: "wave" }],
  ["policies", "A policy for bulk senders, Ana among them", "bulk-senders", { do: "bulk_senders" }],
  ["policies", "Somebody changes Default", "change-policy", { do: "change_policy" }],
  ["policies", "Default sets no limits", "no-limits", { do: "no_limits" }],
  ["connector", "Restrict it", "restrict-connector", { do: "restrict_connector" }],
  ["others", "Restrict the shared mailbox", "restrict-shared", { do: "restrict_shared" }],
];

const personIn = (tenant, key) => tenant.people.find((person) => person.key === key);
const fails = (tenant, service) => tenant.faults.some((fault) => fault.service === service);
const found = (title, name, what, none, is) =>
  ["finds", title, name, { do: "investigate", what }, { do: "investigate", what: none }, (tenant) => is(personIn(tenant, "ana"))];
const lacking = (where, title, name, what) =>
  [where, title, name, { do: "unreadable", what, on: true }, { do: "unreadable", what, on: false },
    (tenant) => tenant.unreadable.includes(what)];
const listed = (title, name, who) =>
  ["watch", title, name, { do: "restrict", who, kind: "limit" }, { do: "lift", who }, (tenant) => personIn(tenant, who).restricted];
const refusing = (where, title, name, service) =>
  [where, title, name, { do: "fail", service, fault: "nul403" }, { do: "heal", service }, (tenant) => fails(tenant, service)];

// Where, title, test id, what switches it on and off, and whether it is on.
const SWITCHES = [
  ["harder", "Ana's unblocks are used up", "limit", { do: "limit_unblocks", on: true }, { do: "limit_unblocks", on: false },
    (tenant) => personIn(tenant, "ana").unblocks_spent],
  found("Forwards outside", "finds-forwarding", "forwarding", "no forwarding", (ana) => ana.forwards),
  found("Hidden rule outside", "finds-rule", "hidden rule", "no rules", (ana) => ana.has_rules),
  found("High risk", "finds-risk", "risk", "no risk", (ana) => ana.at_risk),
  ...[["Entra ID P1", "sign-ins"], ["Entra ID P2", "risk"], ["Message trace", "message trace"],
    ["Message trace set up", "message trace set-up"], ["Get-Mailbox", "mailboxes"], ["Get-InboxRule", "inbox rules"],
    ["Audit log", "audit"]].map(([title, what]) => lacking("lacks", title, `lacks-${what.replaceAll(" ", "-")}`, what)),
  listed("Dan, who did not ask, is restricted", "restrict-dan", "dan"),
  listed("Bo, an approver, is restricted", "restrict-bo", "bo"),
  ["watch", "Dan never had the app", "dan-without", { do: "installed", who: "dan", on: false },
    { do: "installed", who: "dan", on: true }, (tenant) => !personIn(tenant, "dan").installed],
  ["watch", "The list is cut short", "truncate", { do: "truncate", on: true }, { do: "truncate", on: false },
    (tenant) => tenant.truncated],
  lacking("policies", "Policies cannot be read", "policies-unreadable", "policies"),
  refusing("policies", "Exchange refuses a new rule", "refuse-rule", "exchange.rule"),
  refusing("contain", "Exchange refuses changes to her mailbox", "refuse-contain", "exchange.contain"),
  ["contain", "Ana holds an admin role", "role", { do: "role", on: true }, { do: "role", on: false },
    (tenant) => personIn(tenant, "ana").role],
  ["contain", "Ana's account comes from on-premises", "synced", { do: "synchronised", on: true },
    { do: "synchronised", on: false }, (tenant) => personIn(tenant, "ana").synced],
  ["contain", "Bo is a responder", "responder", { do: "responder", who: "bo", on: true },
    { do: "responder", who: "bo", on: false }, (tenant) => tenant.responders.includes("bo")],
  lacking("others", "Its rights cannot be read", "rights-unreadable", "mailbox rights"),
];
const drawn = [];
let bounce = null;

export function wireTenant(putIntoChat) {
  for (const [where, title, name, body] of BUTTONS) {
    $(`${where}-buttons`).append(button(title, () => act({ who: "ana", ...body }), { testid: `tenant-${name}` }));
  }
  for (const [where, title, name, on, off, isOn] of SWITCHES) {
    const made = button(title, () => act({ who: "ana", ...(made.getAttribute("aria-checked") === "true" ? off : on) }),
      { testid: `tenant-${name}` });
    made.setAttribute("role", "switch");
    $(`${where}-buttons`).append(made);
    drawn.push([made, isOn]);
  }
  $("use-bounce").addEventListener("click", () => {
    become("ana");
    show("chat-pane");
    putIntoChat(bounce);
  });
  wireSources(act);
  setInterval(countDown, 1000);
}

export function drawTenant(tenant) {
  const ana = tenant.people.find((person) => person.key === "ana");
  drawAccount(ana);
  for (const [made, isOn] of drawn) made.setAttribute("aria-checked", String(Boolean(isOn(tenant))));
  put("time", `It is ${clock(new Date(present()))}${tenant.ahead ? `, ${later(tenant.ahead)} ahead of this machine` : ""}.`);
  lines("restricted", tenant.restricted, (entry) => entry.address, drawEntry, "No one is restricted.");
  lines("policies", tenant.policies, (one) => one.name, describePolicy, "");
  lines("connectors", tenant.connectors, (one) => one.id, (one) => `${one.id}\nrestricted since ${clock(one.since)}`,
    "Not restricted.");
  countDown();
  drawLag(tenant.list_lag);
  drawSources(tenant.faults);
  lines("people", tenant.people, (person) => person.key, describe, "");
  lines("log", tenant.log.slice(-14).reverse(), (line) => line.at + line.text,
    (line) => `${clock(line.at, true)} ${line.text}`, "Nothing yet.");
}

function later(seconds) {
  const hours = Math.round(seconds / 3600);
  const [days, rest] = [Math.floor(hours / 24), hours % 24];
  return [days && `${days} ${days === 1 ? "day" : "days"}`, rest && `${rest} ${rest === 1 ? "hour" : "hours"}`].filter(Boolean).join(" ");
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
  put("state", stateOf(ana));
  bounce = ana.mail?.bounce ?? null;
  if (ana.mail) put("mail", `${clock(ana.mail.at, true)} ${bounce ? "✖ came back: 550 5.1.8 Access denied, bad outbound sender" : "✔ delivered"}`);
  $("bounced").hidden = !bounce;
}

function describePolicy(policy) {
  const limits = policy.limits.map((limit) => limit || "service default").join(" / ");
  return `${policy.name}: ${limits}\n${policy.whom.join(", ") || (policy.name === "Default" ? "everyone else" : "no rule: no one")}`;
}

function stateOf(person) {
  return [
    person.enabled ? "enabled" : "disabled", person.synced ? "from on-premises" : "cloud-only", person.role && "holds an admin role",
    person.signed_out_at && `signed out everywhere ${clock(person.signed_out_at, true)}`,
    person.must_change_password && "must choose a new password",
  ].filter(Boolean).join(", ");
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
    const left = Math.ceil((new Date(item.dataset.goneAt) - present()) / 1000);
    item.dataset.left = left > 0 ? ` for ${left} s` : "";
  }
}

