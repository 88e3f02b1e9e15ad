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
  ["finds", "Forwards outside", "finds-forwarding", { do: "investigate", what: "forwarding" }],
  ["finds", "Hidden rule outside", "finds-rule", { do: "investigate", what: "hidden rule" }],
  ["finds", "Rule that deletes", "finds-deleting", { do: "investigate", what: "deleting rule" }],
  ["finds", "Sign-in from abroad", "finds-abroad", { do: "investigate", what: "abroad" }],
  ["finds", "12 wrong passwords", "finds-burst", { do: "investigate", what: "burst" }],
  ["finds", "High risk", "finds-risk", { do: "investigate", what: "risk" }],
  ["finds", "App given access", "finds-consent", { do: "investigate", what: "consent" }],
  ["clears", "No forwarding", "clears-forwarding", { do: "investigate", what: "no forwarding" }],
  ["clears", "No rules", "clears-rules", { do: "investigate", what: "no rules" }],
  ["clears", "No risk", "clears-risk", { do: "investigate", what: "no risk" }],
  ...[["Entra ID P1", "sign-ins"], ["Entra ID P2", "risk"], ["Message trace", "message trace"],
    ["Message trace set up", "message trace set-up"],
    ["Get-Mailbox", "mailboxes"], ["Get-InboxRule", "inbox rules"], ["Audit log", "audit"]].map(([title, what]) =>
    ["lacks", title, `lacks-${what.replaceAll(" ", "-")}`, { do: "unreadable", what, on: true }]),
  ["lacks", "Nothing: all are there", "lacks-nothing", { do: "readable" }],
  ["watch", "Restrict Dan, who did not ask", "restrict-dan", { do: "restrict", who: "dan", kind: "limit" }],
  ["watch", "Lift Dan in Defender", "lift-dan", { do: "lift", who: "dan" }],
  ["watch", "Dan never had the app", "dan-without", { do: "installed", who: "dan", on: false }],
  ["watch", "The list is cut short", "truncate", { do: "truncate", on: true }],
  ["watch", "It is whole again", "whole", { do: "truncate", on: false }],
  ["policies", "A policy for bulk senders, Ana among them", "bulk-senders", { do: "bulk_senders" }],
  ["policies", "Somebody changes Default", "change-policy", { do: "change_policy" }],
  ["policies", "Default sets no limits", "no-limits", { do: "no_limits" }],
  ["policies", "They cannot be read", "policies-unreadable", { do: "lacks_policies", on: true }],
  ["policies", "They can be read", "policies-readable", { do: "lacks_policies", on: false }],
  ["policies", "A new rule is refused", "refuse-rule", { do: "fail", service: "exchange.rule", fault: "nul403" }],
  ["policies", "It is taken", "take-rule", { do: "heal", service: "exchange.rule" }],
  ["contain", "Exchange refuses changes to her mailbox", "refuse-contain", { do: "fail", service: "exchange.contain", fault: "nul403" }],
  ["contain", "It takes them", "take-contain", { do: "heal", service: "exchange.contain" }],
  ["contain", "Ana holds an admin role", "role", { do: "role", on: true }],
  ["contain", "Ana holds none", "no-role", { do: "role", on: false }],
  ["contain", "Ana's account comes from on-premises", "synced", { do: "synchronised", on: true }],
  ["contain", "It is cloud-only", "cloud-only", { do: "synchronised", on: false }],
  ["contain", "Bo is no responder", "no-responder", { do: "responder", who: "bo", on: false }],
  ["contain", "Bo is one", "responder", { do: "responder", who: "bo", on: true }],
  ["connector", "Restrict it", "restrict-connector", { do: "restrict_connector" }],
  ["others", "Restrict the shared mailbox", "restrict-shared", { do: "restrict_shared" }],
  ["others", "Its rights cannot be read", "rights-unreadable", { do: "unreadable", what: "mailbox rights", on: true }],
  ["others", "They can be read", "rights-readable", { do: "unreadable", what: "mailbox rights", on: false }],
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
  return `${policy.name}: ${limits}\n${policy.whom.join(", ") || (policy.name === "Default" ? "everybody else" : "no rule: nobody")}`;
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
    const left = Math.ceil((new Date(item.dataset.goneAt) - Date.now()) / 1000);
    item.dataset.left = left > 0 ? ` for ${left} s` : "";
  }
}

