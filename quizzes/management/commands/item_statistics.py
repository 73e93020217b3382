import json
from pathlib import Path

from django.core.management.base import BaseCommand

from quizzes.matrix import BadMatrix, read
from quizzes.statistics import analyse, complete, drawn_item, half_answered, largest, none, rests
from standards.formats.decoding import MAX_BYTES, Refused, decode


class Command(BaseCommand):
    help = "Item analysis of a table of answers: a header row of item names, then one row of points a person."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--max", type=float, default=None, help="most points of every item; else the largest seen")
        parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="a column that is no item")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file, max, ignore, **options):  # named as it is typed
        try:
            matrix = read(_text(Path(file)), ignore=set(ignore), most=max)
        except (BadMatrix, Refused) as refusal:
            self._refuse(str(refusal), as_json=options["json"])
        except OSError as error:
            self._refuse(f"Cannot read {file}: {error.strerror}.", as_json=options["json"])
        found = figures(matrix, max)
        self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else _table(found, len(matrix.rows)))

    def _refuse(self, sentence, *, as_json):
        if as_json:
            self.stdout.write(json.dumps({"error": sentence}, ensure_ascii=False))
        else:
            self.stderr.write(sentence)
        raise SystemExit(1)


def _text(path):
    if path.stat().st_size > MAX_BYTES:
        raise Refused("too_large", size=path.stat().st_size, limit=MAX_BYTES)
    return decode(path.read_bytes())[0]


def figures(matrix, most=None):
    """What the command prints: of the rows without a missing cell; where there is none, as of papers that were drawn,
    each item of those who had it, and no figure of the whole."""
    maxima = [most] * len(matrix.names) if most is not None else largest(list(zip(*matrix.rows, strict=True)))
    if not complete(matrix.rows):
        return _drawn(matrix, maxima)
    test, items = analyse(matrix.rows, maxima)
    told = [
        _item(name, each.facility, each.rest, each.alpha_without)
        for name, each in zip(matrix.names, items, strict=True)
    ]
    return _whole(test.n, told, mean=test.mean, sd=test.sd, alpha=test.alpha, sem=test.sem)


def _drawn(matrix, maxima):
    rows = half_answered(matrix.rows)
    given = [{at: value for at, value in enumerate(row) if value is not None} for row in rows]
    met = rests(given, dict(enumerate(maxima)))
    found = [drawn_item(met[at], most) for at, most in enumerate(maxima)]
    told = [_item(name, *each, none("all_missing")) for name, each in zip(matrix.names, found, strict=True)]
    return _whole(len(rows), told, **dict.fromkeys(("mean", "sd", "alpha", "sem"), none("all_missing")))


def _item(name, facility, rest, without):
    return {
        "name": name,
        "facility": facility.value,
        "facility_interval": facility.ci and list(facility.ci),
        "item_rest": rest.value,
        "alpha_if_deleted": without.value,
    }


def _whole(n, items, *, mean, sd, alpha, sem):
    whole = {"mean": mean.value, "sd": sd.value, "alpha": alpha.value, "alpha_interval": alpha.ci and list(alpha.ci)}
    return {"n": n, "items": items} | whole | {"sem": sem.value}


def _table(found, rows):
    lines = [f"{found['n']} persons, {len(found['items'])} items; {rows - found['n']} rows left out (cells missing)"]
    width = max(4, *(len(item["name"]) for item in found["items"]))
    lines.append(f"{'item':{width}}  facility  95 % interval     item-rest  alpha without")
    for item in found["items"]:
        low, high = item["facility_interval"] or (None, None)
        lines.append(
            f"{item['name']:{width}}  {_n(item['facility']):>8}  {_n(low):>6} to {_n(high):>6}  "
            f"{_n(item['item_rest']):>9}  {_n(item['alpha_if_deleted']):>13}"
        )
    low, high = found["alpha_interval"] or (None, None)
    lines.append(f"mean {_n(found['mean'])}, standard deviation {_n(found['sd'])}")
    lines.append(f"alpha {_n(found['alpha'])} ({_n(low)} to {_n(high)}), standard error {_n(found['sem'])}")
    return "\n".join(lines)


def _n(value):
    return "none" if value is None else f"{value:.3f}"
