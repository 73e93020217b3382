import { tidyAnswers, watchAnswers } from "./answers.js";
import { startCountdown } from "./countdown.js";
import { enhanceOrdering } from "./ordering.js";
import { watchSlash } from "./search.js";

const enhance = root => {
  root.querySelectorAll("[data-deadline]").forEach(startCountdown);
  root.querySelectorAll("form[data-answer]").forEach(watchAnswers); // first: it restores the selects that ordering reads
  root.querySelectorAll("[data-ordering]").forEach(enhanceOrdering);
};

watchSlash();
if (!document.body.dataset.person) tidyAnswers();
enhance(document);
document.addEventListener("htmx:load", event => enhance(event.target.parentNode ?? document));
