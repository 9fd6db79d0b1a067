"""What the loop does next, as a pure function of what the tables say.

``decide`` is asked whenever something may have changed, and as often as anybody likes: it looks at the
whole situation, never at what happened last, so a lost message changes nothing but the moment.

Rounds overlap. The next one opens while seats of the last are still free, early enough that people who
answer quickly do not wait; it also opens when somebody at work has answered all that is open to them
(several answers an item, few people), even though seats are free for others.
"""

from dataclasses import dataclass, field
from enum import StrEnum

LEAST_FOR_FIRST_MODEL = 20
LEAST_GOLD = 20  # gold items that must speak for an accuracy before it counts as reached
SEATS_AHEAD = 2  # free seats for everybody at work
NO_PROMISE = "That promises nothing about the labels."
CLAIMABLE_AHEAD = 5  # what the person who has answered most should still find


class Action(StrEnum):
    """What to set in motion. Several may be due at the same time."""

    FEATURES = "features"
    RETRAIN = "retrain"
    ROUND = "round"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The situation of one project.

    A ``pilot`` may ask about its first items only, which are its ``pool``, and ends with a sentence, not with the
    project. ``items`` are work items, and among the ``open`` are audit items that a crowd screens;
    ``missing_features`` counts gold and audit items too. ``labels``: settled
    work items. ``waiting``: answered items in doubt, without a seat until a
    round names them. ``pending``: live leases and answers that nobody has used yet. ``least_claimable``: open
    items that the person at work who has seen most has not seen (by invitation: invitations that
    anybody could follow now); None when nobody is at work. ``model_problem``: why the
    last training brought no model; ``retrain_overdue``: it was longer ago than the plan wants.
    ``model_silent``: why the model that is not ours gave no answer when it
    was last asked. ``expected`` is the expected accuracy of all
    labels, None while unknown, and ``gold_items`` how many gold items speak for it. ``level`` and
    ``stable``: the learning curve has levelled off; the last models agree with each other. ``busy``: actions
    whose job is waiting or running. ``failed``: actions whose last job failed a short while ago, with
    the error; they are not asked for again before a pause.
    """

    running: bool
    pilot: bool = False
    items: int
    featured: int
    missing_features: int
    unusable: int = 0
    feature_kind: str | None = None
    problem: str = ""
    pool: int
    waiting: int = 0
    open: int
    held: int = 0
    labels: int
    n_labels: int
    free_seats: int
    pending: int = 0
    people: int = 0
    least_claimable: int | None = None
    labels_at_last_model: int = 0
    model: int | None = None
    model_refused: str = ""
    model_problem: str = ""
    model_silent: str = ""
    rounds: int = 0
    round_size: int
    retrain_after: int
    retrain_share: float = 0.05
    retrain_overdue: bool = False
    certainty: float
    stop_rules: frozenset[str] = frozenset({"certainty"})
    level: bool = False
    stable: bool = False
    expected: float | None = None
    gold_items: int = 0
    by_invitation: bool = False
    budget_left: int | None = None
    price: int = 0
    busy: frozenset[Action] = frozenset()
    failed: dict[Action, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What to do now and the sentence that tells people what the loop waits for."""

    actions: frozenset[Action]
    state: str
    wanted: int = 0  # items of the round, where one is to open


def decide(facts: Facts) -> Step:
    if not facts.running:
        return Step(frozenset(), "Not running.")
    if because := stop_reason(facts):
        return Step(frozenset({Action.STOP}), because)
    actions = {action for action, due in _DUE.items() if due(facts)}
    actions -= facts.busy | set(facts.failed)
    return Step(frozenset(actions), sentence(facts, actions), wanted=round_wanted(facts))


def stop_reason(facts: Facts) -> str:
    """Why the project is done; empty while it is not."""
    if not facts.items:
        return ""
    if "certainty" in facts.stop_rules and _keeps_its_promise(facts):
        return (
            f"The promised certainty of {facts.certainty:.1%} is reached ({facts.expected:.1%}); the promise "
            f"rests on {facts.gold_items} gold items."
        )
    if "plateau" in facts.stop_rules and facts.level:
        return f"The learning curve has levelled off: more labels make the model no better. {NO_PROMISE}"
    if "stability" in facts.stop_rules and facts.stable:
        return f"The last models agree with each other on nearly every item. {NO_PROMISE}"
    if not facts.pilot and not facts.pool and not facts.open and not facts.pending:
        held = f"; {facts.held} of them need an expert" if facts.held else ""
        return f"Every item has been asked about and is settled{held}."
    if _cannot_pay(facts) and not facts.pending:
        return "The budget is spent."
    left = facts.pool or facts.waiting or facts.pending or facts.least_claimable
    if facts.by_invitation and not left:
        return f"Everybody invited has answered; {facts.open} items could not be settled."
    return ""


def _keeps_its_promise(facts: Facts) -> bool:
    """A belief may rank items, it may not promise: without gold nothing stops on certainty."""
    if facts.expected is None or facts.gold_items < LEAST_GOLD:
        return False
    return facts.expected >= facts.certainty


def needs_features(facts: Facts) -> bool:
    return facts.missing_features > 0 and facts.feature_kind not in ("none", "supplied")


def needs_model(facts: Facts) -> bool:
    """Enough new labels since the last training, whatever came of it."""
    if not facts.featured:
        return False
    fresh = facts.labels - facts.labels_at_last_model
    return fresh >= retrain_threshold(facts) or (facts.retrain_overdue and fresh > 0)


def retrain_threshold(facts: Facts) -> int:
    if facts.model is not None or facts.labels_at_last_model:
        return max(facts.retrain_after, round(facts.retrain_share * facts.labels_at_last_model))
    return max(2, min(facts.retrain_after, max(LEAST_FOR_FIRST_MODEL, 2 * facts.n_labels)))


def needs_round(facts: Facts) -> bool:
    if not (facts.pool or facts.waiting) or _cannot_pay(facts) or _first_block_is_coming(facts):
        return False
    ahead = max(facts.round_size / 2, SEATS_AHEAD * facts.people)
    if facts.by_invitation:  # free seats say little: each is for the few people invited to it
        return (facts.least_claimable or 0) < 2 * ahead
    if facts.free_seats < ahead:
        return True
    return facts.least_claimable is not None and facts.least_claimable < CLAIMABLE_AHEAD


def round_wanted(facts: Facts) -> int:
    """Larger rounds for more people; never more items than the money left can ask about."""
    wanted = max(facts.round_size, 2 * SEATS_AHEAD * facts.people)
    if facts.budget_left is not None and facts.price:
        wanted = min(wanted, max(1, facts.budget_left // facts.price))
    return min(wanted, facts.pool + facts.waiting)


_DUE = {
    Action.FEATURES: needs_features,
    Action.RETRAIN: needs_model,
    Action.ROUND: needs_round,
}


def sentence(facts: Facts, actions: set[Action]) -> str:
    """One sentence for people: what happens now, and what is in the way if something is."""
    happening = _happening(facts, actions | facts.busy)
    obstacle = _obstacle(facts)
    return f"{happening} {obstacle}".strip()[:300]


def _happening(facts: Facts, under_way: set[Action] | frozenset[Action]) -> str:
    if not facts.items:
        return "Waiting for items."
    if Action.ROUND in under_way:
        return f"Opening round {facts.rounds + 1}."
    if Action.FEATURES in under_way and not facts.featured:
        return f"Computing features of {facts.items} items."
    if Action.RETRAIN in under_way:
        return f"Training a model on {facts.labels} labels."
    if not facts.open and facts.pilot and not facts.pending:
        return "The pilot is over: look at its labels and what they cost, then launch."
    if not facts.open:
        return "Waiting for the last answers to be settled."
    if not facts.people:
        return f"Waiting for people: {facts.open} items are open."
    if facts.least_claimable == 0 and not facts.pool:
        return f"{facts.open} items are open; some need people who have not answered them yet."
    return "People are answering."  # no counts: the sentence is written only when it changes


def _obstacle(facts: Facts) -> str:
    for action, error in facts.failed.items():
        return f"The last {action} job failed: {error}"
    if facts.feature_kind == "none":
        return f"There is no model, and items come in random order: {facts.problem}."
    if facts.model_refused:
        return facts.model_refused
    if facts.model_problem:
        return f"The last training brought no new model: {facts.model_problem}."
    if facts.model_silent:
        return f"The model was asked and gave no answer: {facts.model_silent}."
    if facts.unusable:
        return f"{facts.unusable} items have no features ({facts.problem})."
    if facts.model is None and facts.labels_at_last_model:
        return "No model could be trained yet; diverse and random items are asked meanwhile."
    return ""


def _first_block_is_coming(facts: Facts) -> bool:
    """The very first round waits for the first features, so that it can cover the pool."""
    failed = Action.FEATURES in facts.failed
    return not facts.featured and not facts.unusable and needs_features(facts) and not failed


def _cannot_pay(facts: Facts) -> bool:
    return facts.budget_left is not None and facts.price > 0 and facts.budget_left < facts.price
