"""The environment is checked as a whole, told as one list, and documented to the letter."""

import re
import secrets
from pathlib import Path

import pytest

from assay.settings.environment import VARIABLES, BadEnvironment, read_environment, settings_module

ROOT = Path(__file__).resolve().parents[3]
GOOD_SECRET = secrets.token_urlsafe(50)


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """Everything that production needs."""
    return {
        "ASSAY_MODE": "production",
        "ASSAY_HOME": str(tmp_path),
        "SECRET_KEY": GOOD_SECRET,
        "DATABASE_URL": "postgresql://assay:pw@db:5432/assay",
        "REDIS_URL": "redis://:pw@redis:6379/0",
        "ALLOWED_HOSTS": "label.example.org",
    }


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadEnvironment) as refused:
        read_environment(environ)
    return refused.value.problems


def test_nothing_is_needed_on_one_machine(tmp_path: Path) -> None:
    environment = read_environment({"ASSAY_HOME": str(tmp_path)})
    assert environment.database["NAME"] == tmp_path / "assay.sqlite3"
    assert len(environment.secret_key) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert read_environment({"ASSAY_HOME": str(tmp_path)}).secret_key == environment.secret_key


def test_a_complete_production_environment_is_taken(production: dict[str, str]) -> None:
    environment = read_environment(production)
    assert environment.database["HOST"] == "db"
    assert environment.allowed_hosts == ["label.example.org"]
    assert settings_module(production) == "assay.settings.production"


def test_everything_that_is_wrong_is_listed_at_once(tmp_path: Path) -> None:
    wrong = {
        "ASSAY_MODE": "production",
        "ASSAY_HOME": str(tmp_path),
        "SECRET_KEY": "short",
        "REDIS_URL": "localhost",
        "ASSAY_PORT": "99999",
        "ASSAY_WEB_THREADS": "-1",
        "ASSAY_HTTPS": "yes",
        "ASSAY_DEBUG": "True",
        "ASSAY_LOG_LEVEL": "LOUD",
        "ASSAY_JOB_SLOT": "3",
    }
    told = "\n".join(problems(wrong))
    for name in [*wrong, "DATABASE_URL", "ALLOWED_HOSTS"]:
        if name not in ("ASSAY_MODE", "ASSAY_HOME"):
            assert name in told
    assert "did you mean ASSAY_JOB_SLOTS" in told


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"])
def test_production_starts_with_nothing_missing(production: dict[str, str], name: str) -> None:
    del production[name]
    [problem] = problems(production)
    assert name in problem


@pytest.mark.parametrize(
    "secret",
    ["x" * 60, "tiny", "django-insecure-" + GOOD_SECRET, "please-change-me-" + GOOD_SECRET],
    ids=["regular", "short", "sample", "to be changed"],
)
def test_production_refuses_a_bad_secret_without_showing_it(
    production: dict[str, str], secret: str
) -> None:
    [problem] = problems({**production, "SECRET_KEY": secret})
    assert secret not in problem


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_secret_may_come_from_a_file(
    production: dict[str, str], name: str, tmp_path: Path
) -> None:
    expected = read_environment(production)
    file = tmp_path / "value"
    file.write_text(production.pop(name) + "\n")
    assert read_environment({**production, f"{name}_FILE": str(file)}) == expected


def test_a_file_that_is_not_there_is_named(production: dict[str, str]) -> None:
    del production["SECRET_KEY"]
    told = "\n".join(problems({**production, "SECRET_KEY_FILE": "/nowhere"}))
    assert "SECRET_KEY_FILE" in told


def test_a_value_and_a_file_for_it_contradict_each_other(
    production: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "other").write_text(secrets.token_urlsafe(50))
    [problem] = problems({**production, "SECRET_KEY_FILE": str(tmp_path / "other")})
    assert "both" in problem


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/name",
        "postgresql://",
        "postgresql://host:port/name",
        "redis://host/0",
        "no url at all",
    ],
)
def test_a_database_address_of_another_shape_is_refused_without_its_password(
    tmp_path: Path, url: str
) -> None:
    told = "\n".join(problems({"ASSAY_HOME": str(tmp_path), "DATABASE_URL": url}))
    assert "DATABASE_URL" in told


def test_a_socket_folder_and_options_of_libpq_are_understood(tmp_path: Path) -> None:
    url = "postgresql://assay:p%40ss@/labels?host=/run/pg&sslmode=require"
    database = read_environment({"ASSAY_HOME": str(tmp_path), "DATABASE_URL": url}).database
    assert (database["HOST"], database["NAME"], database["PASSWORD"]) == (
        "/run/pg",
        "labels",
        "p@ss",
    )
    assert database["OPTIONS"]["sslmode"] == "require"


def test_names_of_others_are_left_alone(tmp_path: Path) -> None:
    others = {
        "ASSAY_SERVICE_HOST": "10.0.0.1",
        "ASSAY_PORT_8000_TCP": "tcp://10.0.0.1:8000",
        "PATH": "/bin",
    }
    assert read_environment({"ASSAY_HOME": str(tmp_path), **others}).port == 8000


def test_every_variable_is_documented_with_its_meaning_and_default() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.*) \| (.*) \|$", (ROOT / "docs/settings.md").read_text(), re.M
    )
    documented = {
        name: (meaning, default.strip("`").replace("none", "")) for name, meaning, default in rows
    }
    assert documented == {
        variable.name: (variable.meaning, variable.default) for variable in VARIABLES
    }


def test_the_environment_is_read_in_one_place() -> None:
    reads = re.compile(r"os\.environ(\.get\(|\[)(?!.*\] = )|os\.getenv")
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("platform", "labeling", "quality", "learning")
        for path in (ROOT / folder).rglob("*.py")
        if reads.search(path.read_text(encoding="utf-8"))
    ]
    assert readers == []
