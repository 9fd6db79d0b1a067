"""Labels that nobody has spoken for: who gave them, as ``Consensus.method`` says it."""

SCREENED = "crowd_screen"  # the basis of a certificate that rests on an assumption
MACHINE = "machine"  # under a certificate, which ``Consensus.voice`` names
