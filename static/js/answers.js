// Saves an answer when it is given, and keeps what could not be sent until it can. Without script the form is sent by its button.
//
// <form data-answer data-person="7" data-attempt="41" method="post" action="…"
//       data-saved="Saved" data-offline="Offline, kept on this phone, will retry" data-refused="Not accepted. Open the page again.">
//   <input type="hidden" name="seq" value="3"> …   <span class="saved" role="status" data-save-status></span>
// Every kept answer has its own seq, so a late one never covers a newer one. A 2xx is success. What is kept is the
// answer alone: no token, and nothing once the server has taken or refused it.
import { FORTNIGHT, entries, fill, keys } from "./keeping.js";

const REFUSED = [400, 404, 405, 409, 410, 413, 422]; // repeating cannot help; all else is tried again
const draining = new Set();
const keyOf = form => `answers:${form.dataset.person}:${form.dataset.attempt}`;
const read = key => { try { return [JSON.parse(localStorage.getItem(key)) ?? []].flat(); } catch { return []; } };
const write = (key, queue) => (queue.length ? localStorage.setItem(key, JSON.stringify(queue)) : localStorage.removeItem(key));
const current = key => [...document.querySelectorAll("form[data-answer]")].find(form => keyOf(form) === key);

export function watchAnswers(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  restore(form);
  let typing;
  const keep = () => { typing = clearTimeout(typing); enqueue(form); };
  form.addEventListener("change", keep);
  form.addEventListener("input", event => {
    if (!event.target.matches("textarea, input:not([type=radio], [type=checkbox])")) return;
    typing = clearTimeout(typing) ?? setTimeout(keep, 2000);
  });
  addEventListener("pagehide", () => { if (typing) keep(); });
  drain(keyOf(form));
}

// Where nobody is signed in: an answer not sent yet waits for its person, everything else goes.
export function tidyAnswers() {
  for (const key of keys("answers:")) {
    write(key, key.endsWith(":refused") ? [] : read(key).filter(entry => Date.now() - parseInt(entry.id) < FORTNIGHT));
  }
}

function enqueue(form) {
  const entry = { id: `${Date.now()}-${Math.random()}`, url: form.action, body: [...entries(form), ["save", "1"]] };
  write(keyOf(form), [...read(keyOf(form)), entry]);
  if (form.elements.seq) form.elements.seq.value = Number(form.elements.seq.value) + 1;
  drain(keyOf(form));
}

function restore(form) { // what is still here is newer than what the server showed
  const kept = read(keyOf(form)).findLast(entry => entry.url === form.action);
  if (!kept) return;
  fill(form, kept.body);
  if (form.elements.seq) form.elements.seq.value = Math.max(form.elements.seq.value, Number(kept.body.find(([n]) => n === "seq")[1]) + 1);
}

async function drain(key) {
  if (draining.has(key)) return;
  draining.add(key);
  for (let wait = 1000, entry; (entry = read(key)[0]); ) {
    const [state, time] = await send(entry);
    if (state === "offline") { say(key, state); await pause(wait); wait = Math.min(wait * 2, 60_000); continue; }
    const over = each => each.id === entry.id || (state === "refused" && fromTheSamePage(each, entry));
    write(key, read(key).filter(each => !over(each))); // read again: another tab may have added
    wait = 1000;
    if (state === "refused" || !read(key).length) say(key, state, time);
  }
  draining.delete(key);
}

// Another device answered after this page was shown: what was clicked on it later is as old as what was refused.
const fromTheSamePage = (one, other) => one.url === other.url && ticketOf(one) === ticketOf(other);
const ticketOf = entry => entry.body.find(([name]) => name === "ticket")?.[1];

async function send({ url, body }) {
  const fields = new URLSearchParams(body);
  fields.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  try {
    const answer = await fetch(url, { method: "POST", body: fields });
    if (REFUSED.includes(answer.status)) return ["refused"];
    const signedOut = answer.redirected && new URL(answer.url).pathname === document.body.dataset.login;
    if (!answer.ok || signedOut) return ["offline"];
    return ["saved", new Date(answer.headers.get("Date") ?? Date.now()).toLocaleTimeString("en-GB")];
  } catch { return ["offline"]; }
}
function say(key, state, time = "") {
  const form = current(key), place = form?.querySelector("[data-save-status]");
  if (!place) return;
  place.dataset.state = state;
  place.textContent = `${form.dataset[state] ?? form.dataset.offline} ${time}`.trim();
}
const pause = ms => new Promise(done => { const timer = setTimeout(done, ms); addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true }); });
