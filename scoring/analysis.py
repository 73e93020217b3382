"""What the answers to a quiz, or to one item, say of it. Counted are the first closed assessed attempts of people who
are no trainers, in their newest marking; what comes out is plain JSON, so that a job can keep it."""

from collections import Counter, defaultdict
from dataclasses import asdict
from math import sqrt

from django.db.models import Sum

from quizzes import diagnosis, statistics
from quizzes.diagnosis import Gate, gate, item_flags, option_rows
from quizzes.intervals import wilson
from quizzes.models import Attempt, Item
from scoring.models import Mark, Score
from staff.frozen import kept
from staff.models import User

IN_A_PAGE = 5_000  # persons; more are worked out by a job
COUNTS = ("scored", "omitted")
WITH_OPTIONS = ("single", "multiple", "truefalse")
BINS = 10


def counted(slug, version=None):
    """The attempts the figures of a quiz rest on, of one version of it or of all."""
    found = Attempt.objects.assessed().closed().quizzes().filter(slug=slug, ordinal=1)
    found = found.exclude(person__in=User.objects.filter(groups__name="trainer"))
    return found.filter(quiz=version) if version else found


def _marks(attempts, *fields, **which):
    """Marks of the newest scores of these attempts, streamed."""
    found = Mark.objects.filter(score__in=Score.objects.current(), score__attempt__in=attempts, **which)
    return found.order_by("score", "position").values_list(*fields).iterator(chunk_size=5_000)


def of_quiz(slug, version=None):
    """All figures of a quiz's page."""
    attempts = counted(slug, version)
    percents = list(Score.objects.current().filter(attempt__in=attempts).values_list("percent", "passed"))
    people = defaultdict(dict)
    answers, maxima = {}, {}
    fields = ("score__attempt_id", "item_id", "points", "max_points", "status", "answer__response")
    for attempt, item, points, most, status, response in _marks(attempts, *fields, item__isnull=False):
        people[attempt][item] = float(points) if status in COUNTS else None
        if status in COUNTS:
            maxima[item] = float(most)
        if isinstance(response, list):
            answers[attempt, item] = frozenset(map(str, response))
    return _whole(percents) | _parts(people, answers, maxima)


def _whole(percents):
    """How people did: {n, level, mean, …} of the percents of their attempts."""
    known = [float(percent) for percent, _ in percents if percent is not None]
    passed, n = sum(bool(each) for _, each in percents), len(percents)
    bins = Counter(min(BINS - 1, int(percent // BINS)) for percent in known)
    test, _items = statistics.analyse([[percent] for percent in known], [100])
    return {
        "n": n,
        "level": int(gate(n)),
        "gate": gate(n).code,
        "awaiting": n - len(known),
        "passed": passed,
        "passed_ci": wilson(passed, n),
        "bins": [bins[place] for place in range(BINS)],
        "mean": asdict(test.mean),
        "sd": test.sd.value,
        "median": test.median.value,
        "least": test.least.value,
        "most": test.most.value,
        "skewness": test.skewness.value,
        "kurtosis": test.kurtosis.value,
    }


def _parts(people, answers, maxima):
    """The items, the clauses and how reliable the whole is, of those who answered at least half."""
    given = {attempt: {item: value for item, value in row.items() if value is not None} for attempt, row in
             people.items()}  # fmt: skip
    half = {attempt: row for attempt, row in given.items() if row and 2 * len(row) >= len(people[attempt])}
    attempts, rows = list(half), list(half.values())
    maxima = {item: most for item, most in sorted(maxima.items()) if any(item in row for row in rows)}
    met = statistics.rests(rows, maxima)
    whole, own = _reliability(rows, maxima)
    found = [
        _item(item, met[item], [answers.get((attempts[place], item), frozenset()) for place, *_ in met[item]],
              most=most, own=own.get(item))
        for item, most in maxima.items()
    ]  # fmt: skip
    found.sort(key=lambda row: row["worst"])
    return {"left_out": len(people) - len(half), "items": found, "clauses": _clauses(rows, maxima)} | whole


def _reliability(rows, maxima):
    """({alpha, sem, …}, {item: its other figures}) from the largest group of people who had the same items; where
    papers are drawn, the standard error of one paper instead."""
    forms = Counter(frozenset(row) for row in rows)
    form, count = max(forms.items(), key=lambda each: (each[1], sorted(each[0]))) if forms else (frozenset(), 0)
    if count >= Gate.PROVISIONAL and len(form) > 1:
        items = sorted(form)
        same = [[row[item] for item in items] for row in rows if row.keys() == form]
        test, figures = statistics.analyse(same, [maxima[item] for item in items])
        most = sum(maxima[item] for item in items)
        told = {name: asdict(getattr(test, name)) for name in ("alpha", "lambda2", "error_ratio", "kr21")}
        sem = None if test.sem.value is None else 100 * test.sem.value / most
        told |= {"sem": sem, "form_n": count, "k": test.k, "drawn": False}
        return told, dict(zip(items, figures, strict=True))
    errors = [statistics.error_of_drawn(list(row.values()), [maxima[item] for item in row]).value for row in rows]
    known = [each for each in errors if each is not None]
    sem = sqrt(sum(each * each for each in known) / len(known)) if known else None
    return {"alpha": None, "sem": sem, "form_n": count, "k": len(form), "drawn": True}, {}


SEVERITY = ("key_wrong", "beats_key", "check_key", "weak", "too_hard", "too_easy", "dead", "not_shown", "keep")


def _item(pk, met, chosen, *, most, own):
    """One item version: {item, n, k, facility, rest, flags, options, …}; k is how many earned every point."""
    version, n = kept(Item, pk), len(met)
    facility, rest = statistics.drawn_item(met, most)
    figures = own or statistics.ItemFigures(facility, *[statistics.none("not_same_form", n)] * 8)
    judged = statistics.ItemFigures(facility, figures.mean, figures.sd, rest, *[figures.alpha_without] * 5)
    criterion = bool(version.body.get("criterion"))
    options = _options(version, chosen, [score for *_, score in met])
    flags = item_flags(judged, n, criterion=criterion)
    flags += sorted({flag for row in options for flag in row["flags"]}, key=SEVERITY.index)
    return {
        "item": pk,
        "n": n,
        "k": sum(points >= most for _, points, _ in met),
        "level": int(gate(n)),
        "gate": gate(n).code,
        "facility": asdict(facility),
        "rest": asdict(rest),
        "alpha_without": figures.alpha_without.value,
        "efficiency": figures.efficiency.value,
        "weight": figures.weight.value,
        "upper_lower": figures.upper_lower.value,
        "criterion": criterion,
        "delete": diagnosis.may_delete(judged, n),
        "flags": flags,
        "options": options,
        "worst": [min((SEVERITY.index(flag) for flag in flags), default=len(SEVERITY)), facility.value or 0, pk],
    }


def _options(version, chosen, rests):
    body = version.body
    if body["type"] not in WITH_OPTIONS:
        return []
    keys = [option["key"] for option in body["options"]]
    rows = option_rows(list(zip(chosen, rests, strict=True)), keys, set(body["right"]))
    texts = {option["key"]: option["text"] for option in body["options"]}
    return [asdict(row) | {"text": texts[row.key]} for row in rows]


def _clauses(rows, maxima):
    """[{clause, n, share}] by the first clause of each item, the one most is lost on first; n counts answers."""
    earned, most, n = Counter(), Counter(), Counter()
    clause = {item: kept(Item, item).body["cites"][0] for item in maxima}
    for row in rows:
        for item, value in row.items():
            earned[clause[item]] += value
            most[clause[item]] += maxima[item]
            n[clause[item]] += 1
    shares = [{"clause": key, "n": n[key], "share": earned[key] / most[key]} for key in n if most[key]]
    return sorted(shares, key=lambda row: (row["n"] < Gate.FACILITY, row["share"], row["clause"]))


# --- one item over all quizzes ----------------------------------------------------


def answered(version):
    """The attempts that met this item version, whatever the quiz."""
    met = Mark.objects.filter(item=version).order_by().values("score__attempt")
    found = Attempt.objects.assessed().closed().filter(ordinal=1, pk__in=met)
    return found.exclude(person__in=User.objects.filter(groups__name="trainer"))


def of_item(version):
    """The figures of one item version, with its times, over every quiz that asked it."""
    attempts = answered(version)
    totals = Mark.objects.filter(
        score__in=Score.objects.current(), score__attempt__in=attempts, status__in=COUNTS
    ).values_list("score__attempt_id").annotate(Sum("points"), Sum("max_points")).order_by()  # fmt: skip
    whole = {attempt: (float(points), float(most)) for attempt, points, most in totals}
    fields = ("score__attempt_id", "points", "max_points", "status", "answer__response", "answer__presented_at",
              "answer__recorded_at")  # fmt: skip
    met, chosen, seconds, most_points = [], [], [], float(version.body["points"])
    for attempt, points, top, status, response, shown, saved in _marks(attempts, *fields, item=version):
        points, most = float(points or 0), whole.get(attempt, (0, 0))[1]
        most_points = float(top) if status in COUNTS else most_points
        if shown:
            seconds.append(max(0.0, (saved - shown).total_seconds()))
        if status in COUNTS and most > top:
            met.append((attempt, points, 100 * (whole[attempt][0] - points) / (most - float(top))))
            chosen.append(frozenset(map(str, response)) if isinstance(response, list) else frozenset())
    found = _item(version.pk, met, chosen, most=most_points, own=None)
    return found | {"times": asdict(diagnosis.times(seconds))}
