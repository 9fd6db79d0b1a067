"""Which rules a person's findings fulfil, in the order of the book."""

from collections.abc import Iterator
from dataclasses import dataclass

from quality.rules.book import NOTIFY, Book, Rule
from quality.rules.findings import Found, Profile

ABOUT_BEING_WRONG = {"gold", "agreement", "camp", ""}


@dataclass(frozen=True)
class Match:
    """A rule that is fulfilled, by what, and which of its actions apply to this person."""

    rule: Rule
    found: Found
    actions: tuple[str, ...]


def matches(book: Book, profile: Profile) -> Iterator[Match]:
    """Who is wrong in a regular way is of use: for being wrong, managers are told and no more is done."""
    for rule in book:
        found = profile.findings.get((rule.evidence, rule.window))
        if found is None or found.statistic < rule.threshold:
            continue
        actions = rule.actions
        if profile.regular and found.family in ABOUT_BEING_WRONG:
            actions = tuple(action for action in actions if action == NOTIFY)
        if actions:
            yield Match(rule, found, actions)


def windows_of(book: Book) -> list[tuple[str, int]]:
    """What has to be looked at beyond whole records."""
    return [(rule.evidence, rule.window) for rule in book if rule.window]
