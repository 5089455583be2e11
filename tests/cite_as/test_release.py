"""Whether a build is a release, and where its permanent addresses are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from sphinx import locale

from sphinx_marginalia.cite_as.book import Book
from sphinx_marginalia.cite_as.edition import Edition, draft_notice, read_edition
from sphinx_marginalia.cite_as.options import OPTIONS
from sphinx_marginalia.cite_as.release import (
    Release,
    describe,
    expand,
    mismatch,
    newest,
    tag_like,
)
from sphinx_marginalia.permalinks.history import GitState
from tests.permalinks.books import CFF

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TAGS = ("v0.1.0", "v0.2.0", "v0.10.0", "v1.0rc1", "latest-draft")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the language of the last build in this process."""
    monkeypatch.setattr(locale, "translators", {})


def read_the_docs(kind: str, name: str, built: str = "", **more: str) -> dict[str, str]:
    """Return the variables of a build on Read the Docs."""
    variables = {
        "READTHEDOCS": "True",
        "READTHEDOCS_VERSION": name,
        "READTHEDOCS_VERSION_NAME": name,
        "READTHEDOCS_VERSION_TYPE": kind,
        "READTHEDOCS_CANONICAL_URL": f"https://x.readthedocs.io/en/{name}/",
        "READTHEDOCS_GIT_IDENTIFIER": built or name,
        "READTHEDOCS_GIT_COMMIT_HASH": COMMIT,
    }
    return {**variables, **more}


# On Read the Docs


def test_a_tag_on_read_the_docs_is_a_release() -> None:
    assert describe(read_the_docs("tag", "v0.1.0"), GitState(), "0.1.0") == Release(
        kind="release",
        version_name="v0.1.0",
        tag="v0.1.0",
        url_base="https://x.readthedocs.io/en/v0.1.0/",
        commit=COMMIT,
    )


def test_the_address_of_stable_is_that_of_its_tag() -> None:
    release = describe(read_the_docs("tag", "stable", "v0.1.0"), GitState(), "0.1.0")
    assert release.is_release
    assert release.url_base == "https://x.readthedocs.io/en/v0.1.0/"
    assert release.version_name == "v0.1.0"


def test_a_project_without_versions_in_its_addresses_keeps_its_address() -> None:
    variables = read_the_docs(
        "tag", "stable", "v1", READTHEDOCS_CANONICAL_URL="https://book.example.org"
    )
    assert describe(variables, GitState(), "1").url_base == "https://book.example.org/"


def test_a_version_of_read_the_docs_has_small_letters_and_no_slash() -> None:
    release = describe(read_the_docs("tag", "stable", "Book/V1.0"), GitState(), "1.0")
    assert release.version_name == "book-v1.0"
    assert release.tag == "Book/V1.0"


@pytest.mark.parametrize(
    ("kind", "name", "built", "described", "notice"),
    [
        ("branch", "latest", "main", "branch", "This is a draft, built from the branch main."),
        ("branch", "stable", "stable", "branch", "This is a draft, built from the branch stable."),
        ("external", "17", "17", "pull-request", "This is a draft, built from pull request 17."),
        ("unknown", "x", "x", "unknown", "This is a draft."),
        ("", "x", "x", "unknown", "This is a draft."),
    ],
)
def test_anything_else_on_read_the_docs_is_a_draft(
    kind: str, name: str, built: str, described: str, notice: str
) -> None:
    release = describe(read_the_docs(kind, name, built), GitState(), "0.1.0")
    assert not release.is_release
    assert (release.kind, draft_notice(release)) == (described, notice)
    assert release.tag == ""


def test_what_git_says_does_not_count_on_read_the_docs() -> None:
    clean = GitState(COMMIT, ("v0.1.0",), clean=True)
    assert describe(read_the_docs("branch", "latest", "main"), clean, "0.1.0").kind == "branch"
    changed = GitState(COMMIT, ("v0.1.0",), clean=False)
    assert describe(read_the_docs("tag", "v0.1.0"), changed, "0.1.0").is_release


def test_a_tag_that_is_not_the_version_is_reported() -> None:
    release = describe(read_the_docs("tag", "v0.2.0"), GitState(), "0.1.0")
    assert release.is_release
    assert mismatch(release, "0.1.0") == (
        "the tag is v0.2.0, but the version in CITATION.cff is '0.1.0'; "
        "write the version of the tag there, and tag again"
    )
    assert mismatch(release, "0.2.0") == mismatch(release, "0.2") == ""


# Elsewhere


def test_a_clean_tree_at_the_tag_of_its_version_is_a_release() -> None:
    git = GitState(COMMIT, ("other", "v0.1.0"), clean=True, branch="main", all_tags=TAGS)
    assert describe({}, git, "0.1.0") == Release(
        kind="release",
        version_name="v0.1.0",
        tag="v0.1.0",
        newest="v0.10.0",
        commit=COMMIT,
    )


@pytest.mark.parametrize(
    ("git", "kind", "notice"),
    [
        (GitState(COMMIT, ("v0.1.0",), clean=False, branch="main"), "changed",
         "This is a draft: files were changed after the release."),
        (GitState(COMMIT, (), clean=True, branch="main"), "branch",
         "This is a draft, built from the branch main."),
        (GitState(COMMIT, ("v0.0.9",), clean=True), "commit",
         "This is a draft, built from commit 0123456789."),
        (GitState(), "unknown", "This is a draft."),
    ],
)  # fmt: skip
def test_anything_else_is_a_draft(git: GitState, kind: str, notice: str) -> None:
    release = describe({}, git, "0.1.0")
    assert (release.kind, draft_notice(release)) == (kind, notice)
    assert not release.is_release


def test_a_tag_may_be_the_version_alone() -> None:
    release = describe({}, GitState(COMMIT, ("0.1.0",), clean=True), "0.1.0")
    assert release.is_release
    assert release.version_name == "0.1.0"
    assert mismatch(release, "0.1.0") == ""


def test_the_tag_of_a_draft_looks_like_those_of_releases() -> None:
    for tags, tag in ((("0.9",), "1.0"), (("v0.9",), "v1.0"), ((), "v1.0")):
        git = GitState(COMMIT, (), clean=True, branch="main", all_tags=tags)
        assert tag_like(describe({}, git, "1.0").newest, "1.0") == tag


def test_without_a_version_nothing_is_a_release() -> None:
    assert not describe({}, GitState(COMMIT, ("v",), clean=True), "").is_release


def test_a_variable_of_another_service_changes_nothing() -> None:
    assert describe({"READTHEDOCS": "False", "CI": "true"}, GitState(), "1").kind == "unknown"


def test_the_newest_release_is_the_highest_number_and_no_candidate() -> None:
    assert newest(TAGS) == "v0.10.0"
    assert newest(["v1.9", "v1.10"]) == "v1.10"
    assert newest(["v1.0", "v1"]) == newest(["v1", "v1.0"]) == "v1.0"
    assert newest(["nightly"]) == newest([]) == ""


def test_a_draft_knows_the_newest_release() -> None:
    git = GitState(COMMIT, (), clean=True, branch="main", all_tags=TAGS)
    assert describe(read_the_docs("branch", "latest", "main"), git, "0.2.0").newest == "v0.10.0"


# Templates of addresses


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("https://x.org/en/{version}/", "https://x.org/en/v1.0/"),
        ("https://x.org/{language}/{version}", "https://x.org/pt-BR/v1.0/"),
        ("https://x.org/", "https://x.org/"),
        ("https://x.org/{tag}/", "https://x.org/book%2F%C3%A9%201.0/"),
        ("https://x.org/{{{version}}}/", "https://x.org/{v1.0}/"),
    ],
)
def test_a_template_becomes_an_address(template: str, address: str) -> None:
    fields = {"version": "v1.0", "language": "pt-BR", "tag": "book/é 1.0"}
    assert expand(template, fields) == (address, [])


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("https://x.org/{verison}/", "'https://x.org/{verison}/': unknown field {verison}; did you mean 'version'?"),
        ("https://x.org/{}/", "'https://x.org/{}/': unknown field {}; use one of language, version"),
        ("https://x.org/{version.real}/",
         "'https://x.org/{version.real}/': unknown field {version.real}; did you mean 'version'?"),
        ("https://x.org/{version!r}/",
         "'https://x.org/{version!r}/': write {version} with nothing after the name"),
        ("https://x.org/{version:>9}/",
         "'https://x.org/{version:>9}/': write {version} with nothing after the name"),
        ("https://x.org/{version/", "'https://x.org/{version/' has an unmatched brace; write {version}"),
        ("x.org/{version}/", "'x.org/{version}/' must be an address that begins with https://"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_said(template: str, message: str) -> None:
    assert expand(template, {"version": "v1", "language": "en"}) == ("", [message])


# Other versions


EDITION = Edition(
    book=Book(title="Tides", version="1.2"),
    release=Release("release", "v1.2", "v1.2", newest="v1.2"),
    version_url="https://x.example/en/v1.2/",
    newest_url="",
    pdf_url="",
    key="t",
    language="en",
    version_template="https://x.example/en/{version}/",
    tags=("1.0", "v1.1", "v1.2"),
)


@pytest.mark.parametrize(
    ("version", "address"),
    [
        ("1.0", "https://x.example/en/1.0/"),
        ("1.1", "https://x.example/en/v1.1/"),
        ("1.2", ""),  # this one
        ("0.9", ""),  # never released
    ],
)
def test_a_version_has_the_address_of_its_tag(version: str, address: str) -> None:
    assert EDITION.url_of(EDITION.tag_of(version)) == address


def test_in_a_shallow_clone_a_tag_is_expected_to_look_like_the_newest() -> None:
    assert EDITION._replace(tags=()).tag_of("1.0") == "v1.0"


def test_read_the_docs_says_where_all_versions_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in read_the_docs("tag", "v1.2").items():
        monkeypatch.setenv(name, value)
    (tmp_path / "CITATION.cff").write_text(CFF.replace("1.2.0", "1.2"), "utf-8")
    values = {option.name: option.default for option in OPTIONS}
    config: Any = SimpleNamespace(project="T", language="en", html_baseurl="", **values)
    edition = read_edition(config, tmp_path, tmp_path)
    assert edition is not None
    assert edition.url_of("v1.0") == "https://x.readthedocs.io/en/v1.0/"
