#!/usr/bin/env python
"""Django's command line for a checkout that is not installed. Installed, `assay` does the same and more."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "platform")]
    from django.core.management import execute_from_command_line

    from assay.settings.environment import settings_module

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module())
    execute_from_command_line(sys.argv)
