// Turns the selects of an ordering item into up and down buttons.
//
// <ol class="ordering" data-ordering data-up="Move up: {item}" data-down="Move down: {item}" data-moved="{item}: place {place}">
//   <li><span data-item>…</span><select name="rank-a">…1 to k…</select></li>
// Without script each select stands and is sent as it is. With it, a list nobody has moved stays
// unanswered: the selects are set at the first move, and "change" is fired once for the answer queue.

export function enhanceOrdering(list) {
  if (list.dataset.ready) return;
  list.dataset.ready = "yes";
  const rank = li => Number(li.querySelector("select").value) || Infinity;
  [...list.children].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b))).forEach(li => list.append(li));
  const region = document.createElement("p");
  region.className = "hidden";
  region.setAttribute("role", "status");
  list.after(region);
  for (const li of list.children) li.append(moves(list, li, region));
  list.classList.add("is-live");
  ends(list);
}

const name = li => (li.querySelector("[data-item]") ?? li.firstElementChild).textContent.trim();

function moves(list, li, region) {
  const box = document.createElement("span");
  box.className = "moves";
  for (const [way, sign] of [["up", "↑"], ["down", "↓"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.dataset.way = way;
    button.setAttribute("aria-label", list.dataset[way].replace("{item}", name(li)));
    button.addEventListener("click", () => move(list, li, button, region));
    box.append(button);
  }
  return box;
}

function move(list, li, button, region) {
  const other = button.dataset.way === "up" ? li.previousElementSibling : li.nextElementSibling;
  if (!other) return;
  button.dataset.way === "up" ? other.before(li) : other.after(li);
  button.focus(); // moving a node drops its focus
  [...list.children].forEach((each, index) => { each.querySelector("select").value = String(index + 1); });
  ends(list);
  const place = [...list.children].indexOf(li) + 1;
  region.textContent = (list.dataset.moved ?? "").replace("{item}", name(li)).replace("{place}", place);
  li.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
}

function ends(list) {
  for (const li of list.children) {
    li.querySelector("[data-way=up]").setAttribute("aria-disabled", String(!li.previousElementSibling));
    li.querySelector("[data-way=down]").setAttribute("aria-disabled", String(!li.nextElementSibling));
  }
}
