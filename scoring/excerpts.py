"""The place of content that a row of the review list is about, as it stands in the newest version."""

from django.urls import reverse

from scoring.models import CITING


def excerpt(review):
    """{"title", "version": number, "url" or "", "retired", "gone": the place is no more, and the words: "markdown" of a
    lesson, "says": [text], "options": [{"text", "right"}], "feedback"}, or None when no version is left."""
    model = CITING[review.kind]
    version = model.objects.filter(slug=review.slug, number__isnull=False).order_by("-number").first()
    if version is None:
        return None
    words = WORDS[review.kind](version, review)
    fixed = {"title": version.title, "version": version.number, "url": "", "retired": version.retired_at is not None}
    return fixed | {"gone": words is None} | (words or {})


def _lesson(course, review):
    found = course.lesson(review.place)
    return found and {"markdown": found["text"], "part": found["title"], "url": course.lesson_url(review.place)}


def _item(item, review):
    body = item.body
    right = [*body.get("right", ()), body.get("best")]
    options = [{"text": option["text"], "right": option["key"] in right} for option in body.get("options", ())]
    url = reverse("quizzes:item", args=[item.slug])
    return {"says": [body["stem"]], "options": options, "feedback": body["feedback"], "url": url}


def _scene(scenario, review):
    found = next((scene for scene in scenario.body["scenes"] if scene["key"] == review.place), None)
    if found is None:
        return None
    says = [line["text"] for line in found["lines"]]
    cites = [choice for choice in found["choices"] if review.clause.key in choice["cites"]]
    options = [{"text": choice["text"], "why": choice["why"], "right": False} for choice in cites]
    return {"says": says, "options": options, "url": reverse("quizzes:scenario", args=[scenario.slug])}


def _point(checklist, review):
    found = next((point for point in checklist.points if point["key"] == review.place), None)
    return found and {"says": [found["text"]]}


WORDS = {"course": _lesson, "item": _item, "scenario": _scene, "checklist": _point}
