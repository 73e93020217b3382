"""What may never change, and the database triggers that hold it.

Three sorts of frozen row (docs/architecture.md): a Record is inserted once; a Version is free
until it is published; a sealed row is free until `closed_at` is set. The rule stands in the
database, derived here from the models; Python only explains it.
"""

import hashlib
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

RECORD, VERSION, SEALED = "record", "version", "sealed"
FREE_AFTER_PUBLISHING = ("owner_id", "retired_at")


class Frozen(Exception):
    """A deed on something that no longer changes; the sentence says what and why."""


def canonical(value):
    """Canonical JSON: sorted keys, UTF-8, no spaces. Floats are refused: decimals travel as strings."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value):
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def utc(moment):
    """A time as the UTC ISO string that goes into digests, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return utc(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form; give a string")


class Record(models.Model):
    """Inserted once, never updated, never deleted. A correction is a new record."""

    at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    frozen = RECORD

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise Frozen(f"A {self._meta.verbose_name} is a record: write a new one with a reason.")
        super().save(*args, **kwargs)


@lru_cache(maxsize=10_000)
def kept(model, pk):
    """A published version by id, kept in the process: its content never changes."""
    return model.objects.get(pk=pk)


class VersionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False, retired_at__isnull=True)

    def newest(self):
        """The newest published version of each slug; none of a slug whose newest is retired."""
        newest = (
            self.model.objects.filter(slug=OuterRef("slug"), published_at__isnull=False)
            .order_by()
            .values("slug")
            .annotate(newest=Max("number"))
            .values("newest")
        )
        return self.published().filter(number=Subquery(newest))

    def published_numbers(self, slug):
        """Numbers of the published versions of a slug, newest first."""
        return list(self.published().filter(slug=slug).order_by("-number").values_list("number", flat=True))

    def drafts(self):
        return self.filter(published_at__isnull=True)

    def draft_of(self, slug):
        """The single draft of a slug, or None."""
        return self.drafts().filter(slug=slug).first()


class Version(models.Model):
    """One row is one version; `slug` is the identity; `number` is null on the single draft."""

    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    body = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    frozen = VERSION
    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["slug", "number"], name="%(class)s_one_row_per_number"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(number__isnull=True), name="%(class)s_one_draft_per_slug"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, published_at__isnull=True)
                | Q(number__isnull=False, published_at__isnull=False) & ~Q(digest=""),
                name="%(class)s_published_is_numbered",
            ),
        ]

    def __str__(self):
        return f"{self.slug} v{self.number}" if self.number else f"{self.slug} (draft)"

    @property
    def title(self):
        return {"zh": self.title_zh, "en": self.title_en}

    @property
    def subject(self):
        """How the event log and the pages name this version."""
        return f"{self._meta.model_name}:{self.slug}:{self.number or 'draft'}"

    def content(self):
        """What the digest covers."""
        return {"slug": self.slug, "title": self.title, "body": self.body}

    def publish(self, by):
        """Stamps the next number in one transaction. Raises Frozen when it is published already
        or somebody changed the draft meanwhile."""
        with transaction.atomic():
            self._claim(by)
            self.on_publish(by)

    def on_publish(self, by):
        """What a kind of content writes besides, in the same transaction (its citations)."""

    def _claim(self, by):
        number = (type(self).objects.filter(slug=self.slug).aggregate(newest=Max("number"))["newest"] or 0) + 1
        now = timezone.now()
        stamp = {
            "number": number,
            "digest": digest(self.content()),
            "published_at": now,
            "published_by": by,
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "body": self.body,
        }
        try:
            with transaction.atomic():
                claimed = (
                    type(self)
                    .objects.drafts()
                    .filter(pk=self.pk, revision=self.revision)
                    .update(**stamp, **self.columns())
                )
        except IntegrityError:
            claimed = 0
        if not claimed:
            sentence = _("Somebody else published or changed “%(slug)s” meanwhile. Open it again.")
            raise Frozen(sentence % {"slug": self.slug})
        self.refresh_from_db()

    def columns(self):
        """Columns that lists need, set from the body at publishing."""
        return {}


# --- triggers ---------------------------------------------------------------


def frozen_models():
    return [model for model in apps.get_models() if getattr(model, "frozen", None)]


def _columns_changed(model, *, free):
    columns = [field.column for field in model._meta.concrete_fields if field.column not in free]
    operator = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    cast = "::text" if connection.vendor == "postgresql" else ""
    return " OR ".join(f'OLD."{column}"{cast} {operator} NEW."{column}"{cast}' for column in columns)


def _rules(model):
    """[(name, moment, condition, sentence)] of one model."""
    table = model._meta.db_table
    kind = model.frozen
    if kind == RECORD:
        yield f"{table}_no_update", "UPDATE", "1=1", f"{table}: a record is never changed"
        yield f"{table}_no_delete", "DELETE", "1=1", f"{table}: a record is never deleted"
    if kind == VERSION:
        changed = _columns_changed(model, free=FREE_AFTER_PUBLISHING)
        condition = f"OLD.published_at IS NOT NULL AND ({changed})"
        yield f"{table}_no_update", "UPDATE", condition, f"{table}: a published version never changes"
        yield f"{table}_no_delete", "DELETE", "OLD.published_at IS NOT NULL", f"{table}: a published version stays"
    if kind == SEALED:
        yield f"{table}_no_update", "UPDATE", "OLD.closed_at IS NOT NULL", f"{table}: closed"
        yield f"{table}_no_delete", "DELETE", "1=1", f"{table}: is never deleted"
    for field, sealed in getattr(model, "refused_when_closed", {}).items():
        yield f"{table}_not_when_closed", f"INSERT {field} {sealed}", "", f"{table}: closed, nothing is added"


def wanted_triggers():
    """{trigger name: the statements that create it}, for this database."""
    build = _sqlite_trigger if connection.vendor == "sqlite" else _postgres_trigger
    wanted = {}
    for model in frozen_models():
        for name, moment, condition, sentence in _rules(model):
            wanted[name] = build(name, model._meta.db_table, moment, condition, sentence)
        if connection.vendor == "postgresql":
            name = f"{model._meta.db_table}_no_truncate"
            wanted[name] = _postgres_truncate(name, model._meta.db_table)
    return wanted


def _sqlite_trigger(name, table, moment, condition, sentence):
    if moment.startswith("INSERT"):
        _, column, parent = moment.split()
        condition = f'(SELECT closed_at FROM "{parent}" WHERE id = NEW."{column}") IS NOT NULL'  # noqa: S608  our own names
        moment = "INSERT"
    return [
        f'CREATE TRIGGER "{name}" BEFORE {moment} ON "{table}" WHEN {condition} '
        f"BEGIN SELECT RAISE(ABORT, 'frozen: {sentence}'); END"
    ]


def _postgres_trigger(name, table, moment, condition, sentence):
    row = "OLD" if moment == "DELETE" else "NEW"
    raise_it = f"RAISE EXCEPTION 'frozen: {sentence}' USING ERRCODE = '23000';"
    if moment.startswith("INSERT"):
        # FOR SHARE: an answer waits for a finish in progress, then sees that it is closed.
        _, column, parent = moment.split()
        moment = "INSERT"
        body = (
            f'PERFORM 1 FROM "{parent}" WHERE id = NEW."{column}" AND closed_at IS NULL FOR SHARE; '
            f"IF NOT FOUND THEN {raise_it} END IF;"
        )
    else:
        body = f"IF {condition} THEN {raise_it} END IF;"
    return [
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN {body} RETURN {row}; END $$",
        f'CREATE TRIGGER "{name}" BEFORE {moment} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    ]


def _postgres_truncate(name, table):
    return [
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN RAISE EXCEPTION 'frozen: {table} is never emptied' USING ERRCODE = '23000'; END $$",
        f'CREATE TRIGGER "{name}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()',
    ]


def standing_triggers():
    """{name: table} of the triggers in the database whose names are ours."""
    return {name: table for name, table, _text in standing_texts() if _ours(name)}


def standing_texts():
    """[(name, table, text)] of every trigger in the database; the text as wanted_texts() has it where it is ours
    and unchanged. On PostgreSQL one that is switched off says so."""
    if connection.vendor == "sqlite":
        query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        query = (
            "SELECT t.tgname, c.relname, replace(replace(pg_get_functiondef(p.oid), n.nspname || '.', ''), "
            "'$function$', '$$') || ' ' || pg_get_triggerdef(t.oid, true) "
            "|| CASE WHEN t.tgenabled IN ('O', 'A') THEN '' ELSE ' (off)' END "
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid) ORDER BY t.tgname, c.relname"
        )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(name, table, _folded(text)) for name, table, text in cursor.fetchall()]


def wanted_texts():
    """{trigger name: its text}, to hold beside those that stand: a name alone says nothing about what it does."""
    return {name: _folded(" ".join(statements)) for name, statements in wanted_triggers().items()}


def _folded(text):
    """Without what the databases write in their own way: line breaks, and quotes around names."""
    return " ".join(text.replace('"', "").split())


def _ours(name):
    return name.endswith(("_no_update", "_no_delete", "_no_truncate", "_not_when_closed"))


def drop_triggers():
    with connection.cursor() as cursor:
        for name, table in standing_triggers().items():
            cursor.execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


def create_triggers():
    """Drops and re-creates every trigger whose table exists (SQLite loses them when a table is rebuilt)."""
    tables = set(connection.introspection.table_names())
    ready = {model._meta.db_table for model in frozen_models()} & tables
    with transaction.atomic():
        drop_triggers()
        with connection.cursor() as cursor:
            for name, statements in wanted_triggers().items():
                if any(name.startswith(table + "_no") for table in ready):
                    for statement in statements:
                        cursor.execute(statement)


@contextmanager
def thaw():
    """The one way past the triggers: test flush, anonymising, retention. Used nowhere else."""
    with transaction.atomic():
        drop_triggers()
        yield
        create_triggers()
