"""Scoring answers to gold items, and the sequential test of each person who gave one.

A GoldResult is one answer, scored once (of a revised answer, the last revision). The test's state is
always computed anew from a person's whole record, in order of arrival, so it cannot drift away from
what a rebuild would find.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import numpy as np
from django.db.models import F, Q
from django.utils import timezone

from labeling.label_types import label_type
from labeling.models import Project
from labeling.queries import counted_answers_to, label_set
from quality.inference.gold_test import GoldState, GoldTest
from quality.models import GoldResult, Skill
from quality.queries.decisions import forgiven
from quality.queries.gold import Record, gold_records
from quality.queries.labels import PROMOTED
from quality.queries.votes import n_labels_of
from quality.services.graded import graded_state, graded_test, is_graded

TESTED = ["gold_seen", "gold_right", "gold_test", "failing", "updated_at"]


def score_gold(project: Project, gold_item_ids: Sequence[int]) -> None:
    """Score the answers to these gold items and test again the people who gave them.

    The caller holds the lock of the project's Fit.
    """
    if not gold_item_ids:
        return
    results = _results(project, gold_item_ids)
    gone = _scored_before(gold_item_ids)
    for result in results:
        gone.pop(result.answer_id, None)
    GoldResult.objects.filter(answer_id__in=list(gone)).delete()
    GoldResult.objects.bulk_create(
        results, update_conflicts=True, unique_fields=["answer"], update_fields=["right"]
    )
    test_people(project, {*gone.values(), *(result.annotator_id for result in results)})


def _scored_before(gold_item_ids: Sequence[int]) -> dict[int, int]:
    """Answer to its annotator, of the results that these items have.

    Compared here and not in the DELETE: "not among these thousands" once took a database without
    statistics minutes.
    """
    present = GoldResult.objects.filter(answer__item_id__in=gold_item_ids)
    return dict(present.values_list("answer_id", "annotator_id"))


def _results(project: Project, gold_item_ids: Sequence[int]) -> list[GoldResult]:
    """One for each counted answer to a gold item in use."""
    answers = counted_answers_to(gold_item_ids).filter(
        item__gold_answer__isnull=False,
        item__gold_answer__retired_at__isnull=True,
    )
    # What was said before the item became gold made its label: it proves nothing.
    before = Q(
        item__gold_answer__source=PROMOTED, created_at__lt=F("item__gold_answer__created_at")
    )
    answers = answers.exclude(before)
    rows = answers.order_by("pk").values_list(
        "pk", "annotator_id", "created_at", "value", "item__gold_answer__value"
    )
    agrees = label_type(project.label_type).agrees
    configuration = label_set(project.pk, project.label_set_version).configuration
    return [
        GoldResult(
            project=project,
            answer_id=pk,
            annotator_id=who,
            right=agrees(configuration, said, truth),
            created_at=at,
        )
        for pk, who, at, said, truth in rows
    ]


def test_people(project: Project, annotator_ids: Iterable[int]) -> None:
    """Write each person's gold record and the state of their test, from their scored answers."""
    people = sorted(annotator_ids)
    if not people:
        return
    records = gold_records(project.pk, people)
    states = _test(project, people, records)
    Skill.objects.bulk_create(
        [_skill(project, who, records[who], states[who]) for who in people],
        update_conflicts=True,
        unique_fields=["project", "annotator"],
        update_fields=TESTED,
    )


def _test(project: Project, people: list[int], records: dict[int, Record]) -> dict[int, GoldState]:
    """By codes where an answer is right or wrong as such, else by how many were near enough."""
    if not is_graded(project):
        return _states(project.pk, GoldTest(n_labels_of(project.pk)), people, records)
    pardons = forgiven(project.pk, people)
    test = graded_test(project)
    return {who: graded_state(test, records[who], pardons.get(who, [])) for who in people}


def _skill(project: Project, annotator_id: int, record: Record, state: GoldState) -> Skill:
    return Skill(
        project=project,
        annotator_id=annotator_id,
        gold_seen=len(record.right),
        gold_right=int(record.right.sum()),
        gold_test=asdict(state),
        failing=state.failed_at is not None,
        updated_at=timezone.now(),
    )


def _states(
    project_id: int, test: GoldTest, people: list[int], records: dict[int, Record]
) -> dict[int, GoldState]:
    """Everybody at once, except those who were forgiven something on the way."""
    pardons = forgiven(project_id, people)
    plain = [who for who in people if who not in pardons]
    states = dict(zip(plain, _batch(test, [records[who] for who in plain]), strict=True))
    return states | {who: _with_pardons(test, records[who], pardons[who]) for who in pardons}


def _batch(test: GoldTest, records: list[Record]) -> list[GoldState]:
    person = np.repeat(np.arange(len(records)), [len(record.said) for record in records])
    said = np.concatenate([record.said for record in records]) if records else np.empty(0, int)
    truth = np.concatenate([record.truth for record in records]) if records else np.empty(0, int)
    return test.batch(person, said, np.eye(test.n_labels)[truth], n_people=len(records))


def _with_pardons(test: GoldTest, record: Record, until: list[int]) -> GoldState:
    """The test with everything up to each of these answers forgiven when it was reached."""
    state, pardons = test.start(), sorted(until)
    rows = zip(record.answer_id.tolist(), record.said.tolist(), record.truth.tolist(), strict=True)
    for answer_id, said, truth in rows:
        while pardons and answer_id > pardons[0]:
            state = test.forgive(state)
            pardons.pop(0)
        state = test.observe(state, said, test.certain(truth))
    return test.forgive(state) if pardons else state
