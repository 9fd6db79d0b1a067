"""Which projects a faster twin of claim and submit may serve: those that use no unusual rule.

The twins say the same in their own words (``labeling_is_plain``, ``PLAIN``); a test compares them.
"""

from labeling.models import GoldRule, Project


def uses_only_plain_rules(project: Project) -> bool:
    """Whether claims and answers need nothing but the plain rules; reads the given row only.

    Not plain: items by invitation, caps by share or day, practice, conditions on who may work, people
    matched with items, bonuses, gold with a fixed chance.
    """
    return not (
        project.by_invitation
        or project.max_share_per_person is not None
        or project.max_answers_per_day is not None
        or project.practice_bound is not None
        or project.who_may_work
        or project.match_people
        or project.pays_bonuses
        or project.gold_rule != GoldRule.FALLING
    )
