"""Run by test_work_machine in a process of its own: the state machine on the embedded database.

Says what went as it should: the engine as it is, and each broken engine that was caught.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(examples: int, steps: int, caught: Sequence[str]) -> None:
    from django.core.management import call_command
    from hypothesis import Phase

    from broken_engines import broken
    from work_machine import run

    call_command("migrate", verbosity=0)
    run(examples, steps)
    say("as the model says")
    for name in caught:
        try:
            with broken(name):
                run(examples, steps, phases=[Phase.generate])
        except Exception:  # an assertion of ours, or a constraint
            say(name)


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "tests")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings.test")
    import django

    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
