"""The worker's pages speak German, Spanish and Arabic, to the last sentence."""

import gettext
import re
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User

ROOT = Path(__file__).resolve().parents[3]
LOCALE = ROOT / "platform/assay/locale"
LANGUAGES = ("de", "es", "ar")
TEMPLATES = (
    "platform/assay/templates/base.html",
    "platform/assay/templates/desk.html",
    "platform/assay/templates/assay/problem.html",
    "labeling/templates/labeling/tasks.html",
    "labeling/templates/labeling/task_page.html",
    *(
        f"labeling/templates/labeling/widgets/{path.name}"
        for path in sorted((ROOT / "labeling/templates/labeling/widgets").glob("*.html"))
    ),
    "quality/templates/quality/me.html",
    *(
        f"platform/accounts/templates/accounts/{name}.html"
        for name in ("sign_in", "sign_in_link", "join", "account")
    ),
)
MODULES = (
    "labeling/label_types/pairwise/__init__.py",
    "labeling/views/work.py",
    "quality/views/me.py",
    "platform/assay/error_pages.py",
    "platform/accounts/views/account.py",
    "platform/accounts/views/joining.py",
)


def sentences() -> set[str]:
    """Every plain sentence that the worker's pages ask a translation for."""
    found: set[str] = set()
    for name in TEMPLATES:
        told = (ROOT / name).read_text()
        found.update(re.findall(r'\{% translate "([^"]*)"', told))
        found.update(re.findall(r'=_\("([^"]*)"\)', told))  # of the fields
    for name in MODULES:
        for call in re.findall(
            r'\b(?:_|gettext_lazy)\(\s*((?:"[^"]*"\s*)+)\)', (ROOT / name).read_text()
        ):
            found.add("".join(re.findall(r'"([^"]*)"', call)))
    return found


def catalogue(language: str) -> gettext.GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES/django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english(language: str) -> None:
    known = catalogue(language)
    assert len(sentences()) > 100
    assert [one for one in sentences() if one not in known._catalog] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_in_sentences_are_kept(language: str) -> None:
    known = catalogue(language)
    for one in sentences():
        places = sorted(re.findall(r"\{\w+\}|%\(\w+\)s", one))
        assert sorted(re.findall(r"\{\w+\}|%\(\w+\)s", known.gettext(one))) == places


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"
    told = (folder / "django.po").read_text()
    pairs = re.findall(r'^msgid (".+")\nmsgstr (".+")$', told, re.MULTILINE)
    known = catalogue(language)
    assert len(pairs) > 100
    for written, translated in pairs:
        assert known.gettext(_plain(written)) == _plain(translated)


def _plain(quoted: str) -> str:
    return quoted[1:-1].replace('\\"', '"').replace("\\\\", "\\")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "word", "direction"),
    [("de", "Aufgaben", "ltr"), ("es", "Tareas", "ltr"), ("ar", "المهام", "rtl")],
)
def test_a_chosen_language_is_spoken(
    ada: User, mia: User, language: str, word: str, direction: str
) -> None:
    client = Client()
    client.force_login(ada)
    client.post("/account/look", {"language": language, "theme": "dark"})
    page = client.get("/tasks").content.decode()
    assert word in page
    assert f'dir="{direction}"' in page
    assert 'data-theme="dark"' in page
    client.force_login(mia)
    page = client.get("/projects").content.decode()  # not translated: English, and no half of it
    assert '<html lang="en"\n      dir="ltr"' in page
    assert word not in page
