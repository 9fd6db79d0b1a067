"""What the tables say about a project, gathered for ``loop_rules``: counts and key look-ups only."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from jobs.clock import in_future
from jobs.models import LIVE, Job, State
from labeling.models import (
    Answer,
    Assignment,
    AssignmentState,
    Enrollment,
    EnrollmentStatus,
    Invitation,
    Item,
    ItemRole,
    ItemStatus,
    Project,
    ProjectStatus,
)
from labeling.queries import budget_left_micros, free_seats, live_leases, work_counts
from learning import queries
from learning.blocks import unpack_ids
from learning.kinds import ACTIONS
from learning.loop_rules import Action, Facts
from learning.models import FeatureSpace, Plan
from learning.queries.gains import has_levelled, has_settled
from quality.queries import count_waiting, expected_accuracy, machine_labels
from quality.queries.votes import n_labels_of

AT_WORK = timedelta(minutes=2)  # who answered within this time, or holds a seat, is at work
ANSWERS_LOOKED_AT = 300
INVITATIONS_COUNTED = 20_000  # counting stops here
FAILURE_BARS = timedelta(minutes=2)  # how long a failed job is not asked for again


def facts_of(plan: Plan, project: Project) -> Facts:
    """The situation now."""
    promise = expected_accuracy(project.pk)
    counts, space = work_counts(project.pk), queries.space_of(project.pk)
    model = queries.current_model(project.pk)
    people, pilot = people_at_work(project.pk), project.status == ProjectStatus.PILOT
    return Facts(
        running=project.status in (ProjectStatus.LIVE, ProjectStatus.PILOT),
        items=counts.items,
        pool=queries.askable(project.pk).count() if pilot else counts.pool,
        pilot=pilot,
        waiting=count_waiting(project.pk) if counts.open else 0,
        open=counts.open + screened_now(project.pk),
        held=counts.held,
        labels=_taught_by_people(project.pk, counts.settled),
        n_labels=n_labels_of(project.pk),
        free_seats=free_seats(project.pk),
        pending=live_leases(project.pk) + unused_answers(project.pk),
        people=len(people),
        least_claimable=claimable(project, people),
        labels_at_last_model=plan.labels_at_last_model,
        model=model.number if model else None,
        model_refused=refusal(project.pk),
        model_problem=plan.problem,
        model_silent=queries.silence_of(project.pk, model.estimator) if model else "",
        rounds=queries.rounds_opened(project.pk),
        round_size=plan.interactive_after or plan.round_size,
        retrain_after=plan.retrain_after,
        retrain_share=plan.retrain_share,
        retrain_overdue=_is_overdue(plan),
        certainty=plan.certainty,
        stop_rules=frozenset(plan.stop_rules),
        level="plateau" in plan.stop_rules and has_levelled(project.pk),
        stable="stability" in plan.stop_rules and has_settled(project.pk),
        expected=promise.value,
        gold_items=promise.gold_items,
        budget_left=budget_left_micros(project.pk),
        price=project.price_micros,
        by_invitation=project.by_invitation,
        busy=busy(project),
        failed=failed(project),
        **feature_facts(project.pk, space, plan.features),
    )


def screened_now(project_id: int) -> int:
    """Audit items that a crowd is asked about: the project does not end under them."""
    asked = Item.objects.filter(project_id=project_id, role=ItemRole.AUDIT, status=ItemStatus.OPEN)
    return asked.count()


def _is_overdue(plan: Plan) -> bool:
    """Never before the first training: that one waits for enough labels."""
    if not plan.retrain_hours or plan.trained_at is None:
        return False
    return timezone.now() - plan.trained_at >= timedelta(hours=plan.retrain_hours)


def _taught_by_people(project_id: int, settled: int) -> int:
    """Settled items without those that the machine labeled itself."""
    return settled - machine_labels(project_id).count() if settled else 0


def feature_facts(project_id: int, space: FeatureSpace | None, wanted: str) -> dict[str, Any]:
    """How many items have vectors of the kind that the plan wants, lack them, or cannot have any."""
    everything = queries.featured_items(project_id).count()
    if space is None or not queries.is_wanted(space, wanted):
        return {"featured": 0, "missing_features": everything}
    featured, unusable = queries.rows_featured(space), len(unpack_ids(space.unusable))
    return {
        "featured": featured,
        "unusable": unusable,
        "missing_features": max(0, everything - featured - unusable),
        "feature_kind": space.kind,
        "problem": space.problem,
    }


def people_at_work(project_id: int) -> list[int]:
    """Active annotators who hold a seat or answered lately."""
    leased = Assignment.objects.filter(project_id=project_id, state=AssignmentState.LEASED)
    newest = Answer.objects.filter(project_id=project_id).order_by("-pk")[:ANSWERS_LOOKED_AT]
    lately = Answer.objects.filter(
        pk__in=list(newest.values_list("pk", flat=True)), created_at__gt=in_future(-AT_WORK)
    )
    known = {*leased.values_list("annotator_id", flat=True).distinct()}
    known.update(lately.values_list("annotator_id", flat=True).distinct())
    active = Enrollment.objects.filter(
        project_id=project_id, annotator_id__in=known, status=EnrollmentStatus.ACTIVE
    )
    return sorted(active.values_list("annotator_id", flat=True))


def claimable(project: Project, people: list[int]) -> int | None:
    """Open items that the person at work with the fewest left could still get; None: nobody is there.

    Where items are offered by invitation, it is how many invitations anybody could still follow:
    people who have answered all that they were invited to are not waiting for a round.
    """
    free = Item.objects.filter(project=project, has_seat=True).exclude(role=ItemRole.GOLD)
    if project.by_invitation:
        return open_invitations(project, free)
    return _least_left(free, people) if people else None


def open_invitations(project: Project, free: QuerySet[Item]) -> int:
    """Invitations to these items that active people have not followed; counted up to a few."""
    active = Enrollment.objects.filter(project=project, status=EnrollmentStatus.ACTIVE)
    taken = Assignment.objects.filter(item=OuterRef("item"), annotator=OuterRef("annotator"))
    left = Invitation.objects.filter(
        ~Exists(taken), item__in=free, annotator__in=active.values("annotator_id")
    )
    return left[:INVITATIONS_COUNTED].count()


def _least_left(free: QuerySet[Item], people: list[int]) -> int:
    seen = Assignment.objects.filter(annotator_id__in=people, item__in=free.values("pk"))
    counts = seen.values("annotator_id").annotate(n=Count("pk")).order_by("-n")[:1]
    return int(free.count() - sum(row["n"] for row in counts))


def unused_answers(project_id: int) -> int:
    """Answers that quality has not taken up yet (partial index answers_not_used_yet)."""
    return Assignment.objects.filter(project_id=project_id, unused=True).count()


def busy(project: Project) -> frozenset[Action]:
    """What is waiting or running for the project (index jobs_of_subject)."""
    live = _jobs_of(project).filter(state__in=LIVE).values_list("kind", flat=True)
    return frozenset(ACTIONS[kind] for kind in live.distinct())


def failed(project: Project) -> dict[Action, str]:
    """Actions whose newest job failed a short while ago, with the error."""
    jobs = _jobs_of(project)
    fresh = jobs.filter(state=State.FAILED, finished_at__gt=in_future(-FAILURE_BARS))
    return {
        ACTIONS[job.kind]: _last_line(job.error)
        for job in fresh
        if not jobs.filter(kind=job.kind, pk__gt=job.pk).exists()
    }


def refusal(project_id: int) -> str:
    """A sentence about the newest model when it was withdrawn."""
    newest = queries.models_of(project_id).only("number", "scores").first()
    if newest is None or newest.scores.get("outcome") != "withdrawn":
        return ""
    return f"Model {newest.number} was withdrawn: {newest.scores.get('because', '')}."


def _last_line(error: str) -> str:
    lines = error.strip().splitlines()
    return lines[-1][:150] if lines else "no reason was given"


def _jobs_of(project: Project) -> QuerySet[Job]:
    return Job.objects.filter(subject=f"project:{project.public_id}", kind__in=ACTIONS)
