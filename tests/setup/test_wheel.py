"""The wheel, in an environment that has nothing else: it carries all it needs."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "global-complete.assessment.json"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel, tmp_path_factory) -> Path:
    """The command `decent-work`, installed from the wheel alone."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=True)
    pip = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements.lock"], check=True, capture_output=True)
    subprocess.run([*pip, wheel], check=True, capture_output=True)
    return folder / "venv" / "bin" / "decent-work"


def run(program: Path, *words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # Nothing of the checkout may be in reach: neither its folder nor the settings of this run.
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return subprocess.run([program, *words], cwd=cwd, env=clean, capture_output=True, text=True, check=True)


def test_the_wheel_scores_a_file_from_anywhere(program, tmp_path):
    card = json.loads(run(program, "score", EXAMPLE, "--json", cwd=tmp_path).stdout)
    assert card


def test_the_wheel_writes_a_report_from_anywhere(program, tmp_path):
    run(program, "report", EXAMPLE, "-o", "report.pdf", cwd=tmp_path)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_the_wheel_carries_every_checklist(program, tmp_path):
    listed = run(program, "checklists", "list", cwd=tmp_path).stdout
    for definition in (ROOT / "checklists").glob("*/*.yaml"):
        assert definition.parent.name in listed
        assert definition.stem in listed


def test_the_wheel_carries_every_file_beside_a_checklist(wheel):
    """Supplements, cases, pilots, kits and translations are data as much as the definitions are."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (ROOT / "checklists").rglob("*") if path.is_file()]
    assert {f"toolkit/{path.relative_to(ROOT).as_posix()}" for path in files} <= inside


def test_the_wheel_serves_its_pages(program, tmp_path):
    """Templates, styles and migrations are in it too: the site is built and answers."""
    code = (
        "from toolkit.app import create_app\n"
        "from toolkit.config import read_config\n"
        "from toolkit.storage import schema\n"
        "from toolkit.storage.db import db\n"
        "app = create_app(read_config({}, data='data'))\n"
        "with app.app_context(): schema.upgrade(db.engine)\n"
        "page = app.test_client().get('/')\n"
        "assert page.status_code == 200, page.status_code\n"
        "assert '<main' in page.text\n"
    )
    run(program.parent / "python", "-c", code, cwd=tmp_path)
