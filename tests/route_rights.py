"""Every route of the site: who may use it, by method, and the parts of its address."""

from dataclasses import dataclass

ANYBODY = frozenset(
    {
        "anonymous",
        "annotator",
        "manager",
        "owner",
        "auditor",
        "reviewer",
        "foreign annotator",
        "foreign manager",
    }
)
SIGNED_IN = ANYBODY - {"anonymous"}
STAFF = frozenset({"manager", "owner", "auditor"})
MANAGERS = frozenset({"manager", "owner"})
REVIEWERS = frozenset({"manager", "owner", "reviewer"})
ANNOTATOR = frozenset({"annotator"})
SAFE = ("GET", "HEAD")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
JSON = "application/json"
BODIES = {
    "function-api": {"active": False},
    "flag": {"reason": "broken"},
    "revise": {"value": "cat", "key": "0b9d2f1e-3c55-4b12-9a77-52d1f0a4c001"},
}


@dataclass(frozen=True)
class Route:
    """Who may use it, by method. ``names`` are the parts of its address; the first of them has a wall."""

    methods: dict[str, frozenset[str]]
    names: tuple[str, ...] = ()


def page(who: frozenset[str], *names: str) -> Route:
    return Route({"GET": who}, names)


def act(who: frozenset[str], *names: str) -> Route:
    return Route({"POST": who}, names)


ROUTES = {
    "home": page(SIGNED_IN),
    "health": page(ANYBODY),
    "schema": page(ANYBODY),
    "openapi": page(ANYBODY),
    "api-docs": page(ANYBODY),
    "jobs-api": page(SIGNED_IN),
    "jobs": page(SIGNED_IN),
    "job-act": act(MANAGERS, "job", "job_act"),
    "me": page(SIGNED_IN),
    "my-projects": page(SIGNED_IN),
    "claims": Route({"GET": ANNOTATOR, "POST": ANNOTATOR}, ("project",)),
    "answers": act(SIGNED_IN),
    "revise": act(ANNOTATOR, "answer"),
    "renew": act(SIGNED_IN),
    "skip": act(ANNOTATOR, "assignment"),
    "release": act(ANNOTATOR, "assignment"),
    "flag": act(ANNOTATOR, "assignment"),
    "projects-api": Route({"GET": SIGNED_IN, "POST": SIGNED_IN}),
    "project-api": Route({"GET": STAFF, "PATCH": MANAGERS}, ("project",)),
    "status-api": act(MANAGERS, "project"),
    "withdraw-api": act(MANAGERS, "project"),
    "people-api": act(MANAGERS, "project"),
    "person-api": Route({"PUT": MANAGERS}, ("project", "person")),
    "bonus-api": Route({"PUT": MANAGERS}, ("project", "person")),
    "gold-imports-api": act(MANAGERS, "project"),
    "organizations-api": page(SIGNED_IN),
    "tokens-api": Route({"GET": MANAGERS, "POST": MANAGERS}, ("organization",)),
    "token-api": Route({"DELETE": MANAGERS}, ("organization", "api_token")),
    "imports-api": act(MANAGERS, "project"),
    "import-api": page(STAFF, "project", "upload"),
    "import-problems": page(STAFF, "project", "upload"),
    "answers-export": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "export-file": page(STAFF, "project", "job"),
    "labels-api": page(STAFF, "project"),
    "annotators-api": page(STAFF, "project"),
    "annotator-report": page(STAFF, "project", "annotator"),
    "quality-policy": Route({"GET": STAFF, "PATCH": MANAGERS}, ("project",)),
    "reviews-api": Route({"GET": REVIEWERS, "POST": REVIEWERS}, ("project",)),
    "review-claims": act(REVIEWERS, "project"),
    "gold-api": page(STAFF, "project"),
    "gold-suggestions": page(STAFF, "project"),
    "gold-promotions": act(MANAGERS, "project"),
    "gold-retirements": act(MANAGERS, "project"),
    "gold-kept": act(MANAGERS, "project"),
    "rules-api": Route({"GET": STAFF, "PUT": MANAGERS}, ("project",)),
    "rules-tried": act(MANAGERS, "project"),
    "survey-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "decisions-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "reversal-api": act(MANAGERS, "project", "decision"),
    "appeals-api": page(STAFF, "project"),
    "appeal-answer": act(MANAGERS, "project", "appeal"),
    "my-decisions": page(SIGNED_IN),
    "my-appeals": act(SIGNED_IN),
    "quality-api": page(STAFF, "project"),
    "provenance-api": page(STAFF, "project", "item"),
    "labels-export": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "learning": page(STAFF, "project"),
    "learning-gains": page(STAFF, "project"),
    "models-compare": page(STAFF, "project"),
    "model-promotion": act(MANAGERS, "project", "model"),
    "plan-api": Route({"GET": STAFF, "PATCH": MANAGERS}, ("project",)),
    "functions-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "function-api": Route({"PATCH": MANAGERS}, ("project", "function")),
    "synthetic-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "stream-api": Route({"GET": STAFF, "POST": MANAGERS, "PUT": MANAGERS}, ("project",)),
    "rounds-api": page(STAFF, "project"),
    "models-api": page(STAFF, "project"),
    "features-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "certificates-api": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "certificate-forecast": act(MANAGERS, "project"),
    "certificate-audit": Route(
        {"GET": MANAGERS | {"reviewer"}, "POST": MANAGERS | {"reviewer"}}, ("project", "number")
    ),
    "certificate-look": act(MANAGERS, "project", "number"),
    "certificate-again": Route({"POST": MANAGERS, "PUT": MANAGERS}, ("project", "number")),
    "certificate-withdrawal": act(MANAGERS, "project", "number"),
    "sign-in": Route({"GET": ANYBODY, "POST": ANYBODY}),
    "sign-in-link": Route({"GET": ANYBODY, "POST": ANYBODY}, ("secret",)),
    "sign-out": act(ANYBODY),
    "join": Route({"GET": ANYBODY, "POST": ANYBODY}, ("secret",)),
    "account": Route({"GET": SIGNED_IN, "POST": SIGNED_IN}),
    "my-tokens": act(SIGNED_IN),
    "my-sessions": act(SIGNED_IN),
    "look": act(SIGNED_IN),
    "organizations": page(STAFF | {"foreign manager"}),
    "organization": Route({"GET": STAFF, "POST": MANAGERS}, ("organization",)),
    "audit-log": page(STAFF, "organization"),
    "log-file": page(STAFF, "organization"),
    "member": act(MANAGERS, "organization", "member"),
    "revoke-link": act(MANAGERS, "organization", "link"),
    "tasks": page(SIGNED_IN),
    "task-page": Route({"GET": ANNOTATOR, "POST": ANNOTATOR}, ("project",)),
    "media": page(ANNOTATOR, "token"),
    "new-project": Route(
        {"GET": MANAGERS | {"foreign manager"}, "POST": MANAGERS | {"foreign manager"}}
    ),
    "project-status": act(MANAGERS, "project"),
    "imports": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "import-page": page(STAFF, "project", "upload"),
    "project-people": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "people-file": page(STAFF, "project"),
    "jump": page(STAFF | {"foreign manager"}),
    "my-work": page(SIGNED_IN),
    "contest": act(ANNOTATOR, "decision"),
    "appeals": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "answer-appeal": act(MANAGERS, "project", "appeal"),
    "items": page(STAFF, "project"),
    "review-projects": page(REVIEWERS | {"foreign manager"}),
    "reviews": Route({"GET": REVIEWERS, "POST": REVIEWERS}, ("project",)),
    "gold-care": act(MANAGERS, "project"),
    "rules": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "decisions": page(STAFF, "project"),
    "decisions-file": page(STAFF, "project"),
    "gold": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "exports": Route({"GET": STAFF, "POST": STAFF}, ("project",)),
    "model": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "certificates": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "functions-page": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "vectors": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "function-trials": act(MANAGERS, "project"),
    "audits": page(REVIEWERS | {"foreign manager"}),
    "audit": Route({"GET": REVIEWERS, "POST": REVIEWERS}, ("project", "number")),
    "project-settings": Route({"GET": STAFF, "POST": MANAGERS}, ("project",)),
    "item-page": page(STAFF, "project", "item"),
    "person": page(STAFF, "project", "person"),
    "person-act": Route({"GET": MANAGERS, "POST": MANAGERS}, ("project", "person", "act")),
    "undo-decision": act(MANAGERS, "project", "decision"),
    "projects": page(SIGNED_IN),
    "project-overview": page(STAFF, "project"),
    "chart-file": page(STAFF, "project", "chart"),
}
NO_WALL = ("secret",)  # the name is itself the right: whoever has the link may use it
