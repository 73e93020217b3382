// Hands in a picture or a recording as soon as it is chosen, and shows the page again with what the server has.
// Without script the file goes with the button of the form, and so it does where the server refuses it: with its sentence.
//
// <form data-answer …> <input type="file" data-hand-in data-sending="Sending …" data-unsent="Not sent. …"> …
//   <span data-save-status></span>
export function handIn(input) {
  if (input.dataset.ready) return;
  input.dataset.ready = "yes";
  // The queue of answers keeps words only, and would save an answer without the file.
  for (const name of ["input", "change"]) input.addEventListener(name, event => event.stopPropagation());
  input.addEventListener("change", () => {
    if (input.files.length) send(input);
  });
}

async function send(input) {
  const form = input.form, fields = new FormData(form);
  fields.set("save", "1");
  say(form, "", input.dataset.sending);
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    if (answer.ok && !answer.redirected) return location.reload();
    form.requestSubmit();
  } catch { say(form, "offline", input.dataset.unsent); }
}

function say(form, state, words) {
  const place = form.querySelector("[data-save-status]");
  if (!place) return;
  place.dataset.state = state;
  place.textContent = words;
}
