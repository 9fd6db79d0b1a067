"""The front door: ``assay <command>``.

A command is a module in ``assay.commands``: its docstring's first line is its help, and it has
``add_arguments(parser)`` and ``run(options) -> int``, or ``main(arguments) -> int`` where a package
below brings a whole command. Only the module that is asked for is imported, so commands that need no
Django are quick. What is no command of ours is tried as one of Django's.
"""

import argparse
import difflib
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib.metadata import version
from types import ModuleType

from assay import commands
from assay.django_setup import NotWell
from assay.settings.environment import BadEnvironment

USAGE_ERROR = 2  # the names are those of sysexits.h
UNAVAILABLE = 69  # EX_UNAVAILABLE
BAD_ENVIRONMENT = 78  # EX_CONFIG
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except BadEnvironment as error:
        print(error, file=sys.stderr)  # noqa: T201
        return BAD_ENVIRONMENT
    except NotWell as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return UNAVAILABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        _top().print_help()
        return 0
    name = arguments[0]
    if name in ("version", "--version"):
        print(version("assay"))  # noqa: T201
        return 0
    if name in command_names():
        return _run_own(name, arguments[1:])
    return _run_django(arguments)


def command_names() -> list[str]:
    """Our own commands, as they are typed."""
    return sorted(
        module.name.replace("_", "-")
        for module in pkgutil.iter_modules(commands.__path__)
        if not module.name.startswith("_")
    )


def load(name: str) -> ModuleType:
    """The module of one of our commands."""
    return importlib.import_module(f"assay.commands.{name.replace('-', '_')}")


def _run_own(name: str, arguments: list[str]) -> int:
    module = load(name)
    if hasattr(module, "main"):
        return int(module.main(arguments))
    parser = argparse.ArgumentParser(prog=f"assay {name}", description=module.__doc__)
    module.add_arguments(parser)
    code: int = module.run(parser.parse_args(arguments))
    return code


def _run_django(arguments: list[str]) -> int:
    from assay.django_setup import prepare_django

    prepare_django()
    from django.core.management import execute_from_command_line, get_commands

    if arguments[0] not in get_commands():
        return _unknown(arguments[0], list(get_commands()))
    if arguments[0] == "migrate":
        from assay.reachability import reach_database

        reach_database()  # its own words for a database that is away are a page of traceback
    execute_from_command_line(["assay", *arguments])
    return 0


def _unknown(name: str, others: list[str]) -> int:
    near = difflib.get_close_matches(name, [*command_names(), *others], n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    print(f"assay: there is no command {name!r}.{hint} `assay --help` lists all.", file=sys.stderr)  # noqa: T201
    return USAGE_ERROR


def _top() -> argparse.ArgumentParser:
    width = max(map(len, command_names()))
    lines = [f"  {name:{width}}  {_help(name)}" for name in command_names()]
    return argparse.ArgumentParser(
        prog="assay",
        usage="assay <command> [options]",
        description="\n".join(["Crowd labels with proof. Commands:", "", *lines]),
        epilog="`assay <command> --help` says more. Django's own commands (migrate, shell, ...) work too.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )


def _help(name: str) -> str:
    return (load(name).__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
