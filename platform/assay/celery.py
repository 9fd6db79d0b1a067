"""The Celery application. ``set_default`` also in the embedded process: shared tasks must find it there."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from assay.settings.environment import settings_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())

app = Celery("assay")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()


@setup_logging.connect
def _logging_is_set_up(**_: Any) -> None:
    """Being connected keeps Celery from setting up its own; Django's settings have done it."""
