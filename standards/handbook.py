"""A published standard as a handbook for one job role: what everyone keeps, then what the trade keeps."""

from itertools import groupby

import segno


def parts(version, role):
    """[(general, [(heading, [wording])])] in the standard's order: general True for clauses of everyone, False for
    those of the role; a part without clauses is left out. role "" takes every clause as general."""
    wordings = list(version.wordings.select_related("clause"))
    everyone = [wording for wording in wordings if not wording.roles or not role]
    own = [wording for wording in wordings if wording.roles and role in wording.roles]
    return [(general, by_heading(found)) for general, found in ((True, everyone), (False, own)) if found]


def by_heading(wordings):
    return [(heading, list(rows)) for heading, rows in groupby(wordings, key=lambda wording: wording.heading)]


def qr(address):
    """A QR code of an address: (edge in modules, path of its dark modules) for an SVG of our own."""
    code = segno.make(address, error="m", micro=False)
    rows = list(code.matrix_iter(border=0))
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return len(rows), path
