// What goes to the sandbox, and the line that says when it did not arrive.
import { $ } from "/page/dom.js";

let hiding = 0;

export function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { $("toast").hidden = true; }, 8000);
}

export async function send(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    toast(answer.error || "That did not work.");
    throw new Error(answer.error);
  }
  return answer;
}

export async function get(path) {
  return (await fetch(path)).json();
}
