"""Makes Django ready in a process that was not started by ``manage.py``."""

import os

from assay.settings.environment import settings_module


class NotWell(Exception):
    """Something that Assay needs is missing; the message says what and what to do."""


def prepare_django() -> None:
    """Load settings and apps. Raises BadEnvironment."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
    django.setup()
    from assay import celery  # noqa: F401  (tasks must find their application)


def prepare_site() -> None:
    """Django with a database that is there and up to date. Raises BadEnvironment, NotWell."""
    prepare_django()
    from assay.reachability import reach_database, require_migrated

    reach_database()
    require_migrated()
