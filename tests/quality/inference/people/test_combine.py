"""No kind of evidence decides alone on a ban."""

import pytest

from quality.inference.people.combine import combine
from quality.inference.people.evidence import Evidence


def evidence(family: str, statistic: float = 1.0, kind: str = "", start: int | None = None):
    return Evidence(0, kind or family, family, statistic, 1.0, f"Because of {family}.", start=start)


@pytest.mark.parametrize(
    ("families", "proposal"),
    [
        ([], "none"),
        (["agreement"], "more_gold"),
        (["timing"], "more_gold"),
        (["gold"], "pause"),
        (["agreement", "agreement"], "more_gold"),
        (["agreement", "timing"], "hold_pay"),
        (["gap", "copying"], "hold_pay"),
        (["gold", "agreement"], "ban_possible"),
        (["agreement", "timing", "copying"], "ban_possible"),
        (["gold", "agreement", "information"], "use_confusion"),
        (["agreement", "copying", "information"], "hold_pay"),
        (["information"], "none"),
    ],
)
def test_families_decide_how_far_it_goes(families, proposal):
    assert combine(evidence(f) for f in families).proposal == proposal


@pytest.mark.parametrize("family", ["agreement", "gap", "timing", "copying", "gold"])
def test_one_family_never_leads_to_a_ban_however_strong(family):
    assert combine([evidence(family, 1000.0)] * 5).proposal in {"lower_weight", "pause"}


def test_evidence_under_its_threshold_counts_for_nothing():
    standing = combine([evidence("gold", 0.99), None, evidence("timing", 0.5)])
    assert standing.proposal == "none"
    assert standing.reasons == ()


def test_a_change_point_limits_the_matter():
    standing = combine([evidence("gold"), evidence("agreement", kind="bad_stretch", start=70)])
    assert (standing.proposal, standing.start) == ("ban_possible", 70)
    assert len(standing.reasons) == 2


def test_a_change_point_limits_nothing_when_copying_is_the_matter():
    stretch = evidence("agreement", kind="bad_stretch", start=70)
    assert combine([evidence("copying"), stretch]).start is None


def test_who_stopped_working_is_not_excused_by_what_the_good_part_tells():
    stretch = evidence("agreement", kind="bad_stretch", start=70)
    standing = combine([evidence("gold"), stretch, evidence("information")])
    assert standing.proposal == "ban_possible"


def test_gold_and_peers_together_pause_where_each_alone_would_not():
    peers, both = evidence("agreement"), evidence("agreement", kind="gold_and_peers")
    assert combine([evidence("gold", 0.6), peers, both]).proposal == "pause"
    assert combine([evidence("gold", 0.1), peers, both]).proposal == "more_gold"
    assert combine([evidence("gold", 0.6), peers]).proposal == "more_gold"


def test_a_weak_sign_of_when_is_enough_once_guessing_is_found():
    stretch = evidence("agreement", 0.6, kind="bad_stretch", start=70)
    assert combine([evidence("gold"), stretch]).start == 70
    assert combine([stretch]).proposal == "none"
