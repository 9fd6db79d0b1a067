"""Tests: what local has, with cheap passwords. tests/conftest.py points it at real servers."""

from assay.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
