"""The WSGI entry point; importing it makes the process ready to serve."""

import os

from django.core.wsgi import get_wsgi_application

from assay.settings.environment import settings_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())

application = get_wsgi_application()

from assay.celery import app as celery_app  # noqa: E402, F401
