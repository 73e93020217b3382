import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# What is loaded by now stays: the collector need not walk through it again, and looks less often (decision 0026).
get_resolver().url_patterns  # noqa: B018  imports every view
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 100)
