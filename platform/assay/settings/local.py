"""One machine: a laptop, a demonstration, development."""

from assay.settings.base import *  # noqa: F403
