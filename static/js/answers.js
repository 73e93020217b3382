// Saves an answer when it is given, and says what became of it. Without script the form is sent by its button.
//
// <form data-answer data-person="7" data-attempt="41" method="post" action="…">
//   <input type="hidden" name="seq" value="3"> …   <span class="saved" role="status" data-save-status></span>
//   <button name="flag" value="on" formaction="…" data-flag="3">
// The sentences stand once a page in [data-sentences] (templates/quizzes/_sentences.html).
import { syncClock } from "./countdown.js";
import { entries, fill } from "./keeping.js";
import { redraw, setPosition } from "./map.js";
import { drain, drop, keyOf, onTold, push, waiting } from "./queue.js";
import { sending, sendFile } from "./uploads.js";

const TYPED = "textarea, input:not([type=radio], [type=checkbox], [type=file], [type=hidden])";
const sentences = () => document.querySelector("[data-sentences]")?.dataset ?? {};
const formAt = url => [...document.querySelectorAll("form[data-answer]")].find(form => form.action === url);
const keyOfForm = form => keyOf(form.dataset.person, form.dataset.attempt);
const placeOf = url => Number(new URL(url).pathname.split("/")[3]);

export function watchAnswers(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  restore(form);
  let typing;
  const keep = () => { typing = clearTimeout(typing); enqueue(form); };
  form.addEventListener("change", event => (event.target.type === "file" ? sendFile(form, say) : keep()));
  form.addEventListener("input", event => { if (event.target.matches(TYPED)) typing = clearTimeout(typing) ?? setTimeout(keep, 1500); });
  form.addEventListener("submit", event => {
    if (typing) keep();
    if (navigator.onLine && !sending(form)) return;
    event.preventDefault(); // the page would be gone, and with it the way to send
    if (!navigator.onLine) say(form, "offline");
  });
  form.querySelector("[data-flag]")?.addEventListener("click", event => { event.preventDefault(); flag(form, event.currentTarget); });
  for (const moment of ["pagehide", "time-up"]) addEventListener(moment, () => { if (typing) keep(); });
  drain(keyOfForm(form));
}

function enqueue(form) {
  const seq = push(keyOfForm(form), form.action, [...entries(form), ["save", "1"]]);
  form.elements.seq.value = seq + 1;
  drain(keyOfForm(form));
}

function restore(form) { // what is still here is newer than what the server showed
  const kept = waiting(keyOfForm(form)).findLast(entry => entry.url === form.action);
  if (!kept) return;
  fill(form, kept.body);
  form.elements.seq.value = Math.max(form.elements.seq.value, Number(kept.body.find(([name]) => name === "seq")[1]) + 1);
}

function flag(form, button) {
  const on = button.value === "on", words = sentences();
  push(keyOfForm(form), button.formAction, [["flag", button.value], ["save", "1"]]);
  button.value = on ? "off" : "on";
  button.textContent = on ? words.flagoff : words.flagon;
  button.classList.toggle("is-on", on);
  setPosition(Number(button.dataset.flag), "is-flagged", on);
  drain(keyOfForm(form));
}

// --- what became of it ---------------------------------------------------------------

onTold((key, entry, got) => {
  const form = formAt(entry.url), isAnswer = entry.url.endsWith("/answer/");
  if (got.told?.now) syncClock(got.told);
  if (!waiting(key).some(each => each.url === entry.url && each.id !== entry.id)) showTold(form, entry, got);
  if (got.state === "clash") choose(key, entry, form, got.page);
  if (got.state === "saved" && isAnswer && form) setPosition(placeOf(entry.url), "is-done", isGiven(entry.body));
  redraw(waiting(key).map(each => placeOf(each.url)), got.state !== "saved"); // what is in line for a moment is not waiting
});

const isGiven = body => body.some(([name, value]) => !["seq", "ticket", "save", "stay"].includes(name) && value.trim());

function showTold(form, entry, { state, told }) {
  if (state === "refused" && told.code === "left" && !form) return; // the answer it was left with is there
  const place = form ?? (state === "saved" ? null : document.querySelector("form[data-answer], form[data-hand-in]"));
  if (place) say(place, state, told?.said);
}

export function say(form, state, said) {
  const place = form.querySelector("[data-save-status]") ?? document.querySelector("[data-save-status]");
  if (!place) return;
  const words = sentences();
  place.dataset.state = state === "clash" || state === "signedout" ? "refused" : state;
  place.textContent = said || words[state] || words.offline || "";
  if (state === "signedout") place.append(" ", signInLink(words.signin));
}

function signInLink(words) {
  const link = document.createElement("a");
  link.className = "reach";
  link.href = `${document.body.dataset.login}?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = words;
  return link;
}

// --- two answers: the server's page with both, and a choice ----------------------------

function choose(key, entry, form, page) {
  const box = new DOMParser().parseFromString(page, "text/html").getElementById("two-answers");
  if (!box) return;
  box.setAttribute("role", "alert");
  if (document.querySelector("form .button-primary")) box.querySelector(".button-primary").classList.remove("button-primary"); // one a page
  const before = document.getElementById("two-answers");
  if (before) before.replaceWith(box);
  else if (form) form.after(box);
  else document.querySelector("main > *").prepend(box);
  box.querySelector("[data-keep-theirs]").addEventListener("click", event => {
    event.preventDefault();
    drop(key, entry.url);
    const there = event.currentTarget.href;
    if (new URL(there).pathname === location.pathname) location.reload(); else location.assign(there);
  });
  box.querySelector("[data-use-mine]")?.addEventListener("submit", event => {
    event.preventDefault();
    const chosen = [...entries(event.currentTarget), ["save", "1"]];
    drop(key, entry.url);
    push(key, entry.url, chosen);
    if (form) takeOver(form, chosen);
    box.remove();
    drain(key);
  });
}

function takeOver(form, body) {
  fill(form, body);
  const value = name => body.find(([each]) => each === name)[1];
  form.elements.ticket.value = value("ticket");
  form.elements.seq.value = Number(value("seq")) + 1;
}

// --- handing in: first what is still on the device -----------------------------------------

export function holdHandIn(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  const key = keyOf(document.body.dataset.person, sentences().attempt);
  form.addEventListener("submit", async event => {
    if (!waiting(key).length) return;
    event.preventDefault();
    say(form, "offline", form.dataset.held);
    await drain(key);
    if (!waiting(key).length) form.requestSubmit();
  });
}
