// "/" goes to the search field that is on the screen, unless one is typing.
//
// <input type="search" name="q" aria-keyshortcuts="/">

export function watchSlash() {
  document.addEventListener("keydown", event => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = [...document.querySelectorAll('input[aria-keyshortcuts="/"]')].findLast(each => each.offsetParent);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
