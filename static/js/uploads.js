// Sends the file of an answer as soon as it is chosen and shows how far it is. A file cannot be kept on the device: while the
// network is away the page says so and sends it when it is back.
import { understood } from "./queue.js";

const underWay = new WeakMap();
export const sending = form => underWay.has(form);

export function sendFile(form, say) {
  underWay.get(form)?.abort();
  if (![...form.querySelectorAll("[type=file]")].some(input => input.files.length)) return underWay.delete(form);
  const request = new XMLHttpRequest(), fields = new FormData(form), bar = barOf(form);
  fields.set("save", "1");
  underWay.set(form, request);
  const words = document.querySelector("[data-sentences]").dataset;
  request.upload.addEventListener("progress", event => {
    bar.value = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
    say(form, "sending", words.sending.replace("{n}", bar.value));
  });
  const over = () => { bar.remove(); underWay.delete(form); };
  request.addEventListener("load", async () => { over(); await after(form, request, say, words); });
  request.addEventListener("error", () => { over(); later(form, say, words); });
  request.open("POST", form.action);
  request.send(fields);
}

async function after(form, request, say, words) {
  const headers = new Headers({ "Content-Type": request.getResponseHeader("Content-Type") ?? "" });
  const got = { status: request.status, ok: request.status < 300, url: request.responseURL, headers };
  const answer = { ...got, redirected: request.responseURL !== form.action, json: async () => JSON.parse(request.responseText), text: async () => request.responseText };
  const { state, told } = await understood(answer);
  if (state === "saved") return location.reload(); // the page says what was handed in
  if (state === "offline") return later(form, say, words);
  say(form, state, told?.said);
}

function later(form, say, words) {
  say(form, "offline", words.unsent);
  addEventListener("online", () => sendFile(form, say), { once: true });
}

function barOf(form) {
  const bar = form.querySelector("progress") ?? document.createElement("progress");
  bar.max = 100;
  bar.setAttribute("aria-hidden", "true"); // the status beside it says it
  form.querySelector(".saved-row").before(bar);
  return bar;
}
