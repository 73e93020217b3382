"""Words for the codes that rows carry, in the interface's languages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS = {
    # weights
    "general": _("General"),
    "important": _("Important"),
    "red_line": _("Red line"),
    # kinds of clause
    "appearance": _("Appearance"),
    "manner": _("Manner"),
    "language": pgettext_lazy("kind of clause", "Language"),
    "attitude": _("Attitude"),
    "procedure": _("Procedure"),
    "time_limit": _("Time limit"),
    "duty": _("Duty"),
    "prohibition": _("Prohibition"),
    "metric": _("Metric"),
    "rule": _("Rule"),
    # content
    "course": _("Course"),
    "lesson": _("Lesson"),
    "scene": _("Scene"),
    "quiz": _("Quiz"),
    "exam": _("Exam"),
    "practice": _("Practice"),
    "morning": _("Morning check"),
    "pre": _("Test before"),
    "post": _("Test after"),
    "scenario": _("Scenario"),
    "checklist": _("Checklist"),
    "sign_off": _("Sign-off"),
    "item": _("Item"),
    "path": _("Path"),
    "standard": _("Standard"),
    "clause": _("Clause"),
    "answer": _("Answer"),
    "mark": _("Mark"),
    "score": _("Score"),
    "indicator": _("Indicator"),
    "appraisal": _("Appraisal"),
    "observation": _("Observation"),
    "finding": _("Finding"),
    "assignment": _("Assignment"),
    "completion": _("Completion"),
    # item types
    "single": _("One answer"),
    "multiple": _("Several answers"),
    "truefalse": _("True or false"),
    "ordering": _("Put in order"),
    "matching": _("Match"),
    "numeric": _("A number"),
    "fill": _("Fill in"),
    "rank": _("Judge: rank"),
    "bestworst": _("Judge: best and worst"),
    "short": _("Short answer"),
    "upload": _("Picture or recording"),
    "easy": _("Easy"),
    "medium": _("Medium"),
    "hard": _("Hard"),
    # outcomes and states
    "met": _("Met"),
    "not_met": _("Not met"),
    "na": _("Not seen"),
    "open": _("Open"),
    "done": _("Done"),
    "exempt": _("Exempt"),
    "leave": _("On leave"),
    "left": _("Left"),
    "overdue": _("Overdue"),
    "due": _("Due"),
    # what becomes of content that cites a changed clause
    "changed": _("Reworded"),
    "removed": _("No longer in force"),
    "back": _("In force again"),
    "right": _("Still right"),
    "revise": _("Being revised"),
    "retire": _("Retired"),
    "overtaken": _("Listed anew by a newer version"),
    "queued": _("Waiting"),
    "running": _("Working"),
    "failed": _("Failed"),
    "scored": _("Scored"),
    "omitted": _("Not answered"),
    "not_reached": _("Not reached"),
    "void": _("Void"),
    "awaiting": _("Waits for marking"),
    "awaiting_marks": _("An answer still waits for its marks"),
    "rekey": _("Another key"),
    "reweigh": _("Other points"),
    "repoint": _("Other points for its criteria"),
    "answers_marked": _("The answers that people mark have their marks."),
    # dimensions of a scenario
    "functional": _("Functional"),
    "emotional": _("Emotional"),
    "value": _("Value"),
    # who speaks
    "customer": _("Customer"),
    "colleague": _("Colleague"),
    "narrator": _("Narrator"),
    "me": _("You"),
    # why a number is missing
    "no_attempt": _("No closed attempt in this period"),
    "not_observed": _("Nobody has observed yet"),
    "no_assignment": _("No path assigned"),
    "nothing_due": _("Nothing is due yet"),
    "abandoned": _("The scenario was not played to an end"),
    "no_points": _("No points could be won"),
    # why a figure is blocked
    "nothing_present": _("No indicator has a value yet."),
    "missing": _("An indicator is missing, and the plan does not allow that."),
    "too_much_missing": _("More weight is missing than the plan allows."),
    "gates": _("This plan pays by the figure, and the statistics are not sufficient for that."),
    # gates of the statistics
    "few_attempts": _("Fewer than 30 people have taken this; provisional: feedback, not pay."),
    "one_scenario": _("One scenario alone has no reliability estimate; provisional: feedback, not pay."),
    "few_observations": _("Fewer than 30 points observed; provisional: feedback, not pay."),
    # how much may be said of so many people
    "gate_hidden": _("Fewer than 5 people: no figures are shown, to protect those who took it."),
    "gate_counts": _("Fewer than 10 people: counts only, to get an idea."),
    "gate_facility": _("Fewer than 30 people: discrimination and reliability would mislead and are not shown yet."),
    "gate_provisional": _("Fewer than 100 people: provisional, the intervals are wide."),
    "gate_usable": _("Enough people to improve items by."),
    # notes on a result
    "result_late": _("Handed in late"),
    "result_clock": _("The time was up"),
    "result_awaiting": _("Waits for marking"),
    "result_red": _("Red line"),
    # what is wrong with an item
    "flag_key_wrong": _("The key or the wording may be wrong"),
    "flag_beats_key": _("The key may be wrong: another option goes better with good results"),
    "flag_check_key": _("Check the key: a wrong option goes with good results"),
    "flag_weak": _("No discrimination"),
    "flag_too_hard": _("Too hard"),
    "flag_too_easy": _("Too easy"),
    "flag_dead": _("Dead option: hardly anybody chooses it"),
    "flag_not_shown": _("Not yet shown to discriminate"),
    "flag_keep": _("Critical knowledge: keep it, however easy"),
    "reweight": _("Missing indicators are left out and the others re-weighted."),
    "zero": _("Missing indicators count zero."),
    "block": _("A missing indicator blocks the figure."),
    # how an imported clause found its key
    "printed_key": _("Key printed in the document"),
    "same_text": _("Same text as before"),
    "same_number": _("Same number, similar text"),
    "similar": _("Similar text"),
    "new": _("New clause"),
    "tie": _("Several old clauses fit: choose"),
    # why a line was skipped
    "quote": _("Quotation"),
    "fence": _("Code fence"),
    "fenced code": _("Code"),
    "table header": _("Table header"),
    "table rule": _("Table rule"),
    "no words": _("No words"),
    "above the headers": _("Above the headers"),
    "left out": _("Left out in the review"),
    "horizontal rule": _("Dividing line"),
    "head or foot of a page": _("Head or foot of a page"),
    "page of pictures": _("Page of pictures, no text"),
}

# Limits and targets of clauses: how they compare, their units, and what they are counted over.
OPERATORS = {"<=": "≤", ">=": "≥", "<": "<", ">": ">", "=": "="}
UNITS = {
    "second": pgettext_lazy("unit", "seconds"),
    "minute": pgettext_lazy("unit", "minutes"),
    "hour": pgettext_lazy("unit", "hours"),
    "day": pgettext_lazy("unit", "days"),
    "workday": pgettext_lazy("unit", "working days"),
    "week": pgettext_lazy("unit", "weeks"),
    "month": pgettext_lazy("unit", "months"),
    "year": pgettext_lazy("unit", "years"),
    "percent": "%",
    "permille": "‰",
    "ring": pgettext_lazy("unit", "rings"),
    "centimetre": pgettext_lazy("unit", "cm"),
    "metre": pgettext_lazy("unit", "m"),
    "step": pgettext_lazy("unit", "steps"),
    "time": pgettext_lazy("unit", "times"),
    "point": pgettext_lazy("unit", "points"),
    "person": pgettext_lazy("unit", "people"),
    "yuan": pgettext_lazy("unit", "yuan"),
    "item": pgettext_lazy("unit", "things"),
    "case": pgettext_lazy("unit", "cases"),
}
PERIODS = {
    "hour": pgettext_lazy("threshold", "each hour"),
    "shift": pgettext_lazy("threshold", "each shift"),
    "day": pgettext_lazy("threshold", "each day"),
    "week": pgettext_lazy("threshold", "each week"),
    "month": pgettext_lazy("threshold", "each month"),
    "quarter": pgettext_lazy("threshold", "each quarter"),
    "year": pgettext_lazy("threshold", "each year"),
}

# Why an import is refused, by the code the pure importer gives; the braces are its parameters.
REFUSALS = {
    "empty": _("The file is empty: choose a file with text in it."),
    "binary": _("This is not a text file: save the document as plain text or Markdown and choose that file."),
    "encoding": _(
        "The text is in none of UTF-8, UTF-16, GB18030 and Big5: save it as UTF-8 in an editor and choose it again."
    ),
    "broken_office": _(
        "This cannot be opened as a Word or Excel file: open it in its program, save it again, choose it."
    ),
    "locked_office": _("The file is protected by a password: save it without one and choose it again."),
    "office_too_large": _("Unpacked, the file is more than 50 MB: take out pictures, or split the document."),
    "no_columns": _(
        "No column holds the clauses; the headers are {headers}. Call the column 条款 or Clause, "
        "and the one beside it 编号 or Number."
    ),
    "too_large": _("The file has {size} bytes, and {limit} is the limit: split the document and import its parts."),
    "broken_pdf": _("This cannot be opened as a PDF: open it in its program, save it as PDF again, choose it."),
    "locked_pdf": _("The PDF is protected by a password: save it without one and choose it again."),
    "pdf_pictures": _(
        "This PDF holds pictures of pages ({pages}) and no text: import the file it was made from, or have its text "
        "recognised first."
    ),
    "pdf_letters": _(
        "The letters of this PDF cannot be told from their shapes: import the Word file it was made from, or save it "
        "as PDF again with its fonts."
    ),
    "pdf_too_long": _("The PDF has {pages} pages, and {limit} is the limit: split it and import its parts."),
    "pdf_too_slow": _(
        "Reading the PDF took more than {seconds} seconds, {pages} pages were read: split it, or import the Word file."
    ),
    "too_many_of_a_kind": _(
        "More than 9,999 clauses of one kind in one standard: split the document into standards of their own."
    ),
    "would_lose": _(
        "The draft of {slug} has {lost} reviewed clauses that this document does not have as they were ({keys}): "
        "replace the draft, or keep it."
    ),
    "no_clauses": _(
        "No clause was found, all {lines} lines are headings or were skipped: put each rule on a line of its own."
    ),
    "bad_slug": _("{slug} is no short name: use Latin letters, digits and hyphens only, such as hospital-front-desk."),
    "key_twice": _("Line {line}: key [{key}] stands on line {first} already: give each clause a key of its own."),
    "key_of_another": _(
        "Line {line}: key [{key}] belongs to the standard {slug}: import into that standard, or print another key."
    ),
    "broken": _(
        "Something broke on our side while working on this. Nothing was written. Try again, or tell the administrator."
    ),
    "gave_up": _("This was tried several times without an end. Nothing was written. Tell the administrator."),
}
