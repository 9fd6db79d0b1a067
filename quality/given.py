"""Labels that no vote has decided: who gave them, as ``Consensus.method`` says it."""

MACHINE = "machine"  # under a certificate, which ``Consensus.voice`` names
REVIEWED = "review"  # an expert's word is the label
