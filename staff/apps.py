from allauth.account.signals import user_logged_in, user_logged_out
from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self):
        from staff import frozen, sign_in  # noqa: PLC0415  models are not loaded before

        post_migrate.connect(lambda **kwargs: frozen.create_triggers(), sender=self, weak=False)
        checks.register(sign_in.default_secret, checks.Tags.security, deploy=True)
        user_logged_in.connect(sign_in.signed_in)
        user_logged_out.connect(sign_in.signed_out)
