from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StandardsConfig(AppConfig):
    name = "standards"

    def ready(self):
        from standards import gram_index  # noqa: PLC0415  models are not loaded before

        post_migrate.connect(lambda **kwargs: gram_index.create(), sender=self, weak=False)
