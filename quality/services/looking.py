"""Looking at everybody in a project: all kinds of evidence, and what the rules would do. Writes nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from accounts.models import User
from labeling.models import Enrollment, Project
from quality.inference.people.combine import Standing
from quality.inference.people.evidence import Evidence
from quality.inference.people.timing import unread_answers
from quality.models import Skill
from quality.queries.answer_log import ProjectLog, read_log
from quality.queries.decisions import forgiven
from quality.queries.gold import gold_records
from quality.queries.rules import is_graded
from quality.rules.book import Book
from quality.rules.findings import Found, Profile, found, profile
from quality.rules.gathering import look_around
from quality.rules.matching import matches, windows_of
from quality.services.camps import Sides, wrong_camp
from quality.services.evidence import graded_findings
from quality.services.graded import graded_test
from quality.services.reacting import due_now

Tell = Callable[[int, int | None, str], None]  # how far: done, of how many, doing what


@dataclass(frozen=True, eq=False)
class Looked:
    """``profiles`` and answers in order by annotator id; the log and the camps they come from."""

    read: ProjectLog
    profiles: Mapping[int, Profile]
    sides: Sides
    groups: tuple[tuple[int, ...], ...] = ()

    def answers_of(self, annotator_id: int) -> list[int]:
        place = int(np.searchsorted(self.read.annotator_ids, annotator_id))
        return [int(pk) for pk in self.read.answers_of(place)]


@dataclass(frozen=True)
class Affected:
    """Somebody whom the rules would do something about, under the project's pseudonym."""

    annotator: str
    rule: int
    evidence: str
    actions: tuple[str, ...]
    reason: str
    statistic: float
    threshold: float
    answers: int


def look(project: Project, book: Book) -> Looked:
    """Everybody's evidence by the rules' windows, from all answers that stand."""
    read = read_log(project.pk)
    if not read.answer_ids.size:
        return Looked(read, {}, Sides.none())
    if is_graded(project) or read.log.n_labels < 2:
        return _look_at_graded(project, read)
    sides = wrong_camp(project, read)
    failing, noticed = _flags(project, read)
    around = look_around(
        read.log, np.random.default_rng(0), windows_of(book), failing=failing, noticed=noticed
    )
    ids = read.annotator_ids.tolist()
    profiles = {
        who: _with_camp(_ids_for_codes(around.profiles[a], ids), sides, a)
        for a, who in enumerate(ids)
    }
    groups = tuple(tuple(ids[a] for a in group) for group in around.groups)
    return Looked(read, profiles, sides, groups)


def _nobody_listens(_done: int, _total: int | None, _message: str) -> None:
    """Where the answer comes at once."""


def affected(project: Project, book: Book, tell: Tell = _nobody_listens) -> list[Affected]:
    """Who would be affected if these rules were in force, and why. The dry run."""
    looked = look(project, book)
    met = [who for who, known in looked.profiles.items() if any(matches(book, known))]
    everybody = Enrollment.objects.filter(project=project)
    names = dict(everybody.values_list("annotator_id", "pseudonym"))
    people = User.objects.in_bulk(met)
    found: list[Affected] = []
    for done, who in enumerate(met, 1):
        known = looked.profiles[who]
        found += _affected(project, book, people[who], names.get(who, ""), looked, known)
        tell(done, len(met), "asking the rules")
    return found


def _affected(
    project: Project, book: Book, who: User, name: str, looked: Looked, known: Profile
) -> Iterator[Affected]:
    """The rules that are fulfilled and due; after one that pauses, no more."""
    for match in matches(book, known):
        due = due_now(project, who, match, known, looked.answers_of(who.pk))
        if due is None:
            continue
        yield Affected(
            annotator=name,
            rule=book.rules.index(match.rule),
            evidence=match.rule.evidence,
            actions=due.actions,
            reason=match.found.reason,
            statistic=match.found.statistic,
            threshold=match.rule.threshold,
            answers=len(due.answer_ids),
        )
        if "pause" in due.actions:
            return


def _flags(project: Project, read: ProjectLog) -> tuple[set[int], set[int]]:
    """Codes of people of whom the gold test, or the last fit, says so."""
    place = {who: a for a, who in enumerate(read.annotator_ids.tolist())}
    rows = Skill.objects.filter(project=project).values_list("annotator_id", "failing", "noticed")
    known = [(place[who], failing, noticed) for who, failing, noticed in rows if who in place]
    return {a for a, failing, _ in known if failing}, {a for a, _, noticed in known if noticed}


def _ids_for_codes(known: Profile, ids: list[int]) -> Profile:
    """Groups by people's ids instead of places in arrays."""
    table = {
        key: Found(**{**vars(one), "others": tuple(ids[a] for a in one.others)})
        if one.others
        else one
        for key, one in known.findings.items()
    }
    return Profile(table, known.regular, known.start)


def _with_camp(known: Profile, sides: Sides, annotator: int) -> Profile:
    if annotator not in sides.wrong:
        return known
    finding = Found("camp", "camp", 1.0, 1.0, sides.reason)
    return Profile({**known.findings, ("camp", 0): finding}, known.regular, known.start)


# --- where answers are near or far --------------------------------------------------------------


def _look_at_graded(project: Project, read: ProjectLog) -> Looked:
    """Gold and time; what others say has no codes to compare."""
    people = read.annotator_ids.tolist()
    skills = {row.annotator_id: row for row in Skill.objects.filter(project=project)}
    records, chance = gold_records(project.pk, people), graded_test(project).chance
    pardons = forgiven(project.pk, people)
    unread = _unread(read)
    profiles = {}
    for a, who in enumerate(people):
        right = records[who].right[records[who].answer_id > max(pardons.get(who, [0]))]
        failing = who in skills and skills[who].failing
        every = graded_findings(len(right), int(right.sum()), chance, failing=failing)
        every += [found(one) for one in (unread[a],) if one is not None]
        profiles[who] = profile(every, Standing("none", ()))
    return Looked(read, profiles, Sides.none())


def _unread(read: ProjectLog) -> list[Evidence | None]:
    log = read.log
    if log.seconds is None:
        return [None] * log.n_annotators
    return unread_answers(
        log.item, log.annotator, log.seconds, n_items=log.n_items, n_annotators=log.n_annotators
    )
