from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        from config import passages  # noqa: PLC0415  models are not loaded before

        # The highest app with tables is the last to be migrated.
        highest = apps.get_app_config("scoring")
        post_migrate.connect(lambda **kwargs: passages.fill_if_empty(), sender=highest, weak=False)
