// Answers on their way: kept on the device until the server has them, sent in order, again and again until it answers.
//
// One list for each person and attempt (localStorage "answers:7:41"), so nobody sees or sends another's. An entry is
// {id, url, body, tried}; its body holds the page's ticket and its own seq, so that sending it twice is one success and a
// late one never covers a newer one. No token is kept, and nothing once the server has taken or refused it.
import { FORTNIGHT, keys } from "./keeping.js";

const REFUSED = [400, 405, 410, 413, 422]; // repeating cannot help; all else is tried again
const SOMEBODY_ELSE = [401, 403, 404]; // this page is of a session that is over
const draining = new Map(), clashed = new Set(), memory = new Map(), listeners = [];

export const keyOf = (person, attempt) => `answers:${person}:${attempt}`;
export const onTold = listener => listeners.push(listener);
const told = (key, entry, got) => listeners.forEach(listener => listener(key, entry, got));

export function waiting(key) {
  try { return [memory.get(key) ?? JSON.parse(localStorage.getItem(key)) ?? []].flat(); } catch { return []; }
}
function write(key, queue) {
  memory.delete(key);
  if (!queue.length) return localStorage.removeItem(key);
  try { localStorage.setItem(key, JSON.stringify(queue)); } catch { memory.set(key, queue); } // the device is full
}

const field = ({ body }, name) => body.find(([each]) => each === name)?.[1];
const samePage = one => other => one.url === other.url && field(one, "ticket") === field(other, "ticket");
const withSeq = (body, seq) => body.map(([name, value]) => [name, name === "seq" ? seq : value]);

// Puts an answer in the list; the number it took. One that no request has carried yet gives its number to the newer.
export function push(key, url, body) {
  const queue = waiting(key), entry = { id: `${Date.now()}-${Math.random()}`, url, body };
  const before = queue.filter(samePage(entry)).findLast(each => !each.tried || clashed.has(each.id));
  if (before) {
    before.body = withSeq(body, field(before, "seq"));
    clashed.delete(before.id);
  } else queue.push(entry);
  write(key, queue);
  return Number(field(before ?? entry, "seq"));
}

export const drop = (key, url) => write(key, waiting(key).filter(entry => entry.url !== url));

// Sends what waits; settles when nothing is left to send. Only for who is signed in on this page.
export function drain(key) {
  if (key.split(":")[1] !== document.body.dataset.person) return Promise.resolve();
  if (!draining.has(key)) draining.set(key, sendAll(key).finally(() => draining.delete(key)));
  return draining.get(key);
}

async function sendAll(key) {
  for (let wait = 1000, entry; (entry = waiting(key).find(each => !clashed.has(each.id))); ) {
    change(key, entry.id, each => ({ ...each, tried: true }));
    const got = await send(entry);
    if (got.state === "signedout") return told(key, entry, got);
    if (got.state === "offline") {
      told(key, entry, got);
      await pause(wait);
      wait = Math.min(wait * 2, 60_000);
      continue;
    }
    wait = 1000;
    if (got.state === "clash" && folded(key, entry)) continue;
    if (got.state === "clash") clashed.add(entry.id);
    else write(key, waiting(key).filter(each => each.id !== entry.id)); // read again: another tab may have added
    told(key, entry, got);
  }
}

const change = (key, id, how) => write(key, waiting(key).map(each => (each.id === id ? how(each) : each)));

// Another device answered after this page was shown: what was given on it later is as old as what was refused, so the
// newest of it stands under the refused number and is asked about, never sent over the other's.
function folded(key, entry) {
  const rest = waiting(key).filter(each => each.id !== entry.id && samePage(entry)(each));
  if (!rest.length) return false;
  const gone = new Set(rest.map(each => each.id));
  write(key, waiting(key).filter(each => !gone.has(each.id)));
  change(key, entry.id, each => ({ ...each, body: withSeq(rest.at(-1).body, field(entry, "seq")) }));
  return true;
}

async function send({ url, body }) {
  const fields = new URLSearchParams(body);
  fields.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
  try {
    const answer = await fetch(url, { method: "POST", body: fields, signal: AbortSignal.timeout?.(20_000) });
    return await understood(answer);
  } catch { return { state: "offline" }; }
}

// {state: "saved", "offline", "signedout", "refused" or "clash", told: what the server says, page: of a clash}
export async function understood(answer) {
  const signIn = answer.redirected && new URL(answer.url).pathname === document.body.dataset.login;
  if (signIn || SOMEBODY_ELSE.includes(answer.status)) return { state: "signedout" };
  const json = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (answer.status === 409 && !json) return { state: "clash", page: await answer.text() };
  if (answer.status !== 409 && !REFUSED.includes(answer.status) && !answer.ok) return { state: "offline" };
  return { state: answer.ok ? "saved" : "refused", told: json ? await answer.json() : {} };
}

const pause = ms => new Promise(done => {
  const again = () => { clearTimeout(timer); removeEventListener("online", again); done(); };
  const timer = setTimeout(again, ms);
  addEventListener("online", again);
});

// Wherever this person is: what an earlier page could not send.
export function sendKept() {
  for (const key of keys(`answers:${document.body.dataset.person}:`)) drain(key);
}

// Where nobody is signed in: an answer not sent yet waits for its person, everything else goes.
export function tidyAnswers() {
  for (const key of keys("answers:")) {
    write(key, key.endsWith(":refused") ? [] : waiting(key).filter(entry => Date.now() - parseInt(entry.id) < FORTNIGHT));
  }
}
