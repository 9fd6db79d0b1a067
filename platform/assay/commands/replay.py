"""What a buying policy would have cost and brought, replayed on recorded answers; needs no site."""

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """The exit code; ``assay replay --help`` says what it takes."""
    from learning.replay.command import main as replay

    return replay(list(arguments))
