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
    what: "Press “Reset password” on the Microsoft 365 side. Then press on Ana's card “I have reset it”, “It is set up” and, for the mailing, “Yes”: to about 2000 people, “Save”.",
    why: "A restricted account is often a stolen one. The card checks the directory, not your click. Try it without resetting first." },
  { key: "requested", title: "Send the request", who: ANA, pane: "chat", verbs: ["send"],
    what: "Press “Send to the admins” on Ana's card.",
    why: "The request reaches the admins' channel as one card: what Ana says beside what the directory says." },
  { key: "approved", title: "Decide as an approver", who: APPROVERS, pane: "channel", verbs: ["approve", "retry"],
    what: "Become Bo, press “Approve” on the card in the channel, then “Yes, unblock”.",
    why: "Only an approver may decide, and no one their own case: as Ana or Dan the same button is refused. Then watch the list; the entry disappears after a few seconds." },
  { key: "works", title: "See that it works", who: ANA, pane: "chat", verbs: ["works"],
    first: { testid: "tenant-send-message", until: sentSince },
    what: "When the list is empty, press “Send a message” on the Microsoft 365 side, then, as Ana, “It works” on her card.",
    why: "Approved is not done. The case ends when someone has seen mail go out." },
  { key: "proven", title: "See it proven", who: [...ANA, ...APPROVERS], pane: "chat", verbs: [],
    what: "Nothing to press: within a minute or so both cards say “Confirmed”.",
    why: "“It works” is a word. Sendwell looks in message trace for a message that was really delivered; a real one can take hours to show." },
];

const STOLEN = [
  { key: "asked", title: "The intruder asks", who: ANA, pane: "chat", ask: true,
    what: "As the intruder in Ana's account, press “Paste a fresh bounce” and send it.",
    why: "Someone signed in from abroad, hid a rule that forwards her mail, and sent spam. Sendwell cannot see who writes, so it never takes anyone's word." },
  { key: "requested", title: "Press on", who: ANA, pane: "chat", verbs: ["tell", "send"],
    what: "Press “Tell the admins now”: an intruder is in a hurry.",
    why: "The request goes out with its open steps marked open." },
  { key: "contained", title: "Lock the intruder out", who: APPROVERS, pane: "channel", verbs: ["contain_confirm", "contain"],
    what: "Become Bo and read the signs on the card. Press “Contain the account”, tick the steps, press “Show what will be done”, then “Yes, do all of this”.",
    why: "Sessions end, a new password is set that no one knows, and the intruder's rule is disabled. Approving alone would hand the mailbox back." },
  { key: "denied", title: "Deny", who: APPROVERS, pane: "channel", verbs: ["deny"],
    what: "The card says to call or meet Ana before anyone unblocks her, and no one has: press “Deny”, give a reason that Ana may read, and press “Deny the request”.",
    why: "The request was the intruder's. She can ask again once she has her account back; what was found stays with the case until an approver signs it off." },
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
