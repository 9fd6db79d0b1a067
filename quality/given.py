"""Labels that nobody has spoken for: who gave them, as ``Consensus.method`` says it."""

MACHINE = "machine"  # under a certificate, which ``Consensus.voice`` names
