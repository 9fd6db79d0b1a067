"""The Celery application. ``set_default`` also in the embedded process: shared tasks must find it there."""

import os

from celery import Celery

from assay.settings.environment import settings_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())

app = Celery("assay")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()
