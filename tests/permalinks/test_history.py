"""What git knows of releases, and what is said where it knows nothing."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.cite_as.release import describe
from sphinx_marginalia.permalinks import history
from sphinx_marginalia.permalinks.history import Released

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
LOCK = "anchors.lock.json"
SKIPPED = "The comparison with the last release was skipped: "


class Repository:
    """A repository to tell a story with."""

    def __init__(self, root: Path, git: str) -> None:
        self.root = root
        self.program = git
        root.mkdir(parents=True, exist_ok=True)
        self("init", "-q", "-b", "main")

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.program, "-C", str(self.root), *arguments],
            env={**os.environ, **WHO},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, text: str, tag: str = "", path: str = LOCK) -> None:
        """Commit a file, and tag the commit."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        self("add", "-A")
        self("commit", "-q", "--allow-empty", "-m", "Story")
        if tag:
            self("tag", "-a", tag, "-m", tag)


@pytest.fixture
def repository(tmp_path: Path, program: Callable[[str, str], str]) -> Repository:
    return Repository(tmp_path / "a b", program("git", "git"))


# The newest release


def test_versions_are_ordered_as_numbers_and_what_comes_before_a_release_is_older() -> None:
    tags = (
        "v0.9 v0.10 v0.10rc1 v0.10.dev2 v0.10-beta.11 v0.10-beta.2 v0.10.post1 v1.0.0 v1 vault w2"
    )
    assert history.newest_first(tags.split()) == (
        "v1.0.0 v1 v0.10.post1 v0.10 v0.10rc1 v0.10-beta.11 v0.10-beta.2 v0.10.dev2 v0.9".split()
    )


def test_a_tag_is_that_of_a_release_with_or_without_v() -> None:
    assert history.newest_first(["1.0", "v1.1", "1.2rc1", "vault", "book-2"]) == [
        "1.2rc1",
        "v1.1",
        "1.0",
    ]


@pytest.mark.parametrize("tag", ["1.0", "v1.0", "v1", "1.0.0"])
def test_a_version_has_a_tag_however_it_is_written(tag: str) -> None:
    assert history.is_tag_of(tag, "1.0")
    assert not history.is_tag_of(tag, "1.1")


def test_a_version_that_python_does_not_know_has_the_tag_of_the_same_text() -> None:
    assert history.is_tag_of("v2026-11-23", "2026-11-23")
    assert not history.is_tag_of("v2026-11-24", "2026-11-23")
    assert not history.is_tag_of("v", "")


def test_tags_may_have_another_pattern() -> None:
    assert history.newest_first(["book-2", "book-10", "v11"], "book-*") == ["book-10", "book-2"]


def test_the_lock_is_that_of_the_newest_release(repository: Repository) -> None:
    repository.commit("nine", "v0.9")
    repository.commit("ten", "v0.10")
    repository.commit("now")
    assert history.released(repository.root, LOCK, "now") == Released("v0.10", "ten")


def test_a_release_on_another_branch_is_not_the_last_one(repository: Repository) -> None:
    repository.commit("one", "v1.0")
    repository("checkout", "-q", "-b", "two")
    repository.commit("two", "v2.0")
    repository("checkout", "-q", "main")
    assert history.released(repository.root, LOCK, "now").tag == "v1.0"


def test_on_the_commit_of_a_release_the_one_before_is_compared(repository: Repository) -> None:
    repository.commit("one", "v1")
    repository.commit("two", "v2")
    assert history.released(repository.root, LOCK, "two") == Released("v1", "one")
    assert history.released(repository.root, LOCK, "changed") == Released("v2", "two")


def test_the_only_release_is_compared_with_itself(repository: Repository) -> None:
    repository.commit("one", "v1")
    assert history.released(repository.root, LOCK, "one") == Released("v1", "one")


def test_a_lock_below_the_root_of_the_repository_is_found(repository: Repository) -> None:
    repository.commit("ünï", "v1", f"book/{LOCK}")
    assert history.released(repository.root / "book", LOCK).text == "ünï"


def test_the_variables_of_a_git_hook_lead_nowhere_else(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.commit("one", "v1")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert history.released(repository.root, LOCK).tag == "v1"


# Nothing to compare with


def test_a_folder_without_git_is_said_to_be_one(tmp_path: Path) -> None:
    why = "this folder is in no git repository."
    assert history.released(tmp_path, LOCK) == Released(skipped=SKIPPED + why)


def test_a_machine_without_git_is_said_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert history.released(tmp_path, LOCK).skipped == SKIPPED + "git is not installed."
    assert history.state(tmp_path, tmp_path) == history.GitState()


def test_a_repository_without_commits_is_said_to_be_one(repository: Repository) -> None:
    why = "the git repository has no commit."
    assert history.released(repository.root, LOCK).skipped == SKIPPED + why


def test_a_project_without_releases_is_said_to_be_one(repository: Repository) -> None:
    repository.commit("one", "vault")
    why = "no release tag (as 1.0 or v1.0) leads to this commit."
    assert history.released(repository.root, LOCK).skipped == SKIPPED + why


def test_a_shallow_clone_is_told_how_to_get_the_tags(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("one", "v1")
    repository.commit("two")
    shallow = tmp_path / "shallow"
    repository("clone", "-q", "--depth=1", repository.root.as_uri(), str(shallow))
    why = (
        "this clone is shallow and has no release tag (as 1.0 or v1.0): "
        "run git fetch --unshallow --tags."
    )
    assert history.released(shallow, LOCK).skipped == SKIPPED + why


def test_a_release_before_there_was_a_lock_is_nothing_to_compare_with(
    repository: Repository,
) -> None:
    repository.commit("A book", "v1", "README")
    repository.commit("one")
    why = f"{LOCK} was in no release yet."
    assert history.released(repository.root, LOCK).skipped == SKIPPED + why


def test_what_git_refuses_is_reported_in_its_words(repository: Repository) -> None:
    repository.commit("one", "v1")
    (repository.root / ".git" / "config").write_text("[broken", "utf-8")
    assert "skipped: git says “bad config line" in history.released(repository.root, LOCK).skipped


# Whether this is a release


def built(repository: Repository, version: str = "1.2") -> tuple[str, str]:
    """Return what a build here is, and the newest release that readers are told of."""
    release = describe({}, history.state(repository.root, repository.root / "docs"), version)
    return release.kind, release.newest


def test_a_commit_with_the_tag_of_the_version_is_the_release(repository: Repository) -> None:
    repository.commit("one", "v1.2")
    assert built(repository) == ("release", "v1.2")


def test_a_changed_file_makes_a_draft(repository: Repository) -> None:
    repository.commit("one", "v1.2")
    (repository.root / LOCK).write_text("two", "utf-8")
    assert built(repository) == ("changed", "v1.2")


@pytest.mark.parametrize("path", ["docs/a/b.md", "conf.py", "refs/all.bib", "CITATION.cff"])
def test_a_changed_source_makes_a_draft(path: str, repository: Repository) -> None:
    repository.commit("one", "v1.2", path)
    assert built(repository) == ("release", "v1.2")
    (repository.root / path).write_text("two", "utf-8")
    assert built(repository) == ("changed", "v1.2")


def test_other_changes_make_no_draft(repository: Repository) -> None:
    repository.commit("one", path="tools/script.py")
    repository.commit("one", "v1.2", "docs/index.md")
    (repository.root / "notes.txt").touch()
    (repository.root / "docs/notes.md").touch()  # git does not track it
    (repository.root / "tools/script.py").write_text("two", "utf-8")
    assert built(repository) == ("release", "v1.2")


def test_the_last_release_with_a_section_is_that_in_which_it_was_not_retired(
    repository: Repository,
) -> None:
    record = {"at": "p#sae", "first": "1", "title": "T"}
    for tag, reason in (("v1.0", ""), ("1.1", ""), ("v2.0", "Wrong.")):
        repository.commit(json.dumps({"sae": {**record, "reason": reason}}), tag)
    assert history.last_releases(repository.root, ["sae", "never"]) == {"sae": "1.1"}
    assert history.last_releases(repository.root / "..", ["sae"]) == {}


@pytest.mark.parametrize("version", ["1.3", "1", "*", ""])
def test_a_commit_without_the_tag_of_the_version_is_a_draft(
    repository: Repository, version: str
) -> None:
    repository.commit("one", "v1.2")
    assert built(repository, version) == ("branch", "v1.2")


def test_a_commit_behind_a_release_is_a_draft(repository: Repository) -> None:
    repository.commit("one", "v1.2")
    repository.commit("two")
    assert built(repository) == ("branch", "v1.2")


def test_whether_a_version_was_released_is_known(repository: Repository, tmp_path: Path) -> None:
    repository.commit("one", "v1.2")
    assert history.is_released(repository.root, "1.2")
    assert not history.is_released(repository.root, "1.3")
    assert not history.is_released(tmp_path, "1.2")
