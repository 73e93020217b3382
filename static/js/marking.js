// The keys of the marking queue: everything they do is also a radio button, a link or a button.
//
// <details data-keys hidden> <a data-skip> <a data-undo>
// <form data-marking> <fieldset data-criterion> three radio buttons … </fieldset> <textarea name="comment"> </form>
// A key held with another one, meant for an input method, or typed into the comment is left alone.

const CHOICES = { 1: 0, 2: 1, 3: 2 };

export function watchMarking(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  document.querySelector("[data-keys]")?.removeAttribute("hidden");
  document.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || !form.isConnected) return;
    if (press(form, event)) event.preventDefault();
  });
}

const criteria = form => [...form.querySelectorAll("[data-criterion]")];
const radios = criterion => [...criterion.querySelectorAll("[type=radio]")];
const here = form => document.activeElement.closest("[data-criterion]")
  ?? criteria(form).find(each => !radios(each).some(radio => radio.checked)) ?? criteria(form)[0];

function press(form, event) {
  const typing = event.target.closest("textarea, input:not([type=radio]), select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey) return save(form, event);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (typing) return event.key === "Escape" && focus(here(form));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return move(form, event.key === "ArrowDown" ? 1 : -1);
  if (event.repeat || event.shiftKey && event.key !== "?") return false;
  if (event.key in CHOICES) return choose(form, CHOICES[event.key]);
  if (event.key === "Enter") return !event.target.closest("a, button, summary") && save(form, event);
  if (event.key === "c") return focusOn(form.querySelector("textarea"));
  if (event.key === "s") return follow("[data-skip]");
  if (event.key === "u") return follow("[data-undo]");
  return event.key === "?" && toggle();
}

function choose(form, number) {
  const now = here(form), radio = radios(now)[number];
  if (!radio) return false;
  radio.checked = true;
  const next = criteria(form)[criteria(form).indexOf(now) + 1];
  return next ? focus(next) : focusOn(form.querySelector("[data-save]"));
}

function move(form, way) {
  const all = criteria(form);
  return focus(all[Math.min(Math.max(all.indexOf(here(form)) + (document.activeElement.closest("[data-criterion]") ? way : 0), 0), all.length - 1)]);
}

function focus(criterion) {
  return Boolean(criterion) && focusOn(radios(criterion).find(radio => radio.checked) ?? radios(criterion)[0]);
}

function focusOn(element) {
  element?.focus();
  return Boolean(element);
}

function save(form, event) {
  if (!event.repeat) form.requestSubmit(form.querySelector("[data-save]"));
  return true;
}

function follow(what) {
  const link = document.querySelector(what);
  link?.click();
  return Boolean(link);
}

function toggle() {
  const list = document.querySelector("[data-keys]");
  if (!list) return false;
  list.open = !list.open;
  if (list.open) list.querySelector("summary").focus();
  return true;
}
