"""What is arranged for one person on one quiz, and why. A word that is withdrawn stays on record."""

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Accommodation
from staff.frozen import Frozen
from staff.models import Event

FIELDS = ("minutes", "attempts", "opens_at", "closes_at")


def arrange(quiz, person, *, by, reason, **terms):
    """A new accommodation in place of what was arranged before; terms: some of FIELDS, None: as the quiz says."""
    with transaction.atomic():
        made = Accommodation.objects.create(slug=quiz.slug, person=person, by=by, reason=reason, **terms)
        _tell("accommodate", made, by)
    return made


def withdraw(accommodation, *, by, reason):
    """From now on the quiz as it is; an attempt that was begun keeps its terms. Raises Frozen when it holds no more."""
    with transaction.atomic():
        held = Accommodation.objects.holding(accommodation.slug, accommodation.person)
        if held is None or held.pk != accommodation.pk:
            raise Frozen(_("This no longer holds: it was changed or withdrawn meanwhile."))
        made = Accommodation.objects.create(slug=held.slug, person=held.person, by=by, reason=reason, withdrawn=True)
        _tell("withdraw-accommodation", made, by)
    return made


def _tell(verb, made, by):
    told = {"accommodation": made.pk, "person": made.person_id}
    Event.write(verb, actor=by, subject=f"quiz:{made.slug}", after=told)


def in_force(slug):
    """Those in force on a quiz, the newest of each person, in the order of their numbers."""
    rows = Accommodation.objects.filter(slug=slug).select_related("person", "by").order_by("pk")
    newest = {row.person_id: row for row in rows}
    return sorted((row for row in newest.values() if not row.withdrawn), key=lambda row: row.person.employee_number)
