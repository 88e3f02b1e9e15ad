// Text that shows where it just changed.
import { $, element } from "/page/dom.js";

const MOMENT = 2500;
const ends = new WeakMap();

// Light up for a moment; the style sheet leaves the movement out for whoever wants none.
export function flash(node) {
  node.classList.remove("changed");
  void node.offsetWidth; // begin the animation anew
  node.classList.add("changed");
  clearTimeout(ends.get(node));
  ends.set(node, setTimeout(() => node.classList.remove("changed"), MOMENT));
}

export function put(id, text) {
  const node = $(id);
  if (node.textContent === text) return;
  const known = node.dataset.known === "yes";
  node.textContent = text;
  node.dataset.known = "yes";
  if (known) flash(node);
}

// A list kept by key: what came or changed lights up, what is gone is gone.
export function lines(id, rows, keyOf, textOf, nothing) {
  const list = $(id);
  const old = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const first = list.dataset.known !== "yes";
  const shown = rows.map((row) => {
    const key = keyOf(row);
    const item = old.get(key) ?? element("li");
    const text = textOf(row, item);
    if (item.dataset.key !== key) item.dataset.key = key;
    if (item.textContent !== text) { item.textContent = text; if (!first) flash(item); }
    return item;
  });
  const empty = old.get("") ?? Object.assign(element("li", "subtle", nothing));
  empty.dataset.key = "";
  settle(list, shown.length || !nothing ? shown : [empty]);
  list.dataset.known = "yes";
}

// Moves only what must move: a moved node would begin its animation again.
function settle(list, shown) {
  const wanted = new Set(shown);
  for (const item of [...list.children]) if (!wanted.has(item)) item.remove();
  shown.forEach((item, index) => { if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null); });
}
