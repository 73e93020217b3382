"""Reading rows that may be broken: a bounded number at a time, each by itself where it must be."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

CHUNK = 500
UNREADABLE = "cannot be read:"
# A deed's rows and its event are written in one transaction, which may wait for a lock between them.
TOGETHER = timedelta(minutes=1)


@dataclass(frozen=True)
class Difference:
    """A row that is not what it should be: the model's label, the row's id, a sentence."""

    model: str
    id: str
    sentence: str

    def __str__(self):
        return f"{self.model} {self.id}: {self.sentence}"

    @classmethod
    def at(cls, model, pk, sentence):
        return cls(model._meta.label_lower, str(pk), sentence)


def unreadable(error):
    return f"{UNREADABLE} {type(error).__name__}: {error}"[:300]


def each(rows, chunk=CHUNK):
    """(id, row) of every row in the order of ids; (id, exception) where a row cannot be read."""
    rows, last = rows.order_by("pk"), None
    while True:
        try:
            for row in _after(rows, last).iterator(chunk):
                yield row.pk, row
                last = row.pk
            return
        except Exception:
            ids = list(_after(rows.prefetch_related(None), last).values_list("pk", flat=True)[:chunk])
            if not ids:
                raise
        got = found(rows, ids)
        for pk in ids:
            if pk in got:
                yield pk, got[pk]
        last = ids[-1]


def _after(rows, pk):
    return rows if pk is None else rows.filter(pk__gt=pk)


def found(rows, ids):
    """{id: row, or the exception that reading it raises} of those that exist. Halved until only what is broken is
    left, which also reads what is too much for one statement."""
    try:
        return {row.pk: row for row in rows.filter(pk__in=ids)}
    except Exception as error:
        if len(ids) == 1:
            return {ids[0]: error}
        ids = sorted(ids)
        half = len(ids) // 2
        return found(rows, ids[:half]) | found(rows, ids[half:])


def one(rows, pk):
    """The row, the exception that reading it raises, or None."""
    return found(rows, [pk]).get(pk)


def over(rows, problems, chunk=CHUNK):
    """(how many rows, their Differences); problems(row) yields sentences."""
    count, differences = 0, []
    for pk, row in each(rows, chunk):
        count += 1
        differences += [Difference.at(rows.model, pk, sentence) for sentence in sentences(problems, row)]
    return count, differences


def sentences(problems, row, *others):
    """What problems(row, …) yields; an exception is one more sentence."""
    if isinstance(row, Exception):
        return [unreadable(row)]
    said = []
    try:
        said.extend(problems(row, *others))
    except Exception as error:
        said.append(unreadable(error))
    return said


def batches(rows, size=CHUNK):
    """Lists of at most `size`, from any iterable."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


class Ids:
    """A set of ids in about a bit each."""

    PAGE = 1024

    def __init__(self, ids=()):
        self.pages = {}
        for pk in ids:
            self.add(pk)

    def add(self, pk):
        page, place = divmod(pk, self.PAGE)
        self.pages[page] = self.pages.get(page, 0) | 1 << place

    def __contains__(self, pk):
        page, place = divmod(pk, self.PAGE)
        return bool(self.pages.get(page, 0) >> place & 1)

    def without(self, other):
        """The ids that the other set has not, in order."""
        for page in sorted(self.pages):
            left = self.pages[page] & ~other.pages.get(page, 0)
            while left:
                bit = left & -left
                yield page * self.PAGE + bit.bit_length() - 1
                left ^= bit
