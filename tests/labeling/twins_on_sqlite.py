"""Run by test_fast_twin in a process of its own: the same two worlds, on the embedded database."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(seeds: int, acts: int) -> None:
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from twin_worlds import live_through

    setup_test_environment()
    call_command("migrate", verbosity=0)
    for seed in range(seeds):
        sys.stdout.write(f"{live_through(seed, acts)}\n")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "tests")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings.test")
    import django

    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
