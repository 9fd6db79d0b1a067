"""The worker's API: seats in, answers out. Names and shapes are fixed; see the OpenAPI document."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound as Unknown
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.strict import StrictSerializer
from labeling.api import worker_shapes as shapes
from labeling.api.pages import PARAMETERS, PageInput, page_of
from labeling.feedback import Feedback
from labeling.models import Assignment, Project
from labeling.queries.person import (
    MyProject,
    OpenProject,
    my_projects,
    open_projects,
    worked_in,
)
from labeling.queries.practice import feedback_for
from labeling.services import leases
from labeling.services.answering import submit
from labeling.services.claiming import Claim, claim, held_by
from labeling.services.revising import Wording, revise
from labeling.services.verdicts import INVALID, Outcome, Submission
from labeling.standing import UNKNOWN, Standing, standings_of

End = Callable[[User, str, str, str], Assignment]


class MyProjects(APIView):
    """Projects open to me: pay, time, what is asked, and why not if not."""

    query_parameters = PARAMETERS

    @extend_schema(
        parameters=[PageInput], responses=shapes.OpenProjectsOutput, operation_id="my_projects"
    )
    def get(self, request: Request) -> Response:
        user = _user(request)
        projects, after = page_of(request, Project.objects.open_to(user))
        rows = [_open_project_json(one) for one in open_projects(user, projects)]
        return Response({"projects": rows, "next": after})


class Me(APIView):
    """What I have done and earned, and whether I am paused."""

    query_parameters = PARAMETERS

    @extend_schema(parameters=[PageInput], responses=shapes.MeOutput, operation_id="me")
    def get(self, request: Request) -> Response:
        user = _user(request)
        page, standings = page_of(request, worked_in(user)), standings_of(user.pk)
        mine = my_projects(user, page.projects)
        projects = [_my_project_json(one, standings.get(one.project.pk, UNKNOWN)) for one in mine]
        name = user.display_name or user.username
        body = {"id": user.public_id, "name": name, "projects": projects, "next": page.next}
        return Response(body)


class Claims(APIView):
    """Seats in one project."""

    @extend_schema(responses=shapes.ClaimOutput, operation_id="held_seats")
    def get(self, request: Request, project: str) -> Response:
        """The seats that I hold: where a page that was closed takes up its work again."""
        held = held_by(_open_project(request, project), _user(request))
        return Response(shapes.claim_json(Claim(held, None)))

    @extend_schema(
        request=shapes.ClaimInput, responses=shapes.ClaimOutput, operation_id="claim_seats"
    )
    def post(self, request: Request, project: str) -> Response:
        """Take up to ``count`` new seats."""
        found = _open_project(request, project)
        body = shapes.ClaimInput(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        return Response(
            shapes.claim_json(claim(found, _user(request), wanted["count"], wanted.get("key")))
        )


class Answers(APIView):
    """Answers to seats."""

    @extend_schema(
        request=shapes.DocumentedAnswersInput,
        responses=shapes.AnswersOutput,
        operation_id="submit_answers",
    )
    def post(self, request: Request) -> Response:
        """Store up to 50 answers, each with its own verdict, and take the next seats.

        The same request sent again gives the same verdicts (``stored`` comes back as ``replayed``)
        and the same seats, as far as they are still held.
        """
        body = shapes.AnswersInput(data=request.data)
        body.is_valid(raise_exception=True)
        next_claim = body.validated_data["claim"]
        project = _open_project(request, next_claim["project"]) if next_claim else None
        answers = _store(_user(request), body.validated_data["answers"])
        taken = (
            claim(project, _user(request), next_claim["count"], _first_key(answers))
            if project
            else None
        )
        return Response({"answers": answers, "claim": shapes.claim_json(taken) if taken else None})


class Revise(APIView):
    """I meant something else."""

    @extend_schema(
        request=shapes.ReviseInput, responses=shapes.RevisionOutput, operation_id="revise_answer"
    )
    def post(self, request: Request, answer: str) -> Response:
        """A new revision, within ten minutes and while the item is unsettled. The old one stays."""
        body = shapes.ReviseInput(data=request.data)
        body.is_valid(raise_exception=True)
        revised = revise(_user(request), answer[: shapes.ID_LENGTH], Wording(**body.validated_data))
        return Response(shapes.revision_json(revised))


class _EndSeat(APIView):
    """What skip, flag and release have in common."""

    def end_seat(
        self, request: Request, assignment: str, end: End, body: StrictSerializer
    ) -> Response:
        body.is_valid(raise_exception=True)
        said = body.validated_data
        name = assignment[: shapes.ID_LENGTH]
        seat = end(_user(request), name, said["reason"], said["text"])
        return Response({"id": seat.public_id, "state": seat.state})


class Skip(_EndSeat):
    """I do not want to answer this one."""

    @extend_schema(
        request=shapes.SkipInput, responses=shapes.SeatStateOutput, operation_id="skip_seat"
    )
    def post(self, request: Request, assignment: str) -> Response:
        body = shapes.SkipInput(data=request.data)
        return self.end_seat(request, assignment, leases.skip, body)


class Release(_EndSeat):
    """I stop for now; give the seat to somebody else."""

    @extend_schema(
        request=shapes.ReleaseInput, responses=shapes.SeatStateOutput, operation_id="release_seat"
    )
    def post(self, request: Request, assignment: str) -> Response:
        body = shapes.ReleaseInput(data=request.data)
        return self.end_seat(request, assignment, leases.release, body)


class Flag(_EndSeat):
    """Something is wrong with the item."""

    @extend_schema(
        request=shapes.FlagInput, responses=shapes.SeatStateOutput, operation_id="flag_seat"
    )
    def post(self, request: Request, assignment: str) -> Response:
        body = shapes.FlagInput(data=request.data)
        return self.end_seat(request, assignment, leases.flag, body)


class Renew(APIView):
    """I am still at it."""

    @extend_schema(
        request=shapes.RenewInput, responses=shapes.RenewOutput, operation_id="renew_seats"
    )
    def post(self, request: Request) -> Response:
        body = shapes.RenewInput(data=request.data)
        body.is_valid(raise_exception=True)
        renewed = leases.renew(_user(request), body.validated_data["assignments"])
        seats = [{"id": s.public_id, "lease_until": s.lease_until.isoformat()} for s in renewed]
        return Response({"assignments": seats})


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # the permission class let nobody else in
    return request.user


def _open_project(request: Request, public_id: str) -> Project:
    """Unknown and foreign projects are the same 404."""
    project = Project.objects.open_to(_user(request)).filter(public_id=public_id).first()
    if project is None:
        raise Unknown
    return project


def _store(user: User, entries: list[Any]) -> list[dict[str, Any]]:
    """An outcome for every entry; those of the wrong shape never reach the service."""
    bodies = [shapes.AnswerInput(data=entry) for entry in entries]
    right = [body for body in bodies if body.is_valid()]
    outcomes = submit(user, [Submission(**body.validated_data) for body in right])
    told = feedback_for(user.pk, [outcome.answer for outcome in outcomes if outcome.answer])
    judged = iter(outcomes)
    return [
        _outcome(next(judged) if not body.errors else _wrong_shape(body), entry, told)
        for body, entry in zip(bodies, entries, strict=True)
    ]


def _wrong_shape(body: shapes.AnswerInput) -> Outcome:
    field, messages = next(iter(body.errors.items()))
    message = messages[0] if isinstance(messages, list) and messages else "is wrong"
    name = "" if field == "non_field_errors" else str(field)
    return Outcome(INVALID, field=name or "answer", message=str(message))


def _outcome(outcome: Outcome, entry: Any, told: Mapping[str, Feedback]) -> dict[str, Any]:
    """The outcome with the names that the client gave, so that it can match them."""
    given = entry if isinstance(entry, dict) else {}
    assignment, key = (_text(given.get(name)) for name in ("assignment", "key"))
    return shapes.outcome_json(outcome, assignment, key, told.get(outcome.answer or ""))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _first_key(answers: list[dict[str, Any]]) -> UUID | None:
    """What names the claim that came with these answers: sent again, they bring the same seats."""
    for answer in answers:
        if answer["verdict"] != INVALID and answer["key"]:
            return UUID(answer["key"])
    return None


def _open_project_json(open_project: OpenProject) -> dict[str, Any]:
    project = open_project.project
    return {
        "id": project.public_id,
        "name": project.name,
        "instructions": open_project.instructions,
        "label_type": project.label_type,
        "configuration": open_project.configuration,
        "currency": project.currency,
        "price_micros": project.price_micros,
        "median_seconds": open_project.median_seconds,
        "done": open_project.done,
        "why_not": open_project.why_not,
    }


def _my_project_json(mine: MyProject, known: Standing) -> dict[str, Any]:
    return {
        "id": mine.project.public_id,
        "name": mine.project.name,
        "done": mine.done,
        "currency": mine.project.currency,
        "paid_micros": mine.paid_micros,
        "pending_micros": mine.pending_micros,
        "status": mine.status,
        "reason": mine.reason,
        "accuracy": asdict(known.accuracy) if known.accuracy else None,
        "appeals": [asdict(appeal) for appeal in known.appeals],
    }
