"""Any number of machines behind a proxy. ``environment`` has already refused what is missing or unsafe."""

from assay.settings.base import *  # noqa: F403
from assay.settings.base import ENVIRONMENT

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
