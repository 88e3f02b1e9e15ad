// Where a list of messages stands: a new one shows its head, and nobody who reads elsewhere is moved.

const NEAR = 60;
const MARGIN = 8;
const placed = new WeakMap();

const end = (list) => list.scrollHeight - list.clientHeight;

// Following: at the end, or still where the page itself put the list.
export function follows(list) {
  const put = placed.get(list);
  return end(list) - list.scrollTop < NEAR || (put !== undefined && Math.abs(list.scrollTop - put) < 4);
}

export function showHead(list, item) {
  const top = list.scrollTop + item.getBoundingClientRect().top - list.getBoundingClientRect().top;
  list.scrollTop = Math.min(Math.max(0, top - MARGIN), Math.max(0, end(list)));
  placed.set(list, list.scrollTop);
}

export function headIsVisible(list, item) {
  const top = item.getBoundingClientRect().top;
  const frame = list.getBoundingClientRect();
  return top >= frame.top - 1 && top < frame.bottom - 24;
}
