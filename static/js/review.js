// The keys of the review: everything they do is also a link or a button.
//
// <section data-review> <details data-keys hidden>…</details> <ol> <li id="KEY" data-clause tabindex="-1" [class="current"]>
//   <a data-open> <button data-accept> <form data-keep> … <button data-save> </form>
// A key typed into a field, held with another one, or meant for an input method is left alone.

export function watchKeys(page) {
  if (page.dataset.ready) return;
  page.dataset.ready = "yes";
  page.querySelector("[data-keys]").hidden = false;
  showSource(document.querySelector(".src.is-here"));
  if (location.hash) at(page, location.hash.slice(1))?.focus({ preventScroll: true });
  document.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || !page.isConnected) return;
    if (press(page, event)) event.preventDefault();
  });
}

const at = (page, id) => [...page.querySelectorAll("[data-clause]")].find(clause => clause.id === decodeURIComponent(id));
const here = page => document.activeElement.closest("[data-clause]") ?? page.querySelector(".current");
const isTyping = target => target.closest("input, textarea, select, [contenteditable]");

function press(page, event) {
  const typing = isTyping(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    const save = (event.target.closest("[data-clause]") ?? page).querySelector("[data-save]");
    save?.click();
    return Boolean(save);
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "Escape" && event.target.closest("[data-keep]")) return focus(event.target.closest("[data-clause]"));
  if (typing) return false;
  if (event.key === "?") return toggle(page);
  if (event.repeat && event.key !== "j" && event.key !== "k") return false;
  return move(page, event) || open(page, event) || accept(page, event);
}

function move(page, event) {
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const way = { j: 1, k: -1 }[event.key] ?? (document.activeElement.matches("[data-clause]") ? arrow : undefined);
  if (!way) return false;
  const clauses = [...page.querySelectorAll("[data-clause]")], now = here(page);
  return focus(document.activeElement.closest("[data-clause]") || now ? clauses[clauses.indexOf(now) + way] ?? now : clauses[0]);
}

function open(page, event) {
  const clause = here(page);
  if (!clause || !(event.key === "e" || (event.key === "Enter" && event.target === clause))) return false;
  const link = clause.querySelector("[data-open]");
  if (link) link.click(); else clause.querySelector("textarea")?.focus();
  return true;
}

function accept(page, event) {
  if (event.key !== "a") return false;
  const deed = here(page)?.querySelector("[data-accept], [data-save]");
  deed?.click();
  return Boolean(deed);
}

function toggle(page) {
  const list = page.querySelector("[data-keys]");
  list.open = !list.open;
  if (list.open) list.querySelector("summary").focus();
  return true;
}

function focus(clause) {
  if (!clause) return false;
  clause.focus({ preventScroll: true });
  clause.scrollIntoView({ block: "nearest" });
  showSource(document.querySelector(`.source a[href$="#${CSS.escape(clause.id)}"]`));
  return true;
}

function showSource(mark) { // the source has a scroll of its own on a wide screen
  const pane = mark?.closest(".source");
  if (pane && pane.scrollHeight > pane.clientHeight) pane.scrollTop = mark.offsetTop - pane.clientHeight / 3;
}
