// What goes to the sandbox, and the line that says when it did not arrive.
import { $, button, element } from "/page/dom.js";

const SHOWN_FOR = 8000;
let hiding = 0;

export function toast(...words) {
  const close = button("Close", () => { $("toast").hidden = true; }, { className: "link" });
  $("toast").replaceChildren(...words, " ", close);
  $("toast").hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(hide, SHOWN_FOR);
}

// Not under the reader's hands.
function hide() {
  if ($("toast").matches(":hover, :focus-within")) hiding = setTimeout(hide, SHOWN_FOR);
  else $("toast").hidden = true;
}

// A card's link leads to the real Microsoft, which knows nothing of these people: said first.
export function leadOut(url) {
  const link = element("a", "", url);
  if (/^(https?|mailto|msteams):/i.test(url)) link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  toast("In Teams this opens a page outside the sandbox: ", link);
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

// Everything began anew: what this page remembers of before is of no use.
export function loadAnew() {
  localStorage.removeItem("seen");
  location.reload();
}
