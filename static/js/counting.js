// Says under a text field how many characters it holds. Without script the limit stands there all the same.
//
// <textarea data-count="id"></textarea> … <span id="id" data-counted="Typed so far: {count}."></span>
export function countCharacters(field) {
  const place = document.getElementById(field.dataset.count);
  if (!place || field.dataset.counting) return;
  field.dataset.counting = "yes";
  const tell = () => { place.textContent = place.dataset.counted.replace("{count}", [...field.value].length); };
  field.addEventListener("input", tell);
  tell();
}
