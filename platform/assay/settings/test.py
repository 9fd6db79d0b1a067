"""Tests: a home of their own and cheap passwords. tests/conftest.py points the database at a real server."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("ASSAY_MODE", "test")
os.environ.setdefault("ASSAY_HOME", str(Path(tempfile.gettempdir()) / f"assay-tests-{os.getuid()}"))

from assay.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

WHITENOISE_AUTOREFRESH = True  # else every new client of a test reads all static files

HINT_REST_SECONDS = 0  # every message at once, from the thread that asked
