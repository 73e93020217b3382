"""Which clause in force is taught, tested, played in a scenario and observed, and where nothing stands yet."""

from collections import defaultdict

from django.db.models import Count

from standards.models import KINDS, RED_LINE, WEIGHTS, Citation, Standard, Wording

# What should stand for every clause, and the kind of content that is it.
WAYS = {"taught": "course", "tested": "item", "scenario": "scenario", "observed": "checklist"}
ORDER = {RED_LINE: 0, "important": 1, "general": 2}


def coverage(slug="", role="", weight=""):
    """[{wording, key, weight, kind, taught, tested, scenario, observed: how many, missing: [ways]}] of the clauses in
    force, gaps of the heaviest first, then in the standard's order. role: only clauses for everyone or for this job
    role; weight: only of this weight. Two statements."""
    wordings = Wording.objects.current().order_by("standard__slug", "position")
    if slug:
        wordings = wordings.filter(standard__slug=slug)
    if weight:
        wordings = wordings.filter(weight=weight)
    rows = [_row(wording) for wording in wordings if not role or not wording.roles or role in wording.roles]
    counted = _counted({row["wording"].clause_id for row in rows})
    for row in rows:
        for way, kind in WAYS.items():
            row[way] = counted[row["wording"].clause_id, kind]
        row["missing"] = [way for way in WAYS if not row[way]]
    return sorted(rows, key=lambda row: (not row["missing"], ORDER[row["wording"].weight], -len(row["missing"])))


def _row(wording):
    return {"wording": wording, "key": wording.clause.key, "weight": wording.weight, "kind": wording.kind}


def _counted(clauses):
    found = Citation.objects.filter(wording__clause__in=clauses).order_by()
    rows = found.values_list("wording__clause", "kind").annotate(n=Count("pk"))
    return defaultdict(int, {(clause, kind): n for clause, kind, n in rows})


def summed(rows):
    """{"clauses", "by_weight": {weight: {n, taught, tested, scenario, observed}}, "gaps": [{"clause", "missing"}]}"""
    by_weight = {weight: dict.fromkeys(("n", *WAYS), 0) for weight in WEIGHTS}
    for row in rows:
        counts = by_weight[row["weight"]]
        counts["n"] += 1
        for way in WAYS:
            counts[way] += bool(row[way])
    gaps = [{"clause": row["key"], "missing": row["missing"]} for row in rows if row["missing"]]
    return {"clauses": len(rows), "by_weight": by_weight, "gaps": gaps}


def by_kind(rows):
    """[(kind, rows in the standard's order)] for the picture."""
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["wording"].standard.slug, row["wording"].position)):
        found[row["kind"]].append(row)
    return [(kind, found[kind]) for kind in KINDS if kind in found]


def known(slug):
    """Is there a standard of this short name in force?"""
    return Standard.objects.newest().filter(slug=slug).exists()
