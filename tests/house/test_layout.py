"""The house stands as drawn: the source root stays a plain folder, and references point down the layers."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from servers import assay

ROOT = Path(__file__).resolve().parents[2]
SLOW_TO_IMPORT = {"sklearn", "scipy.stats", "scipy.optimize", "skops", "pandas"}
LAYERS = {"accounts": 0, "jobs": 0, "labeling": 1, "quality": 2, "learning": 3, "assay": 4}


def test_the_source_root_is_not_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


@pytest.mark.parametrize("is_package", [False, True])
def test_a_package_named_platform_would_kill_manage_py(tmp_path: Path, is_package: bool) -> None:
    """The reason for the guard above: this is what breaks, and pytest alone would not notice."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    for folder in ("platform", "labeling", "quality", "learning"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    if is_package:
        (tmp_path / "platform" / "__init__.py").touch()
    ran = subprocess.run(
        [sys.executable, "-S", "-c", _run_manage(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (ran.returncode == 0) is not is_package, ran.stderr.decode()[-2000:]


def _run_manage(folder: Path) -> str:
    """Run ``manage.py version`` with the packages that are installed here, but not the editable checkout."""
    packages = [path for path in sys.path if path.endswith("site-packages")]
    return (
        f"import sys, runpy; sys.path.extend({packages!r}); "
        f"sys.argv = ['manage.py', 'check']; runpy.run_path({str(folder / 'manage.py')!r}, run_name='__main__')"
    )


def test_foreign_keys_point_down_the_layers() -> None:
    up = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and _points_up(model._meta.app_label, field)
    ]
    assert up == []


def _points_up(app: str, field: "ForeignKey[object, object]") -> bool:
    target = field.related_model._meta.app_label
    return target != app and LAYERS.get(target, -1) >= LAYERS[app]


def test_foreign_keys_name_their_target_by_string() -> None:
    """A class as a target would need an import from another app's models."""
    by_class = [
        f"{path.name}: {target}"
        for app in apps.get_app_configs()
        if app.label in LAYERS
        for pattern in ("models.py", "models/*.py")
        for path in Path(app.path).glob(pattern)
        for target in re.findall(r"(?:ForeignKey|OneToOneField)\(\s*([^\s,]+)", path.read_text())
        if not target.startswith('"')
    ]
    assert by_class == []


def test_a_process_that_answers_requests_does_not_wait_for_what_only_models_need(
    tmp_path: Path,
) -> None:
    """Each takes as long to import as everything else together; a test process has them all for other reasons."""
    told = (
        "import sys; from assay.django_setup import prepare_django; prepare_django();"
        " import assay.urls; print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", told],
        env=assay.environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert SLOW_TO_IMPORT & set(ran.stdout.split()) == set()
