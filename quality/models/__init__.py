"""What is known about truth and about people, and what was decided. See the modules."""

from quality.models.care import (
    MOST_APPEAL_DAYS,
    Policy,
    Review,
    ReviewLease,
    ReviewPower,
    SuspectGold,
    Suspicion,
    SuspicionState,
)
from quality.models.decisions import (
    Action,
    Appeal,
    AppealState,
    Decision,
    Rule,
    RuleSet,
    SetAside,
)
from quality.models.people import (
    Finding,
    GoldResult,
    Skill,
    Survey,
)
from quality.models.truth import (
    Consensus,
    ConsensusState,
    Fit,
    GoldAnswer,
)

__all__ = [
    "MOST_APPEAL_DAYS",
    "Action",
    "Appeal",
    "AppealState",
    "Consensus",
    "ConsensusState",
    "Decision",
    "Finding",
    "Fit",
    "GoldAnswer",
    "GoldResult",
    "Policy",
    "Review",
    "ReviewLease",
    "ReviewPower",
    "Rule",
    "RuleSet",
    "SetAside",
    "Skill",
    "Survey",
    "SuspectGold",
    "Suspicion",
    "SuspicionState",
]
