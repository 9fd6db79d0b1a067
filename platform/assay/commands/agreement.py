"""How far people agree, from a file of answers: alpha, kappas, AC1, percent; needs no site."""

from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """The exit code; ``assay agreement --help`` says what it takes."""
    from quality.inference.agreement_command import main as agreement

    return agreement(list(arguments))
