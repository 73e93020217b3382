// Keeps what is typed into a form on the device until it is saved: closing the tab loses nothing.
//
// <form data-keep data-person="7" data-draft="41" data-key="FD-LANG-002"
//       data-restored="…is restored." data-older="…changed since." data-discard="Discard">
//   <input type="hidden" name="shown" value="9c1f…"> …       (data-stand="seen" where the field is called otherwise)
// What was typed on words that somebody else changed since goes back with its own `shown`, so that the server shows
// both texts instead of taking one. [data-forget][data-draft] on a page names the clause the server has just saved.
import { FORTNIGHT, entries, fill, keys, read, write } from "./keeping.js";

const keyOf = (person, draft, clause) => `words:${person}:${draft}:${clause}`;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export function keepWords(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  const key = keyOf(form.dataset.person, form.dataset.draft, form.dataset.key);
  const stand = standOf(form), shown = stand.value;
  const given = form.querySelector("[role=alert]"); // the server has just given back what was typed
  const before = given ? null : typed(form);
  if (!given) restore(form, key, shown, before);
  let waiting;
  const keep = (sent = false) => {
    waiting = clearTimeout(waiting);
    if (form.dataset.discarded) return;
    write(key, same(typed(form), before) && !sent ? null : { shown: stand.value, body: typed(form), at: Date.now(), sent });
  };
  form.addEventListener("input", () => { waiting = clearTimeout(waiting) ?? setTimeout(keep, 400); });
  form.addEventListener("change", () => keep());
  form.addEventListener("submit", () => keep(true));
  addEventListener("pagehide", () => { if (waiting) keep(); });
}

const standOf = form => form.elements[form.dataset.stand ?? "shown"];
const typed = form => entries(form).filter(([name]) => name !== standOf(form).name && name !== "do");

function restore(form, key, shown, before) {
  const kept = read(key);
  if (!kept || same(kept.body, before)) return write(key, null);
  fill(form, kept.body);
  standOf(form).value = kept.shown;
  form.prepend(notice(form, key, kept.shown === shown ? form.dataset.restored : form.dataset.older));
}

function notice(form, key, sentence) {
  const box = document.createElement("p");
  box.className = "kept small";
  box.setAttribute("role", "status");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "button button-text";
  discard.textContent = form.dataset.discard;
  discard.addEventListener("click", () => {
    write(key, null);
    form.dataset.discarded = "yes";
    form.reset();
    location.reload();
  });
  box.append(`${sentence} `, discard);
  return box;
}

// The server has this clause now: what was sent of it need not be kept.
export function forgetSaved(page) {
  const key = keyOf(document.body.dataset.person, page.dataset.draft, page.dataset.forget);
  if (read(key)?.sent) write(key, null);
}

// At the sign-out of one's own will everything goes; where a session merely ended, a fortnight's words wait.
export function tidyWords(all) {
  for (const key of keys("words:")) if (all || !(Date.now() - read(key)?.at < FORTNIGHT)) write(key, null);
}
