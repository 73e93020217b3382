"""Fractions of other systems, such as 33.33333 %, and the credit an item declares. Pure."""

NEAR = 0.5


def credit_of(fractions, kind):
    """{right: [place], credit?, weights?} of the percents of options; {} where none is more than 0."""
    positive = [at for at, share in enumerate(fractions) if share > 0]
    if not positive:
        return {}
    if kind == "single":
        best = max(fractions)
        right = fractions.index(best)
        others = [share for at, share in enumerate(fractions) if at != right and share]
        return {"right": [right]} | (_weighed(fractions) if others or abs(best - 100) > NEAR else {})
    even, wrong = 100 / len(positive), [share for share in fractions if share <= 0]
    if not all(abs(fractions[at] - even) < NEAR for at in positive):
        return {"right": positive} | _weighed(fractions)
    if wrong and all(abs(share + even) < NEAR for share in wrong):
        return {"right": positive, "credit": "hits_minus_false"}
    if not wrong:
        return {"right": positive}
    return {"right": positive} | _weighed(fractions)


def _weighed(fractions):
    """Whole percents; those more than 0 still add up to what they did, so that all right stays all the points."""
    weights = [round(share) for share in fractions]
    short = round(sum(share for share in fractions if share > 0)) - sum(share for share in weights if share > 0)
    for at, share in enumerate(weights):
        if short and share > 0:
            step = 1 if short > 0 else -1
            weights[at], short = share + step, short - step
    return {"credit": "weights", "weights": [max(-100, min(100, share)) for share in weights]}


def fractions_of(body):
    """The percents an export writes for the options of a single or multiple item, as words."""
    keys, right = [option["key"] for option in body["options"]], set(body["right"])
    weights = body.get("credit", {}).get("weights")
    if weights:
        return [_told(weights.get(key, 0)) for key in keys]
    if body["type"] == "single":
        return ["100" if key in right else "0" for key in keys]
    share = 100 / len(right)
    wrong = 100 if body.get("credit", {}).get("rule") == "all_or_nothing" else share
    return [_told(share if key in right else -wrong) for key in keys]


def _told(share):
    return f"{share:.5f}".rstrip("0").rstrip(".") if share else "0"
