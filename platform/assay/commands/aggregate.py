"""Labels with confidence from a file of answers, by any method; needs no site."""

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """The exit code; ``assay aggregate --help`` says what it takes."""
    from quality.inference.command import main as aggregate

    return aggregate(list(arguments))
