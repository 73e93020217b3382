import { holdHandIn, watchAnswers } from "./answers.js";
import { startCountdown } from "./countdown.js";
import { countCharacters } from "./counting.js";
import { tellLeft, watchExamKeys, watchLeaving } from "./exam.js";
import { showHere } from "./map.js";
import { enhanceOrdering } from "./ordering.js";
import { sendKept, tidyAnswers } from "./queue.js";
import { watchKeys } from "./review.js";
import { watchSlash } from "./search.js";
import { forgetSaved, keepWords, tidyWords } from "./words.js";

const enhance = root => {
  root.querySelectorAll("[data-deadline]").forEach(startCountdown);
  root.querySelectorAll("form[data-answer]").forEach(watchAnswers); // first: it restores the selects that ordering reads
  root.querySelectorAll("form[data-hand-in]").forEach(holdHandIn);
  root.querySelectorAll("[data-exam-keys]").forEach(watchExamKeys);
  root.querySelectorAll("[data-left][data-sentences]").forEach(watchLeaving);
  root.querySelectorAll("nav.where .positions").forEach(showHere);
  root.querySelectorAll("[data-count]").forEach(countCharacters); // after what is kept is put back
  root.querySelectorAll("[data-ordering]").forEach(enhanceOrdering);
  root.querySelectorAll("[data-forget]").forEach(forgetSaved); // before what is kept is put back
  root.querySelectorAll("form[data-keep]").forEach(keepWords);
  root.querySelectorAll("[data-review]").forEach(watchKeys);
};

watchSlash();
if (!document.body.dataset.person) { tidyAnswers(); tidyWords(false); }
document.addEventListener("submit", event => { if (new URL(event.target.action).pathname === document.body.dataset.logout) tidyWords(true); });
enhance(document);
if (document.body.dataset.person) { sendKept(); tellLeft(); }
document.addEventListener("htmx:load", event => enhance(event.target.parentNode ?? document));
