"""Labels that no vote has decided: who gave them, as ``Consensus.method`` says it."""

SCREENED = "crowd_screen"  # the basis of a certificate that rests on an assumption
MACHINE = "machine"  # under a certificate, which ``Consensus.voice`` names
REVIEWED = "review"  # an expert's word is the label
