// The map of a paper, kept true between two pages of the server: answered, flagged and waiting, in shape and in words.
//
// <nav class="where"> <span data-counts> <span data-flags><b>2</b></span> <span data-pending>
//   <div class="positions"><a class="is-done is-flagged" aria-label="…">3</a>…

const links = () => [...document.querySelectorAll("nav.where .positions a")];
const numberOf = link => Number(link.textContent);

export function setPosition(number, state, on) {
  links().find(link => numberOf(link) === number)?.classList.toggle(state, on);
  redraw();
}

// waiting: numbers of what is kept on the device; left out, as it was. grows: whether more may be marked than were.
export function redraw(waiting, grows) {
  const words = document.querySelector("[data-sentences]")?.dataset, all = links();
  if (!words || !all.length) return;
  for (const link of all) {
    if (waiting) link.classList.toggle("is-waiting", waiting.includes(numberOf(link)) && (grows || link.classList.contains("is-waiting")));
    link.setAttribute("aria-label", label(link, words));
  }
  const count = state => all.filter(link => link.classList.contains(state)).length;
  put("nav [data-counts]", words.counts.replace("{done}", count("is-done")).replace("{open}", all.length - count("is-done")));
  put("[data-flags] b", count("is-flagged"));
  document.querySelector("[data-flags]")?.toggleAttribute("hidden", !count("is-flagged"));
  put("[data-pending]", count("is-waiting") ? words.waiting.replace("{count}", count("is-waiting")) : "");
}

function label(link, words) {
  const has = state => link.classList.contains(state);
  const flagged = has("is-flagged") ? words.flagged : "", waits = has("is-waiting") ? words.waits : "";
  return (has("is-done") ? words.done : words.open).replace("{number}", numberOf(link)) + flagged + waits;
}

const put = (place, text) => { const found = document.querySelector(place); if (found) found.textContent = text; };

// On a phone the map is one row: where one is stands in the middle of it.
export function showHere(map) {
  const here = map.querySelector(".is-here");
  if (here) map.scrollLeft = here.offsetLeft - (map.clientWidth - here.clientWidth) / 2;
}
