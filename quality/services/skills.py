"""What a full fit reads, and what it leaves behind about the project and each person."""

from dataclasses import asdict, dataclass, replace

import numpy as np
from django.utils import timezone

from labeling.models import Item, ItemRole, ItemStatus, Project
from labeling.queries.among import among
from quality.inference.answers import Answers, Floats, Ints
from quality.inference.ceiling import UNTESTED, tested_ceiling
from quality.inference.settling import METHOD
from quality.inference.settling.expected import effective, representative
from quality.inference.settling.learning import Learned
from quality.inference.settling.notice import stretches
from quality.inference.settling.replay import Gold, Outcome, outcome, replay
from quality.inference.settling.standing import belief_of_others, standing
from quality.models import Fit, Skill
from quality.queries.decisions import forgiven
from quality.queries.fits import LearnedSkills, remember
from quality.queries.labels import gold_codes
from quality.queries.votes import ballots_of_project, n_labels_of
from quality.services.beliefs import rule_of
from quality.services.fits import lock_fit, project_of
from quality.services.upserting import upsert
from quality.voices import voice_of

FEWEST_LABELS = 2
POOL_SAMPLE = 5_000  # unanswered items that tell how sure the model usually is
LEARNED = ["confusion", "answers", "accuracy", "accuracy_low", "accuracy_high", "noticed"]
LEARNED += ["updated_at"]


@dataclass(frozen=True, eq=False)
class Read:
    """Everything that a fit is made of.

    ``item_ids[i]`` are the answered items, then ``n_pool`` items that nobody has answered; ``gold[i]``
    is a known label or -1, ``voiced[i, k]`` what the model says. ``new_then`` answers had been settled
    since the last fit when reading began.
    """

    project: Project
    votes: Answers
    answer_ids: Ints
    item_ids: Ints
    annotator_ids: Ints
    gold: Ints
    version: str
    voiced: Floats | None
    n_pool: int
    new_then: int

    def answered_rows(self) -> Ints:
        """Codes of answered items that are not gold, by ascending id."""
        return np.flatnonzero(self.gold[: len(self.item_ids) - self.n_pool] < 0)


def read_project(project_id: int) -> Read | None:
    """None while nothing can be learned: no votes, or no closed set of labels."""
    project, n_labels = project_of(project_id), n_labels_of(project_id)
    new_then = _answers_since(project_id)
    ballots = ballots_of_project(project_id, n_labels)
    if n_labels < FEWEST_LABELS or not len(ballots.votes):
        return None
    pool = _pool_sample(project_id)
    item_ids = np.concatenate([ballots.item_ids, pool])
    version, voiced = voice_of(project_id, item_ids, n_labels)
    return Read(
        project=project,
        votes=_with_unanswered(ballots.votes, len(item_ids)),
        answer_ids=ballots.answer_ids,
        item_ids=item_ids,
        annotator_ids=ballots.annotator_ids,
        gold=gold_codes(project_id, item_ids),
        version=version,
        voiced=voiced,
        n_pool=len(pool),
        new_then=new_then,
    )


def _answers_since(project_id: int) -> int:
    fits = Fit.objects.filter(project_id=project_id)
    return fits.values_list("answers_since", flat=True).first() or 0


def _pool_sample(project_id: int) -> Ints:
    pool = Item.objects.filter(
        project_id=project_id, role=ItemRole.WORK, status=ItemStatus.POOL, answers__isnull=True
    )
    return np.fromiter(
        pool.order_by("pk").values_list("pk", flat=True)[:POOL_SAMPLE], dtype=np.int64
    )


def _with_unanswered(votes: Answers, n_items: int) -> Answers:
    return Answers(
        votes.item, votes.annotator, votes.label, n_items, votes.n_annotators, votes.n_labels
    )


def write_skills(read: Read, learned: Learned) -> LearnedSkills:
    """The Fit row and one Skill a person. The caller is in a (fenced) transaction."""
    fit = lock_fit(read.project.pk)
    fit.version += 1
    fit.method = METHOD
    fit.parameters = learned.parameters.to_json() | {"record": record_of(read, learned)}
    fit.answers_used = len(read.votes)
    fit.answers_since -= min(read.new_then, fit.answers_since)
    fit.updated_at = timezone.now()
    fit.save()
    _write_people(read, learned)
    skills = LearnedSkills(
        read.project.pk, fit.version, learned.parameters, read.annotator_ids, learned.confusion
    )
    remember(skills, fit.updated_at)
    return skills


def _write_people(read: Read, learned: Learned) -> None:
    now, others = timezone.now(), _others(read, learned)
    known, noticed = standing(read.votes, others), _noticed(read, others)
    answers = np.bincount(read.votes.annotator, minlength=read.votes.n_annotators)
    columns = (known.accuracy, known.low, known.high)
    numbers = zip(answers.tolist(), *(c.tolist() for c in columns), noticed, strict=True)
    each = zip(read.annotator_ids.tolist(), learned.confusion.tolist(), numbers, strict=True)
    rows = [(read.project.pk, who, confusion, *row, now) for who, confusion, row in each]
    upsert(
        Skill, ("project_id", "annotator_id", *LEARNED), rows, key=("project_id", "annotator_id")
    )
    gone = Skill.objects.filter(project=read.project, confusion__isnull=False)
    gone = gone.exclude(annotator_id__in=among(read.annotator_ids.tolist()))
    gone.update(confusion=None, answers=0, accuracy=None, accuracy_low=None, accuracy_high=None)


def _others(read: Read, learned: Learned) -> Floats:
    """[v, k]: what all but vote v say about its item."""
    return belief_of_others(
        learned.parameters, read.votes, learned.confusion, read.voiced, read.gold
    )


def _noticed(read: Read, others: Floats) -> list[bool]:
    """[a]: whether a bad stretch of answers is to be acted upon; what was forgiven is left out."""
    pardons = forgiven(read.project.pk, read.annotator_ids.tolist())
    until = np.array([max(pardons.get(who, [0])) for who in read.annotator_ids.tolist()])
    votes = read.votes
    rows = np.flatnonzero(read.answer_ids > until[votes.annotator])
    known = read.gold[votes.item[rows]] >= 0
    found = stretches(
        votes.annotator[rows], votes.label[rows], others[rows], known, votes.n_annotators
    )
    return [stretch.noticed for stretch in found]


@dataclass(frozen=True)
class GoldRecord:
    """How the rule fared on gold items answered as if they were ordinary.

    ``items`` have been answered; ``ceiling`` is the most that they allow to promise. The rest are
    effective numbers: gold is chosen evenly over the labels, work is not (``representative``).
    """

    items: int = 0
    settled: float = 0.0
    settled_right: float = 0.0
    unsettled: float = 0.0
    unsettled_right: float = 0.0
    ceiling: float = UNTESTED


def record_of(read: Read, learned: Learned) -> dict[str, object]:
    """The gold record that expected accuracy rests on, for the Fit row."""
    gold = Gold.of(read.votes, read.gold)
    if gold is None:
        return asdict(GoldRecord())
    prefixes = replay(learned.parameters, learned.confusion, learned.counts, gold, read.voiced)
    found = outcome(prefixes, gold, rule_of(read.project), learned.parameters)
    record = _counted(found, representative(gold.truth, learned.parameters.shares))
    return asdict(replace(record, ceiling=tested_ceiling(found.stated, gold.truth)))


def _counted(found: Outcome, weight: Floats) -> GoldRecord:
    done = found.settled == 1
    settled = effective(weight[done], found.right[done])
    return GoldRecord(done.size, *settled, *effective(weight[~done], found.right[~done]))
