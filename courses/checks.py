"""The inline checks of a lesson: compared here, never scored."""


def answers(lesson, posted):
    """{check key: {"chosen", "right", "why"}} of the checks that were answered in a form."""
    given = {}
    for check in lesson["checks"]:
        chosen = set(posted.getlist(f"check-{check['key']}")) & {option["key"] for option in check["options"]}
        if chosen:
            given[check["key"]] = {
                "chosen": chosen,
                "right": chosen == set(check["right"]),
                "why": check["why"],
            }
    return given
