// The keys of a question, and the count of how often its page was left. All the keys do is also a link or a button.
//
// <p data-exam-keys hidden>Keys: …</p>   <a data-go="back">   <button data-save>   <button data-flag>
import { keys, read, write } from "./keeping.js";

export function watchExamKeys(help) {
  if (help.dataset.ready) return;
  help.dataset.ready = "yes";
  help.hidden = false;
  document.addEventListener("keydown", event => {
    const held = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229 || event.repeat;
    if (held || event.defaultPrevented || !help.isConnected) return;
    if (press(event)) event.preventDefault();
  });
}

const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=hidden])";

function press(event) {
  const form = document.querySelector("form[data-answer]"), on = event.target;
  if (!form || on.closest(TYPING)) return false;
  if (event.key === "Enter") return !on.closest("a, button, summary") && click(form.querySelector("[data-save]"));
  if (event.key.startsWith("Arrow") && on.closest("input, .moves, .positions")) return false; // the arrows are theirs
  const key = event.key.toLowerCase();
  if (key === "f") return click(form.querySelector("[data-flag]"));
  if (key === "n" || event.key === "ArrowRight") return click(form.querySelector("[data-save]"));
  if (key === "p" || event.key === "ArrowLeft") return click(form.querySelector("[data-go=back]"));
  const place = /^[1-8]$/.test(key) ? Number(key) - 1 : /^[a-h]$/.test(key) ? key.charCodeAt(0) - 97 : -1;
  const choice = form.querySelectorAll(".options input")[place];
  if (choice) choice.focus();
  return click(choice);
}

function click(element) {
  element?.click();
  return Boolean(element);
}

// --- leaving -------------------------------------------------------------------------------

// A page that is hidden was left. One that is unloaded may only have been opened anew: what that was, the next page knows.
// Going from question to question is not leaving; nor is choosing a file, whose picker hides the page.
const RELOADED = 10_000; // ms; by then a page opened anew is there
const leftKey = attempt => `left:${document.body.dataset.person}:${attempt}`;

export function watchLeaving({ dataset }) {
  if (!dataset.left || watchLeaving.begun) return;
  watchLeaving.begun = true;
  const within = `/attempts/${dataset.attempt}/`, key = leftKey(dataset.attempt);
  let staying = false;
  const stays = url => new URL(url, location.href).pathname.startsWith(within);
  const stay = () => { staying = true; setTimeout(() => { staying = false; }, RELOADED); };
  addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if ((link && stays(link.href)) || event.target.closest("[type=file], label:has([type=file])")) stay();
  }, true);
  addEventListener("submit", event => { if (stays(event.submitter?.formAction || event.target.action)) stay(); }, true);
  addEventListener("stays", stay);
  addEventListener("pagehide", () => {
    if (!staying) write(key, { at: Date.now(), url: dataset.left });
    staying = true;
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && !staying) tell(dataset.left); });
}

// On every page of a person: what was left before it.
export function tellLeft() {
  const attempt = document.querySelector("[data-sentences]")?.dataset.attempt;
  for (const key of keys(leftKey(""))) {
    const left = read(key);
    write(key, null);
    if (left && !(key === leftKey(attempt) && Date.now() - left.at < RELOADED)) tell(left.url);
  }
}

function tell(url) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  navigator.sendBeacon(url, new URLSearchParams({ csrfmiddlewaretoken: token }));
}
