"""Servers for the whole run, and the cast: Ada and Ben annotate, Mia manages, Zed belongs elsewhere."""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connections
from django.db.models.signals import post_migrate

import factories
from accounts.models import Organization, User
from assay.settings.environment import read_environment
from servers import template
from servers.postgres import VARIABLE as POSTGRES_VARIABLE
from servers.postgres import Postgres
from servers.redis import VARIABLE as REDIS_VARIABLE
from servers.redis import Redis

# The ordinary suite plays the same cases on every run; a nightly one may look further.
hypothesis.settings.register_profile("ordinary", derandomize=True, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))

SERVERS = pytest.StashKey[list[Postgres | Redis]]()
LONG = frozenset({"faults", "demo", "test_processes.py", "test_dead_workers.py", "test_backups.py"})
MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # bytes


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process starts PostgreSQL and Redis once; xdist's processes inherit the addresses."""
    if not hasattr(config, "workerinput"):
        _keep_files_in_memory()
        config.stash[SERVERS] = [postgres, redis] = [Postgres().start(), Redis().start()]
        os.environ[POSTGRES_VARIABLE], os.environ[REDIS_VARIABLE] = postgres.url, redis.url
        os.environ[template.VARIABLE] = f"assay_{uuid.uuid4().hex[:12]}"
    _use_postgres(os.environ[POSTGRES_VARIABLE])
    _ask_for_no_permissions()


def _ask_for_no_permissions() -> None:
    """Django's, one row a table, which nothing here uses and each clean-up would write anew."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


def _keep_files_in_memory() -> None:
    """Nothing of the tests outlives them, so no disk need be waited for; unless somebody names a place."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("TMPDIR", str(MEMORY))
        tempfile.tempdir = None  # look again


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for processes of its own begins first: it would be what everything else waits for at the end."""
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for garbage is in vain."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        template.drop(os.environ[POSTGRES_VARIABLE], os.environ[template.VARIABLE])
    for server in config.stash.get(SERVERS, []):
        server.stop()


def _use_postgres(url: str) -> None:
    database = read_environment({**os.environ, "DATABASE_URL": url}).database
    settings.DATABASES["default"] = database
    connections.settings = connections.configure_settings(settings.DATABASES)
    if hasattr(connections._connections, "default"):
        del connections["default"]


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of the server; its database ``postgres`` is the one to create others from."""
    return os.environ[POSTGRES_VARIABLE]


@pytest.fixture
def redis_url(worker_id: str) -> str:
    """A Redis of this test process alone: one database number per process."""
    number = 1 + int(worker_id.removeprefix("gw") or 0) if worker_id != "master" else 1
    return f"redis://{urlsplit(os.environ[REDIS_VARIABLE]).netloc}/{number}"


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> str:
    """Name of the database to copy: all tables, no rows."""
    template.ensure(postgres_url, os.environ[template.VARIABLE])
    return os.environ[template.VARIABLE]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: str
) -> None:
    """The tests' own database is such a copy too."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = migrated


@pytest.fixture
def fresh_database(postgres_url: str, migrated: str) -> Iterator[str]:
    """URL of a new database with all tables, for tests that start real processes; dropped afterwards."""
    with template.copy(postgres_url, migrated, f"assay_{uuid.uuid4().hex[:12]}") as url:
        yield url


@pytest.fixture
def organization(db: None) -> Organization:
    return factories.organization("Owls")


@pytest.fixture
def ada(organization: Organization) -> User:
    return factories.annotator(organization, "ada")


@pytest.fixture
def ben(organization: Organization) -> User:
    return factories.annotator(organization, "ben")


@pytest.fixture
def mia(organization: Organization) -> User:
    return factories.manager(organization, "mia")


@pytest.fixture
def zed(db: None) -> User:
    return factories.manager(factories.organization("Elsewhere"), "zed")
