"""Which clause in force a file means: by its key, its printed number, or words that stand in it."""

from collections import defaultdict
from unicodedata import normalize

from standards.matching import normalise
from standards.models import Wording

LEAST = 2  # characters that words need to find a clause


class Clauses:
    """The clauses in force, read once for a whole file."""

    FIELDS = ("clause__key", "clause__standard_slug", "number", "text_zh", "text_en", "plain", "weight")

    def __init__(self):
        self.rows, self.numbers, self.found = {}, defaultdict(list), {}
        current = Wording.objects.current().order_by("standard__slug", "position")
        for key, standard, number, zh, en, plain, _weight in current.values_list(*self.FIELDS):
            self.rows[key] = (standard, {"zh": zh, "en": en}, plain)
            if number:
                self.numbers[normalise(number).rstrip(".、．")].append(key)
        self.folded = {normalise(key): key for key in self.rows}

    def __contains__(self, key):
        return key in self.rows

    def standard(self, key):
        return self.rows[key][0]

    def words(self, key):
        return self.rows[key][1]

    def find(self, words):
        """The key these words mean, or None where none or several do."""
        if words not in self.found:
            self.found[words] = self._find(words)
        return self.found[words]

    def _find(self, words):
        plain = normalise(normalize("NFKC", words)).strip("[]【】")
        if plain in self.folded:
            return self.folded[plain]
        numbered = self.numbers.get(plain.rstrip(".、．"), [])
        if len(numbered) == 1:
            return numbered[0]
        if len(plain) < LEAST or numbered:
            return None
        holding = [key for key, (_standard, _text, said) in self.rows.items() if plain in said]
        same = [key for key in holding if self.rows[key][2] == plain]
        return next(iter(same), None) if len(same) == 1 else holding[0] if len(holding) == 1 else None
