// What is typed on a page, put aside on the device and put back. Used by answers.js and words.js.
export const FORTNIGHT = 14 * 24 * 3600 * 1000; // by then nobody comes back to it

// [[name, value]] of a form: no token, no file, nothing that opens a door.
export const entries = form => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");

export function fill(form, body) {
  for (const field of form.elements) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = body.some(([n, v]) => n === field.name && v === field.value);
    else if (field.name && !["hidden", "submit", "button"].includes(field.type)) field.value = body.find(([n]) => n === field.name)?.[1] ?? field.value;
  }
}

export function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }
export function write(key, value) {
  if (value === null) return localStorage.removeItem(key);
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* the device is full or keeps nothing: the form itself still holds it */ }
}
export const keys = prefix => Object.keys(localStorage).filter(key => key.startsWith(prefix));
