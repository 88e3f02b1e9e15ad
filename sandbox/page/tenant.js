// The third pane: what Microsoft 365 holds, and buttons that change it.

const $ = (id) => document.getElementById(id);

const buttons = [
  ["Ana resets her password", "reset-password", { do: "reset_password", who: "ana" }],
  ["Ana sets up a sign-in method", "add-method", { do: "add_method", who: "ana" }],
  ["Ana loses her sign-in methods", "remove-methods", { do: "remove_methods", who: "ana" }],
  ["Ana sends 2,000 messages", "send-mailing", { do: "send_mailing", who: "ana" }],
  ["Restrict Ana: spam verdict", "restrict-spam", { do: "restrict", who: "ana", kind: "spam" }],
  ["Restrict Ana: service rate", "restrict-rate", { do: "restrict", who: "ana", kind: "rate" }],
  ["Restrict Ana: unknown reason", "restrict-unknown", { do: "restrict", who: "ana", kind: "unknown" }],
  ["Lift in Defender", "lift", { do: "lift", who: "ana" }],
  ["List lags 60 s", "lag", { do: "list_lag", seconds: 60 }],
  ["List lags 4 s", "no-lag", { do: "list_lag", seconds: 4 }],
  ["Ana's unblocks are used up", "limit", { do: "limit_unblocks", who: "ana", on: true }],
  ["Ana may be unblocked again", "unlimit", { do: "limit_unblocks", who: "ana", on: false }],
];

export function wireTenant(send) {
  const act = (body) => send("/tenant", body).catch(() => {});
  $("buttons").replaceChildren(...buttons.map(([title, name, body]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.dataset.testid = `tenant-${name}`;
    button.addEventListener("click", () => act(body));
    return button;
  }));
  $("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act({ do: "fail", service: $("service").value, fault: $("fault").value });
  });
  $("heal").addEventListener("click", () => act({ do: "heal" }));
}

function items(id, rows, nothing) {
  $(id).replaceChildren(...(rows.length ? rows : [nothing]).map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

const time = (iso) => new Date(iso).toLocaleTimeString();

export function drawTenant(tenant) {
  items("restricted", tenant.restricted.map((entry) =>
    `${entry.address} since ${time(entry.since)}${entry.lagging ? " (removed, still shown)" : ""}`), "Nobody is restricted.");
  items("faults", tenant.faults.map((f) => `${f.service}: ${f.fault}`), "Every source works.");
  items("people", tenant.people.map((p) =>
    `${p.name}: password ${new Date(p.password_changed_at).toLocaleString()}, `
    + `${p.methods.length ? p.methods.join(", ") : "no second factor"}`
    + `${p.restricted ? ", RESTRICTED" : ""}${p.enabled ? "" : ", disabled"}`), "");
  items("log", tenant.log.slice(-12).reverse().map((line) => `${time(line.at)} ${line.text}`), "Nothing yet.");
}
