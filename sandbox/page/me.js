// Whose eyes the page looks through, remembered over a reload.
let viewer = localStorage.getItem("viewer") || "ana";
const watching = [];

export const me = () => viewer;

export function become(key) {
  if (key === viewer) return;
  const before = viewer;
  viewer = key;
  localStorage.setItem("viewer", key);
  for (const told of watching) told(key, before);
}

export function onBecoming(told) {
  watching.push(told);
}
