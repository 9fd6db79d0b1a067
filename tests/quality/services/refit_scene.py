"""A refit with everything it writes, on whatever database there is; run as a script: on SQLite.

``test_refit_on_sqlite`` plays it on both and compares, for the statements that write differ.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]


def play() -> list[list[object]]:
    """Consensus and skills after two refits, keyed by outside names; last, what a rebuild wrote anew."""
    import factories
    import scenes
    from quality.services.refit import Unfenced, refit
    from quality.services.settling import settle_all

    project = scenes.digits_project(factories.organization())
    people, rng = scenes.people(project.organization, 3), np.random.default_rng(1)
    gold, work = scenes.open_known(project, ["1", "2", "3"]), scenes.open_work(project, 12, seats=3)
    for chance, person in zip((0.9, 0.8, 0.3), people, strict=True):
        said = [(item, _answer(item, chance, rng)) for item in [*gold, *work]]
        scenes.say_all(project, person, said)
        settle_all(project.pk)
        refit(project.pk, Unfenced())
    return [*_rows(project), _written_anew(project)]


def _written_anew(project: object) -> list[str]:
    """One label is spoilt, then everything is decided again: only that one is a new row."""
    from quality.models import Consensus
    from quality.services.rebuilding import rebuild

    labels = Consensus.objects.filter(project=project)
    labels.filter(item__external_id=labels.first().item.external_id).update(confidence=0.5)
    before = dict(labels.values_list("item__external_id", "updated_at"))
    rebuild(project)
    after = dict(labels.values_list("item__external_id", "updated_at"))
    return sorted(name for name, at in after.items() if at != before[name])


def _answer(item: object, chance: float, rng: np.random.Generator) -> str:
    number = int(item.external_id.rpartition("-")[2])
    return str(number % 10 if rng.random() < chance else rng.integers(10))


def _rows(project: object) -> list[list[object]]:
    from quality.models import Consensus, Skill

    rows = Consensus.objects.filter(project=project).order_by("item__external_id")
    labels = rows.values_list(
        "item__external_id", "item__status", "state", "value", "label_code", "posterior",
        "answers_used", "voice",
    )  # fmt: skip
    settled = [[row.settled_at is not None] for row in rows]
    skills = Skill.objects.filter(project=project).order_by("annotator_id")
    known = skills.values_list("answers", "gold_seen", "failing", "noticed", "confusion")
    return json.loads(json.dumps([*map(list, labels), *settled, *map(list, known)]))


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "tests")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.settings.test")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(play()))  # noqa: T201
