"""Run by test_on_sqlite in a process of its own: the same crowd and the same recount, on the embedded database."""

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(people: int, items: int) -> None:
    from django.core.management import call_command

    import factories
    from at_work import crowd, open_items, recount, work_until_empty
    from labeling.models import Answer
    from together import together

    call_command("migrate", verbosity=0)
    project = factories.project(
        factories.organization(), price_micros=7, budget_micros=7 * items * 2, gold_share=0.2
    )
    users = crowd(project, people)
    open_items(project, items, seats=3)
    open_items(project, 5, seats=1000, role="gold", prefix="g")
    start = time.perf_counter()
    together([lambda u=u, n=n: work_until_empty(project, u, n) for n, u in enumerate(users)])
    seconds = time.perf_counter() - start
    recount(project)
    answers = Answer.objects.count()
    sys.stdout.write(f"{answers} answers, {answers / seconds:.0f} a second\n")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "tests")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings.test")
    import django

    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
