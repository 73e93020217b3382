"""Every mark or finding behind an appraisal line, each with its clause."""

from evidence.models import Finding
from scoring.models import Mark


def clauses_behind(appraisal, indicator):
    """[{wording, worth, missed, url_kind, attempt|observation}] in the order they were given."""
    bases = list(appraisal.bases.filter(indicator=indicator))
    marks = Mark.objects.filter(score__in=[basis.score_id for basis in bases if basis.score_id]).select_related(
        "wording__clause", "score"
    )
    findings = Finding.objects.filter(
        observation__in=[basis.observation_id for basis in bases if basis.observation_id]
    ).select_related("wording__clause")
    return [_mark(mark) for mark in marks if mark.wording_id] + [_finding(finding) for finding in findings]


def _mark(mark):
    """A mark that is void or waits is neither missed nor kept."""
    lost = mark.lost if mark.lost is not None else (mark.max_points or 0) - (mark.points or 0)
    return {
        "wording": mark.wording,
        "mark": mark,
        "missed": lost > 0 and mark.status not in ("void", "awaiting"),
        "attempt": mark.score.attempt_id,
    }


def _finding(finding):
    return {
        "wording": finding.wording,
        "finding": finding,
        "missed": finding.outcome == "not_met",
        "observation": finding.observation_id,
    }
