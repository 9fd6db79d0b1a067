"""Labels that no vote stands behind: who gave them, as ``Consensus.method`` says it."""

MACHINE = "machine"  # under a certificate, which ``Consensus.voice`` names
EXPERT = "expert"  # somebody who may say what a label is looked at the item
GIVEN = (MACHINE, EXPERT)
