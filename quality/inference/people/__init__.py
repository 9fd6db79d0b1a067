"""Evidence about people, one module a kind; `combine` weighs the kinds together.

Everything works on long parallel arrays in the order in which the answers were given: `item`,
`annotator`, `label` codes, `seconds` by the server's clock, and `belief` [answer, k], what the
*other* people's answers (or gold) say about the true label. `peers.belief_of_others` makes the
latter; a truth-inference method with a leave-one-out posterior may stand in for it.

A module returns one `Evidence` a person (or a pair, a group, a class) or None when there is too
little to look at. Evidence is not a verdict: see `combine`.
"""

from quality.inference.people.evidence import Evidence

__all__ = ["Evidence"]
