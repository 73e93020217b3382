"""Signing in and out: what allauth tells us goes into the event log."""

from django.conf import settings
from django.core import checks

from staff.models import Event


def signed_in(request, user, **kwargs):
    Event.write("sign-in", actor=user, subject=f"user:{user.pk}")


def signed_out(request, user, **kwargs):
    if user is not None:
        Event.write("sign-out", actor=user, subject=f"user:{user.pk}")


def default_secret(app_configs, **kwargs):
    if settings.SECRET_KEY == settings.DEFAULT_SECRET:
        return [checks.Error("SECRET_KEY is the demo's. Set SECRET_KEY in the environment.", id="decorum.E001")]
    return []
