// "Sendwell is typing", from what was said or pressed until the answer is there.
import { $, present } from "/page/dom.js";
import { me } from "/page/me.js";

const PATIENCE = 20_000;
const underWay = { chat: 0, channel: 0 };
let drawing = 0;

export async function whileTyping(name, work) {
  underWay[name] += 1;
  show(name, true);
  try {
    return await work();
  } finally {
    underWay[name] -= 1;
    if (!underWay[name]) show(name, false);
  }
}

function show(name, on) {
  $(`${name}-typing`).classList.toggle("on", on);
}

// The last word is the viewer's own and recent, and nothing of the bot came or changed since.
function owesAnswer(messages, now) {
  const last = messages.filter((message) => message.author.key === me()).at(-1);
  if (!last || now - new Date(last.at) > PATIENCE) return false;
  return !messages.some((message) => message.author.key === "bot" && (message.updated_at || message.at) > last.at);
}

export function drawTyping(name, messages, botIsUp) {
  clearTimeout(drawing);
  const owes = botIsUp && owesAnswer(messages, present());
  show(name, owes || underWay[name] > 0);
  if (owes) drawing = setTimeout(() => drawTyping(name, messages, botIsUp), PATIENCE);
}
