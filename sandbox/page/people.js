// Who you are: the story's people in a row, everybody in a list.
import { $, avatar, element } from "/page/dom.js";
import { become, me } from "/page/me.js";
import { hasNews } from "/page/unread.js";

const MAIN = ["ana", "bo", "cleo", "dan"];

function chip(person) {
  const input = element("input", "hidden");
  input.type = "radio";
  input.name = "who";
  input.value = person.key;
  input.addEventListener("change", () => become(person.key));
  const dot = element("span", "dot", element("span", "hidden", ", something new"));
  dot.dataset.testid = `news-${person.key}`;
  dot.hidden = true;
  const words = element("span", "words", element("b", "", person.name.split(" ")[0]), " ", element("small", "", person.role));
  const label = element("label", "chip", input, avatar(person.key, person.initials), words, dot);
  label.dataset.key = person.key;
  return label;
}

function build(people) {
  const main = people.filter((person) => MAIN.includes(person.key));
  $("who").append(...main.map(chip));
  const everybody = people.map((person) => new Option(`${person.name}, ${person.role}`, person.key));
  $("viewer").replaceChildren(new Option("Others …", ""), ...everybody);
  $("viewer").addEventListener("change", (event) => {
    become(event.target.value || me());
    showInList();
  });
}

// The list names only whom the row does not.
function showInList() {
  $("viewer").value = MAIN.includes(me()) ? "" : me();
}

export function drawPeople(people) {
  if (!$("who").childElementCount) build(people);
  showInList();
  $("viewer").classList.toggle("chosen", !MAIN.includes(me()));
  for (const person of people) {
    const label = $("who").querySelector(`[data-key="${person.key}"]`);
    if (!label) continue;
    label.querySelector("input").checked = person.key === me();
    label.querySelector(".dot").hidden = !hasNews(person);
  }
  const others = people.filter((person) => !MAIN.includes(person.key) && hasNews(person));
  $("more-dot").hidden = others.length === 0;
  $("more-dot").title = others.map((person) => person.name).join(", ");
}
