import unicodedata
from datetime import date
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from staff.frozen import Record, canonical, digest, utc
from staff.prepared import Prepared

GENESIS = "0" * 64


def fold(employee_number):
    """An employee number as it is stored: half width, upper case, no spaces."""
    return unicodedata.normalize("NFKC", employee_number or "").strip().upper()


class UserManager(BaseUserManager):
    def get_by_natural_key(self, employee_number):
        return self.get(employee_number=fold(employee_number))

    def create_user(self, employee_number, password=None, **fields):
        user = self.model(employee_number=fold(employee_number), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, employee_number, password=None, **fields):
        return self.create_user(employee_number, password, is_superuser=True, **fields)


class UserQuerySet(models.QuerySet):
    def present(self):
        return self.filter(is_active=True, left_on__isnull=True)

    def working_in(self, unit_ids):
        """People whose work posting of today lies in these units."""
        return self.filter(
            pk__in=Posting.objects.current().filter(duty=Posting.WORKS, unit_id__in=unit_ids).values("user_id")
        )

    def name_of(self, employee_number):
        """The name behind a number that content carries; the number itself when nobody has it."""
        found = NAME.first(fold(employee_number))
        return found[0] if found else employee_number

    def trainers(self):
        """Who may decide about content today."""
        able = self.present().filter(Q(groups__name="trainer") | Q(is_superuser=True))
        return able.distinct().order_by("employee_number")

    def named(self, words):
        """Whose name or employee number holds these words; everyone for none."""
        return self.filter(Q(name__icontains=words) | Q(employee_number__icontains=fold(words))) if words else self

    def among(self, people):
        return self.filter(pk__in=[person.pk for person in people]).order_by("employee_number")

    def visible_to(self, user):
        """Colleagues whose unit `user` heads or appraises today."""
        scope = user.access.scope(Posting.HEADS) | user.access.scope(Posting.APPRAISES)
        return self.working_in(scope).exclude(pk=user.pk)


class User(AbstractBaseUser, PermissionsMixin):
    employee_number = models.CharField(_("employee number"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)
    theme = models.CharField(
        max_length=5, choices=[("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))], default="auto"
    )
    left_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "employee_number"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager.from_queryset(UserQuerySet)()

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def access(self):
        return Access(self)

    def unit_on(self, day):
        """The unit of the primary work posting on a date, or None."""
        return Unit.objects.filter(pk=self.unit_id_on(day)).first()

    def unit_id_on(self, day):
        found = UNIT.first(self.pk, day)
        return found and found[0]

    def prefer(self, **choices):
        """Remembers the language or the theme this person chose."""
        User.objects.filter(pk=self.pk).update(**choices)


def acting(employee_number=""):
    """Who a command acts as: the person named, else the first superuser, else None (a new installation).
    Raises User.DoesNotExist with a sentence."""
    if not employee_number:
        return User.objects.filter(is_superuser=True).order_by("pk").first()
    found = User.objects.filter(employee_number=fold(employee_number)).first()
    if found is None:
        raise User.DoesNotExist(f"Nobody has employee number {employee_number}. Give one that exists with --by.")
    return found


class Access:
    """What a person may do (groups) and where (postings of today): one query, cached for the request."""

    def __init__(self, user):
        self.user = user

    # Every page with a navigation asks this: the same union built by the ORM costs six times the query.
    SQL = (
        'SELECT duty, unit_id FROM staff_posting WHERE user_id = %s AND start <= %s AND ("end" IS NULL OR "end" >= %s) '
        "UNION SELECT name, 0 FROM auth_group JOIN staff_user_groups ON group_id = auth_group.id WHERE user_id = %s"
    )

    @cached_property
    def _rows(self):
        today = timezone.localdate().isoformat()
        with connection.cursor() as cursor:
            cursor.execute(self.SQL, [self.user.pk, today, today, self.user.pk])
            rows = cursor.fetchall()
        return {name for name, place in rows if not place}, {(duty, place) for duty, place in rows if place}

    @property
    def groups(self):
        return self._rows[0]

    def has(self, *groups):
        """Root may do everything that is a role; rows still follow the postings."""
        return self.user.is_superuser or bool(self.groups & set(groups))

    @cached_property
    def _scopes(self):
        return {}

    def scope(self, duty):
        """Ids of the units of today's postings with this duty, and of all below them; of every unit for root."""
        if self.user.is_superuser:
            duty = "every"
        if duty not in self._scopes:
            roots = {unit for word, unit in self._rows[1] if word == duty}
            if self.user.is_superuser:
                roots = set(Unit.objects.without_tree_fields().filter(parent=None).values_list("pk", flat=True))
            self._scopes[duty] = Unit.objects.below(roots)
        return self._scopes[duty]


class UnitQuerySet(TreeQuerySet):
    def among(self, ids):
        return self.filter(pk__in=ids)

    def below(self, root_ids):
        """Ids of these units and of everything under them."""
        found = set()
        for root in sorted(root_ids):
            if root not in found:
                found |= set(self.descendants(root, include_self=True).values_list("pk", flat=True))
        return found


class Unit(TreeNode):
    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.name_zh

    @property
    def name(self):
        return {"zh": self.name_zh, "en": self.name_en}


class JobRole(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.slug

    @property
    def name(self):
        return {"zh": self.name_zh, "en": self.name_en}


class PostingQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)

    def current(self):
        return self.on(timezone.localdate())

    def works_on(self, day):
        return self.on(day).filter(duty=Posting.WORKS).select_related("unit")


class Posting(models.Model):
    WORKS, HEADS, APPRAISES = "works", "heads", "appraises"

    user = models.ForeignKey(User, models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    job_role = models.ForeignKey(JobRole, models.PROTECT, null=True, blank=True, related_name="postings")
    duty = models.CharField(
        max_length=10, choices=[(WORKS, _("works")), (HEADS, _("heads")), (APPRAISES, _("appraises"))]
    )
    primary = models.BooleanField(default=False)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(primary=True, end__isnull=True), name="one_primary_posting"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="posting_ends_after_it_starts"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.duty} {self.unit_id}"


class Event(Record):
    """Who did what, in a chain: each hash covers the one before it, so a changed or missing row shows."""

    verb = models.CharField(max_length=40)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="events")
    subject = models.CharField(max_length=200)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.verb} {self.subject}"

    @classmethod
    def write(cls, verb, *, actor, subject, before=None, after=None):
        """The last statement of a deed's transaction. Ids only, no names: a leaver can be
        anonymised without breaking the chain."""
        with transaction.atomic(savepoint=False):
            _queue_writers()
            (prev_hash,) = LAST_HASH.first() or (GENESIS,)
            event = cls(
                verb=verb, actor=actor, subject=subject, before=before or {}, after=after or {}, prev_hash=prev_hash
            )
            event.hash = event.computed_hash()
            event.save()
        return event

    @classmethod
    def write_all(cls, verb, *, actor, deeds):
        """The events of many deeds of one sort, [(subject, after)], each following the one before it; the last
        statements of their transaction."""
        with transaction.atomic(savepoint=False):
            _queue_writers()
            (before,) = LAST_HASH.first() or (GENESIS,)
            events = []
            for subject, after in deeds:
                event = cls(verb=verb, actor=actor, subject=subject, after=after, prev_hash=before)
                before = event.hash = event.computed_hash()
                events.append(event)
            return cls.objects.bulk_create(events, batch_size=500)

    def computed_hash(self):
        return digest(
            {
                "verb": self.verb,
                "actor": self.actor_id,
                "subject": self.subject,
                "before": self.before,
                "after": self.after,
                "at": utc(self.at),
                "prev": self.prev_hash,
            }
        )


def _queue_writers():
    """SQLite's BEGIN IMMEDIATE already queues writers; PostgreSQL needs a lock for the length of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(20261121)")


class File(Record):
    """A document as it was handed in, kept by its sum (at most 10 MB)"""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    def __str__(self):
        return self.name


LAST_HASH = Prepared(lambda: Event.objects.order_by("-pk").values_list("hash")[:1])
NAME = Prepared(lambda number: User.objects.filter(employee_number=number).values_list("name"), str)
UNIT = Prepared(
    lambda pk, day: (
        Posting.objects.on(day)
        .filter(user=pk, duty=Posting.WORKS)
        .order_by("-primary", "start")
        .values_list("unit_id")[:1]
    ),
    int,
    date,
)

__all__ = ["Access", "Event", "File", "JobRole", "Posting", "Unit", "User", "canonical", "fold"]
