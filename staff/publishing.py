from django.db import transaction

from staff.models import Event


def publish(version, by):
    """Publishes a draft with its event. Raises Frozen when it no longer is the draft one saw."""
    with transaction.atomic():
        version.publish(by)
        Event.write(
            "publish", actor=by, subject=version.subject, after={"number": version.number, "digest": version.digest}
        )
    return version
