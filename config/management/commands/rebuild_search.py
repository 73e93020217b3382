from django.core.management.base import BaseCommand

from config.passages import refill


class Command(BaseCommand):
    help = "Writes what a search finds, and its index, anew from the published content."

    def handle(self, **options):
        self.stdout.write(f"{refill()} passages can be found.")
