"""The lock files: whole, with hashes, and in step with pyproject.toml."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WANTED = PROJECT["project"]["dependencies"] + [
    line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra
]


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """The packages of a lock file: name → (version, hashes)."""
    packages: dict[str, tuple[str, list[str]]] = {}
    current: list[str] = []
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("    --hash="):
            current.append(line.strip(" \\").removeprefix("--hash="))
        elif line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip(" \\"))
            version = str(requirement.specifier).removeprefix("==")
            current = []
            packages[canonicalize_name(requirement.name)] = (version, current)
    return packages


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_one_version_and_hashes(name):
    packages = locked(name)
    assert len(packages) > 40
    for package, (version, hashes) in packages.items():
        assert version, f"{package} is not pinned in {name}"
        assert hashes, f"{package} has no hash in {name}"
        assert all(digest.startswith("sha256:") for digest in hashes)


@pytest.mark.parametrize("line", WANTED + PROJECT["dependency-groups"]["dev"])
def test_the_lock_satisfies_what_the_project_asks_for(line):
    requirement = Requirement(line)
    name = canonicalize_name(requirement.name)
    packages = locked("requirements-dev.lock" if line in PROJECT["dependency-groups"]["dev"] else "requirements.lock")
    assert name in packages, f"{name} is not locked; run .ci/lock"
    assert requirement.specifier.contains(packages[name][0], prereleases=True), f"run .ci/lock: {line}"


def test_the_tests_use_the_very_versions_that_people_get():
    people, tests = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: tests.get(name) for name in people} == people
