// The guide's two stories: what is to be done in each step, by whom, and which buttons of a card do it.
// A card's buttons are named by what they ask for, as they travel: their titles are the bot's to choose.
const ANA = ["ana"];
const APPROVERS = ["bo", "cleo"];

const HONEST = [
  { key: "asked", title: "Ask why", who: ANA, pane: "chat", ask: true,
    what: "As Ana, press “Paste a fresh bounce” below her chat, and send it.",
    why: "Ana mailed her newsletter to 2,000 people, and Microsoft 365 restricted her address. Sendwell reads the bounce and the restricted list before it asks her anything." },
  { key: "secured", title: "Secure the account", who: ANA, pane: "chat", verbs: ["password_done", "mfa_done", "mailing_yes"],
    first: { testid: "tenant-reset-password", until: resetSince },
    what: "Press “Reset password” on the Microsoft 365 side, then answer Ana's card: yes, a mailing to 2000.",
    why: "A restricted account is often a stolen one. The card checks the directory, not your click. Try it without resetting first." },
  { key: "requested", title: "Send the request", who: ANA, pane: "chat", verbs: ["send"],
    what: "Press “Send to the admins” on Ana's card.",
    why: "The request reaches the admins' channel as one card: what Ana says beside what the directory says." },
  { key: "approved", title: "Decide as an approver", who: APPROVERS, pane: "channel", verbs: ["approve", "retry"],
    what: "Become Bo, press “Approve” on the card in the channel, and confirm.",
    why: "Only an approver may decide, and no one their own case: as Ana or Dan the same button is refused. Then watch the list; the entry disappears after a few seconds." },
  { key: "works", title: "See that it works", who: ANA, pane: "chat", verbs: ["works"],
    first: { testid: "tenant-send-message", until: sentSince },
    what: "When the list is empty, press “Send a message” on the Microsoft 365 side, then, as Ana, “It works” on her card.",
    why: "Approved is not done. The case ends when someone has seen mail go out." },
];

const STOLEN = [
  { key: "asked", title: "The intruder asks", who: ANA, pane: "chat", ask: true,
    what: "As whoever is in Ana's account, press “Paste a fresh bounce” and send it.",
    why: "Someone signed in from abroad, hid a rule that forwards her mail, and sent spam. Sendwell cannot see who writes, so it never takes anyone's word." },
  { key: "requested", title: "Press on", who: ANA, pane: "chat", verbs: ["tell", "send"],
    what: "Press “Tell the admins now”: an intruder is in a hurry.",
    why: "The request goes out with its open steps marked open." },
  { key: "contained", title: "Lock the intruder out", who: APPROVERS, pane: "channel", verbs: ["contain_confirm", "contain"],
    what: "Become Bo and read what speaks against it. Press “Contain”, tick what to do, and confirm it on the next card.",
    why: "Sessions end, a new password is set that no one knows, and the intruder's rule is disabled. Approving alone would hand the mailbox back." },
  { key: "denied", title: "Deny", who: APPROVERS, pane: "channel", verbs: ["deny"],
    what: "Press “Deny” and give a reason that Ana may read.",
    why: "She can ask again once she has her account back; what was found stays with the case until an approver signs it off." },
];

export const STORIES = {
  honest: { title: "the honest story", steps: HONEST },
  stolen: { title: "the stolen account", steps: STOLEN },
};
export const otherThan = (story) => (story === "honest" ? "stolen" : "honest");

const anaOf = (state) => state.tenant.people.find((person) => person.key === "ana");

function resetSince(state) {
  const since = state.tenant.restricted.map((entry) => entry.since).filter(Boolean).sort().at(-1);
  return !since || anaOf(state).password_changed_at > since;
}

function sentSince(state) {
  const { mail, restricted } = anaOf(state);
  return restricted || Boolean(mail && !mail.bounce);
}
