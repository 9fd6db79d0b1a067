"""Sets, ordered labels and numbers: the running loop trains the right kind, and asks where it is in doubt."""

import uuid

import numpy as np
import pytest
from django.utils import timezone

import factories
import loop_scene
from labeling.models import Item, ItemRole, Project
from labeling.services.answering import Submission, submit
from labeling.services.claiming import claim
from labeling.services.people import enroll
from labeling.services.projects import ProjectSpec, create_project, set_status
from learning import queries, voices
from learning.models import ModelVersion, PredictionBlock, QueryRound
from learning.services.plans import configure
from quality.models import Consensus, ConsensusState, GoldAnswer

pytestmark = pytest.mark.django_db

N_ITEMS, N_GOLD = 80, 20
TAGS = ["red", "round", "rare"]
STEPS = ["bad", "poor", "fair", "good", "best"]


def vectors():
    return np.random.default_rng(0).normal(size=(N_ITEMS + N_GOLD, 4))


def tags(row):
    """The third tag is never given."""
    return [tag for tag, x in zip(TAGS, row, strict=False) if x > 0 and tag != "rare"]


def step(row):
    return STEPS[int(np.clip(2.5 + 1.2 * row[0], 0, 4))]


KINDS = {
    "multiple_choice": ({"labels": TAGS}, tags),
    "number": (
        {"min": -50, "max": 50, "tolerance": 2},
        lambda row: float(round(5 * row[0] - row[1], 2)),
    ),
    "ordinal": ({"labels": STEPS, "tolerance": 1}, step),
    "text": ({}, lambda row: "words"),
}


def made(organization, kind, *, n_settled=50, **plan):
    """A live project whose first items are settled under what their vectors mean."""
    configuration, meaning = KINDS[kind]
    spec = ProjectSpec(kind, configuration, label_type=kind, seats_min=1, seats_max=3)
    project = create_project(organization, spec)
    rows = vectors()
    items = loop_scene.add_items(project, rows[:N_ITEMS])
    gold = loop_scene.add_items(project, rows[N_ITEMS:], role=ItemRole.GOLD, start=N_ITEMS)
    GoldAnswer.objects.bulk_create(
        GoldAnswer(item=item, value=meaning(row), label_code=code_of(kind, meaning(row)))
        for item, row in zip(gold, rows[N_ITEMS:], strict=True)
    )
    configure(project.pk, **{"retrain_after": 20, "round_size": 10, **plan})
    set_status(project, "live")
    for item, row in zip(items[:n_settled], rows, strict=False):
        settle(project, item, kind, meaning(row))
    loop_scene.run("learning.features", project)
    return project


def code_of(kind, value):
    return STEPS.index(value) if kind == "ordinal" else None


def settle(project, item, kind, value):
    Item.objects.filter(pk=item.pk).update(status="settled", has_seat=False)
    code = code_of(kind, value)
    posterior = None if code is None else (np.eye(5)[code] * 0.9 + 0.02).tolist()
    Consensus.objects.create(
        item=item, project=project, state=ConsensusState.SETTLED, value=value, label_code=code,
        confidence=0.95, posterior=posterior, method="test", answers_used=2,
        settled_at=timezone.now(),
    )  # fmt: skip


def retrained(project):
    return loop_scene.run("learning.retrain", project).result


@pytest.mark.parametrize(
    ("kind", "estimator", "least"),
    [("multiple_choice", "logistic", 0.6), ("number", "ridge", 0.9), ("ordinal", "ordinal", 0.8)],
)
def test_the_estimator_suits_the_answers_and_is_judged_by_their_own_measure(
    organization, kind, estimator, least
):
    project = made(organization, kind)
    assert retrained(project)["outcome"] == "published"
    model = queries.current_model(project.pk)
    assert model.estimator == estimator
    assert model.scores["gold"]["items"] == N_GOLD
    assert model.scores["gold"]["value"] >= least
    assert model.scores["agreement"]["value"] > 0.5


@pytest.mark.parametrize(
    ("kind", "strategy"),
    [("multiple_choice", "multilabel_mean_doubt"), ("number", "committee_spread")],
)
def test_rounds_ask_by_what_such_a_model_can_tell(organization, kind, strategy):
    """A strategy that looks at one label means the one that looks at sets or numbers."""
    project = made(organization, kind, strategy="entropy", random_share=0.0)
    retrained(project)
    assert loop_scene.run("learning.query_round", project, number=1, wanted=5).result["items"] == 5
    assert QueryRound.objects.get().strategy == strategy


def test_the_priced_round_asks_first_where_the_committee_is_spread(organization):
    project = made(organization, "number", random_share=0.0, n_settled=40)
    retrained(project)
    # The opening of a project is random; enough was answered for it to be over.
    loop_scene.run("learning.query_round", project, number=1, wanted=5)
    block = PredictionBlock.objects.get()
    said = np.frombuffer(block.probabilities, "<f4").reshape(N_ITEMS + N_GOLD, -1)
    ids = np.frombuffer(block.block.item_ids, "<i8")
    pool = np.isin(ids, Item.objects.filter(role="work", consensus=None).values_list("pk"))
    spread = dict(zip(ids[pool].tolist(), said[pool].std(axis=1), strict=True))
    asked = QueryRound.objects.get().item_ids
    assert min(spread[i] for i in asked) >= max(s for i, s in spread.items() if i not in asked)


def test_a_trained_model_speaks_again_from_its_row(organization):
    """Sealed, read again, and the same about blocks that come later."""
    for kind in ("multiple_choice", "number"):
        project = made(organization, kind)
        retrained(project)
        said = PredictionBlock.objects.get(model__project=project)
        before = np.frombuffer(said.probabilities, "<f4")
        said.delete()
        loop_scene.run("learning.query_round", project, number=1, wanted=5)
        again = PredictionBlock.objects.get(model__project=project)
        assert np.allclose(np.frombuffer(again.probabilities, "<f4"), before, atol=1e-6)


def test_what_is_no_single_label_has_no_voice_beside_votes(organization):
    project = made(organization, "number")
    retrained(project)
    assert voices.model_voice(project.pk, [1, 2, 3]) is None


def test_answers_that_no_model_learns_are_a_sentence(organization):
    project = made(organization, "text")
    assert "no model learns" in retrained(project)["because"]
    assert not ModelVersion.objects.exists()


def test_numbers_are_not_learned_by_an_estimator_of_labels(organization):
    project = made(organization, "number", estimator="boosting")
    assert "ridge or forest" in retrained(project)["because"]


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["multiple_choice", "number", "ordinal"])
def test_the_whole_loop_runs_on_such_answers(organization, kind):
    """People claim and answer through the services; the sweeps do the rest, until a model is there."""
    project = made(organization, kind, n_settled=0)
    _, meaning = KINDS[kind]
    truth = dict(zip([f"digit-{n}" for n in range(N_ITEMS + N_GOLD)], vectors(), strict=True))
    people = [factories.annotator(organization, f"person-{n}") for n in range(4)]
    for person in people:
        enroll(project, person)
    for _ in range(60):
        loop_scene.sweep_once()
        for person in people:
            seats = claim(Project.objects.get(pk=project.pk), person, 5).assignments
            said = [
                Submission(s.public_id, meaning(truth[s.item.external_id]), 2.0, uuid.uuid4())
                for s in seats
            ]
            if said:
                submit(person, said)
        if queries.current_model(project.pk):
            break
    assert queries.current_model(project.pk).scores["gold"]["value"] > 0.4
