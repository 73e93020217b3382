import json

from django.core.management.base import BaseCommand, CommandError

from quizzes.models import Item
from scoring.models import Rescoring
from scoring.rescoring import CannotRescore, ListChanged, dry_run, paths_of, rescore, signed_on
from staff.models import User, acting


class Command(BaseCommand):
    help = "Voids, re-keys, re-weighs or re-points an item after people answered it; --dry-run only lists who changes."

    def add_arguments(self, parser):
        parser.add_argument("item", help="short name of the item; greet:2 is its version 2, else the newest")
        parser.add_argument("--kind", required=True, choices=Rescoring.KINDS)
        parser.add_argument("--reason", default="", help="told to everybody whose result changes")
        parser.add_argument("--change", default="{}", help='fields judged by instead, as JSON: {"right": ["b"]}')
        parser.add_argument("--by", default="", help="employee number of whose deed it is; else the first superuser")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, item, kind, reason, change, **options):
        try:
            found, fields, by = _item(item), _fields(change), acting(options["by"])
            plan = dry_run(found, kind, fields)
            told = _told(plan)
            if not options["dry_run"]:
                if not reason.strip() or by is None:
                    raise CannotRescore("Give --reason, the words that learners are told, and --by, whose deed it is.")
                row, job = rescore(found, kind, fields, by=by, reason=reason.strip()[:500], shown=plan.digest)
                told |= {"rescoring": row.pk, "job": job and job.pk}
        except ListChanged:
            raise CommandError(
                "The list changed meanwhile: somebody handed in. Nothing was written; try again."
            ) from None
        except (CannotRescore, User.DoesNotExist) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _sentences(told))


def _item(words):
    slug, _colon, number = words.partition(":")
    versions = Item.objects.published().filter(slug=slug).order_by("-number")
    found = (versions.filter(number=int(number)) if number.isdecimal() else versions).first()
    if found is None:
        raise CannotRescore(f"There is no published item {words}.")
    return found


def _fields(change):
    try:
        fields = json.loads(change)
    except ValueError as problem:
        raise CannotRescore(f"--change is not JSON: {problem}") from None
    if not isinstance(fields, dict):
        raise CannotRescore('--change is a set of fields, as {"right": ["b"]}.')
    return fields


def _told(plan):
    changes = [each._asdict() for each in plan.changes]
    return {
        "item": plan.item.slug,
        "version": plan.item.number,
        "asked": plan.asked,
        "changes": changes,
        "passes_now": sum(each.up for each in plan.changes),
        "passes_no_more": sum(each.down for each in plan.changes),
        "signed_appraisals": [sheet.pk for sheet in signed_on(plan.changes)],
        "paths": paths_of(plan.changes),
    }


def _sentences(told):
    head = f"{told['asked']} asked, {len(told['changes'])} change, {told['passes_now']} pass now, "
    rows = [f"attempt {row['attempt']}: {row['before']} -> {row['after']}" for row in told["changes"]]
    done = [f"Rescoring {told['rescoring']} is written."] if "rescoring" in told else ["Nothing was written."]
    if told.get("job"):
        done = [f"Rescoring {told['rescoring']} is under way as job {told['job']}."]
    return "\n".join([head + f"{told['passes_no_more']} pass no more.", *rows, *done])
