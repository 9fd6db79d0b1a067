"""The rules that hold in a project, and the facts that decide which of them can fire."""

from labeling.label_types import label_type
from labeling.models import Item, ItemRole, Project
from labeling.queries import label_set
from quality.models import GoldAnswer, Rule, RuleSet
from quality.rules import book
from quality.rules.checking import Facts

FEWEST_LABELS = 2


def current_book(project_id: int) -> book.Book:
    """The last version; version 1 is the defaults, whether or not it has been written down yet."""
    newest = RuleSet.objects.filter(project_id=project_id).order_by("-version").first()
    return book.DEFAULTS if newest is None else book_of(newest)


def books(project_id: int) -> list[RuleSet]:
    """Every version that has been written down, the newest first."""
    return list(RuleSet.objects.filter(project_id=project_id).order_by("-version"))


def book_of(stored: RuleSet) -> book.Book:
    rules = Rule.objects.filter(rule_set=stored).order_by("place")
    return book.Book(stored.version, tuple(map(plain, rules)))


def plain(row: Rule) -> book.Rule:
    """The rule of this row."""
    actions = {row.action, *row.also}
    ordered = tuple(action for action in book.ACTIONS if action in actions)
    return book.Rule(row.evidence, row.threshold, ordered, row.window, row.amount)


def is_graded(project: Project) -> bool:
    """Whether an answer can be near enough: open answers, and closed ones with a tolerance."""
    configuration = label_set(project.pk, project.label_set_version).configuration
    closed = len(label_type(project.label_type).label_values(configuration)) >= FEWEST_LABELS
    return not closed or bool(configuration.get("tolerance"))


def facts_of(project: Project) -> Facts:
    """What about the project decides which rules can fire."""
    configuration = label_set(project.pk, project.label_set_version).configuration
    return Facts(
        labels=len(label_type(project.label_type).label_values(configuration)),
        graded=is_graded(project),
        gold_items=GoldAnswer.objects.filter(
            item__project=project, item__role=ItemRole.GOLD, retired_at__isnull=True
        ).count(),
        practice_items=0 if project.practice_bound is None else _practice_items(project.pk),
        pays=project.price_micros > 0,
    )


def _practice_items(project_id: int) -> int:
    return Item.objects.filter(project_id=project_id, role=ItemRole.PRACTICE).count()
