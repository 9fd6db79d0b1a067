"""The rows of the labeling engine: projects, items, seats, answers, money."""

from labeling.models.imports import Import, ImportState
from labeling.models.items import Invitation, Item, ItemRole, ItemStatus, MediaFile, Opening
from labeling.models.projects import (
    Budget,
    Enrollment,
    EnrollmentStatus,
    GoldRule,
    Instructions,
    Label,
    LabelSet,
    Order,
    Project,
    ProjectStatus,
    Redundancy,
)
from labeling.models.work import (
    Answer,
    Assignment,
    AssignmentState,
    EntryKind,
    LedgerEntry,
    Verdict,
)

__all__ = [
    "Answer",
    "Assignment",
    "AssignmentState",
    "Budget",
    "Enrollment",
    "EnrollmentStatus",
    "EntryKind",
    "GoldRule",
    "Import",
    "ImportState",
    "Instructions",
    "Invitation",
    "Item",
    "ItemRole",
    "ItemStatus",
    "Label",
    "LabelSet",
    "LedgerEntry",
    "MediaFile",
    "Opening",
    "Order",
    "Project",
    "ProjectStatus",
    "Redundancy",
    "Verdict",
]
