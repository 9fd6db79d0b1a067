"""The environment, read in one place and checked as a whole.

Every variable that Assay reads is a row of ``VARIABLES``. ``read_environment`` gives one typed
``Environment`` or raises ``BadEnvironment`` with everything that is wrong at once, so that nobody
mends a list one restart at a time.
"""

import difflib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from outgoing.entries import is_entry

MODES = ("local", "production", "test")
SECRET_LENGTH = 50
SAMPLE_SECRETS = (
    "change",
    "example",
    "sample",
    "secret",
    "insecure",
    "django-insecure",
    "password",
)
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Variable:
    """One variable of the environment: its name, what it means and what holds when it is absent."""

    name: str
    meaning: str
    default: str


VARIABLES = (
    Variable("ASSAY_MODE", "`local` (default; one machine) or `production`", "local"),
    Variable("ASSAY_HOME", "folder for the embedded database, media and the local secret", ".assay"),
    Variable("SECRET_KEY", "signs sessions and links; required in production, at least 50 characters", "made once"),
    Variable("DATABASE_URL", "`postgresql://user:password@host:port/name`; absent: SQLite in ASSAY_HOME", ""),
    Variable("REDIS_URL", "`redis://host:port/number`, the message broker; absent: jobs run embedded", ""),
    Variable("ALLOWED_HOSTS", "host names that the site answers to, separated by commas", "localhost,127.0.0.1,[::1]"),
    Variable("ASSAY_BIND", "address that `assay web` listens on", "127.0.0.1"),
    Variable("ASSAY_PORT", "port that `assay web` listens on", "8000"),
    Variable("ASSAY_WEB_PROCESSES", "web processes (SQLite always uses one)", "1"),
    Variable("ASSAY_WEB_THREADS", "threads in each web process", "8"),
    Variable("ASSAY_JOB_SLOTS", "jobs that one worker process runs at the same time", "2"),
    Variable("ASSAY_HTTPS", "`True` when a proxy ends TLS in front: secure cookies, HSTS", "False"),
    Variable("ASSAY_DEBUG", "`True` shows error details in the browser; refused in production", "False"),
    Variable("ASSAY_LOG_LEVEL", "`DEBUG`, `INFO`, `WARNING` or `ERROR`", "INFO"),
    Variable("ASSAY_MAX_UPLOAD_MB", "largest file that an import accepts, in MiB", "512"),
    Variable("ASSAY_ALLOWED_PYTHON", "Python paths that projects may use, by commas; `module.` allows all in it", ""),
    Variable("ASSAY_OUTGOING", "where projects may call out to, by commas: `public`, hosts, networks", ""),
    Variable("ASSAY_TRAINING_SECONDS", "how long one training of an estimator by dotted path may take", "600"),
)  # fmt: skip


class BadEnvironment(Exception):
    """The environment cannot be used; ``problems`` lists every reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(
            "\n".join(["The environment is not usable:", *(f"  - {p}" for p in problems)])
        )


@dataclass(frozen=True)
class Environment:
    mode: str
    home: Path
    secret_key: str
    database: dict[str, Any]
    redis_url: str
    allowed_hosts: list[str]
    bind: str
    port: int
    web_processes: int
    web_threads: int
    job_slots: int
    https: bool
    debug: bool
    log_level: str
    max_upload_bytes: int
    allowed_python: tuple[str, ...]
    outgoing: tuple[str, ...]
    training_seconds: int


class _Reader:
    """Takes variables one by one and remembers what was wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []
        self.defaults = {variable.name: variable.default for variable in VARIABLES}

    def wrong(self, problem: str) -> None:
        self.problems.append(problem)

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip() or self.defaults[name]

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in allowed:
            self.wrong(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")
        return value

    def boolean(self, name: str) -> bool:
        return self.one_of(name, ("True", "False")) == "True"

    def integer(self, name: str, low: int, high: int) -> int:
        value = self.text(name)
        if value.isascii() and value.isdigit() and low <= int(value) <= high:
            return int(value)
        self.wrong(f"{name} is {value!r}; it must be a whole number from {low} to {high}")
        return low

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.secret(name)
        if value and (urlsplit(value).scheme not in schemes or not _has_place(value)):
            self.wrong(
                f"{name} must look like {schemes[0]}://host:port/name (its value is not shown)"
            )
            return ""
        return value

    def secret(self, name: str) -> str:
        """The value of NAME, or the content of the file that NAME_FILE names."""
        value = self.environ.get(name, "").strip()
        path = self.environ.get(f"{name}_FILE", "").strip()
        if value and path:
            self.wrong(f"{name} and {name}_FILE are both given; give one")
        if not path:
            return value
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.wrong(f"{name}_FILE names a file that cannot be read ({type(error).__name__})")
            return ""


def _has_place(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname or parts.query) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def read_environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """The typed environment. Raises BadEnvironment with the whole list of what is wrong."""
    reader = _Reader(environ)
    mode = reader.one_of("ASSAY_MODE", MODES)
    home = Path(reader.text("ASSAY_HOME")).expanduser().absolute()
    environment = Environment(
        mode=mode,
        home=home,
        secret_key=_secret_key(reader, mode, home),
        database=_database(reader.url("DATABASE_URL", ("postgresql", "postgres")), home),
        redis_url=reader.url("REDIS_URL", ("redis", "rediss")),
        allowed_hosts=[h.strip() for h in reader.text("ALLOWED_HOSTS").split(",") if h.strip()],
        bind=reader.text("ASSAY_BIND"),
        port=reader.integer("ASSAY_PORT", 1, 65535),
        web_processes=reader.integer("ASSAY_WEB_PROCESSES", 1, 64),
        web_threads=reader.integer("ASSAY_WEB_THREADS", 1, 256),
        job_slots=reader.integer("ASSAY_JOB_SLOTS", 1, 64),
        https=reader.boolean("ASSAY_HTTPS"),
        debug=reader.boolean("ASSAY_DEBUG"),
        log_level=reader.one_of("ASSAY_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR")),
        max_upload_bytes=reader.integer("ASSAY_MAX_UPLOAD_MB", 1, 1_000_000) * MEBIBYTE,
        allowed_python=_paths(reader),
        outgoing=_outgoing(reader),
        training_seconds=reader.integer("ASSAY_TRAINING_SECONDS", 1, 86_400),
    )
    _check_production(reader, environment)
    _check_names(reader)
    if reader.problems:
        raise BadEnvironment(reader.problems)
    return environment


def _paths(reader: _Reader) -> tuple[str, ...]:
    """Dotted paths; a dot at the end stands for everything in a module."""
    paths = [path.strip() for path in reader.text("ASSAY_ALLOWED_PYTHON").split(",")]
    for path in filter(None, paths):
        if not all(part.isidentifier() for part in path.removesuffix(".").split(".")):
            reader.wrong(f"ASSAY_ALLOWED_PYTHON holds {path!r}, which is no dotted path")
    return tuple(filter(None, paths))


def _outgoing(reader: _Reader) -> tuple[str, ...]:
    """The entries of ``outgoing.places``."""
    entries = [entry.strip().lower() for entry in reader.text("ASSAY_OUTGOING").split(",")]
    for entry in filter(None, entries):
        if not is_entry(entry):
            reader.wrong(f"ASSAY_OUTGOING holds {entry!r}, which is no host and no network")
    return tuple(filter(None, entries))


def settings_module(environ: Mapping[str, str] = os.environ) -> str:
    """The settings module for ASSAY_MODE; an unknown mode is named by ``read_environment``."""
    mode = environ.get("ASSAY_MODE", "local")
    return f"assay.settings.{mode if mode in MODES else 'local'}"


def _secret_key(reader: _Reader, mode: str, home: Path) -> str:
    secret = reader.secret("SECRET_KEY")
    if mode == "production":
        _check_secret(reader, secret)
        return secret
    return secret or _local_secret(reader, home)


def _check_secret(reader: _Reader, secret: str) -> None:
    if not secret:
        reader.wrong("SECRET_KEY (or SECRET_KEY_FILE) is missing; production needs one of its own")
    elif len(secret) < SECRET_LENGTH or len(set(secret)) < 10:
        reader.wrong(
            f"SECRET_KEY is too short or too regular; use at least {SECRET_LENGTH} random characters"
        )
    elif any(sample in secret.lower() for sample in SAMPLE_SECRETS):
        reader.wrong("SECRET_KEY looks like a sample; make one of your own")


def _local_secret(reader: _Reader, home: Path) -> str:
    """A secret made once for this machine, so that sessions outlive a restart."""
    path = home / "secret-key"
    try:
        home.mkdir(parents=True, exist_ok=True)
        _create_private(path, secrets.token_urlsafe(SECRET_LENGTH))
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reader.wrong(f"ASSAY_HOME ({home}) cannot be written ({type(error).__name__})")
        return ""


def _create_private(path: Path, text: str) -> None:
    """Write under another name, then link: two processes that start at once agree on one secret."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if path.exists():
        return
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _database(url: str, home: Path) -> dict[str, Any]:
    return _postgresql(url) if url else _sqlite(home / "assay.sqlite3")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "assay.sqlite",
        "NAME": path,
        # A new connection reads the whole schema first, and the last one that closes empties the log.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: an answer that was acknowledged survives a power cut.
            # In memory: what a savepoint would need to be undone, for which a file was made each time.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
            " PRAGMA temp_store=MEMORY;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "assay",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "")) or (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "connect_timeout": 10,
            "options": "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s",
        },
    }


def _check_names(reader: _Reader) -> None:
    """A mistyped name would silently leave its default in place. Names far from ours are somebody else's."""
    known = [variable.name for variable in VARIABLES]
    for name in sorted(set(reader.environ) - set(known)):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
        if name.startswith("ASSAY_") and near:
            reader.wrong(f"{name} is not a variable of Assay; did you mean {near[0]}?")


def _check_production(reader: _Reader, environment: Environment) -> None:
    if environment.mode != "production":
        return
    if environment.debug:
        reader.wrong("ASSAY_DEBUG must be False in production")
    if "ALLOWED_HOSTS" not in reader.environ or "*" in environment.allowed_hosts:
        reader.wrong("ALLOWED_HOSTS must name the hosts that the site answers to (no *)")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not any(reader.environ.get(form, "").strip() for form in (name, f"{name}_FILE")):
            reader.wrong(f"{name} is missing; production needs it")
