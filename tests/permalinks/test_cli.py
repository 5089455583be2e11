"""The program: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
import os
import re
import runpy
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sphinx.errors import ConfigError

from sphinx_marginalia.permalinks import __main__ as cli
from sphinx_marginalia.permalinks import program
from sphinx_marginalia.permalinks.lock import FILENAME, NOTE
from sphinx_marginalia.permalinks.names import Heading
from tests.permalinks.test_history import Repository

if TYPE_CHECKING:
    from collections.abc import Callable

ATX = re.compile(r"(#+) (.*)")
LABEL = re.compile(r"\((.*)\)=")


def headings(sourcedir: Path, confdir: Path, doctreedir: Path) -> list[Heading]:
    """Return the headings of a project as simple as those here."""
    assert doctreedir.is_dir()
    found = []
    for path in sorted(sourcedir.rglob("*.md")):
        names: list[str] = []
        for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            if match := LABEL.match(text):
                names.insert(0, match[1])
            elif match := ATX.match(text):
                docname = path.relative_to(sourcedir).with_suffix("").as_posix()
                source = path.relative_to(confdir).as_posix()
                name = names[0] if names else ""
                level = len(match[1])
                found.append(Heading(name, tuple(names), docname, match[2], level, source, line))
                names = []
    return found


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Book:
    """A project, and the program run in it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capsys = capsys
        self.write("conf.py", "")
        self.write("CITATION.cff", "cff-version: 1.2.0\nversion: '0.1.0'  # of the book\n")
        self.write("docs/page.md", "(page)=\n# Page\n\n(sae)=\n## SAEs\n")

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    @property
    def lock(self) -> dict:
        records = json.loads(self.read(FILENAME))
        del records[NOTE]
        return records

    def run(self, *arguments: str) -> Said:
        try:
            code = cli.main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Said(code, *self.capsys.readouterr())

    def locked(self, *arguments: str) -> Said:
        return self.run("lock", "docs", "-c", ".", *arguments)


@pytest.fixture
def book(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Book:
    monkeypatch.setattr(program, "read_headings", headings)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return Book(tmp_path, capsys)


# lock: what is written


def test_the_first_lock_has_all_names_and_the_version_of_the_book(book: Book) -> None:
    said = book.locked()
    assert said == Said(
        0,
        "The comparison with the last release was skipped: this folder is in no git repository.\n"
        "anchors.lock.json is written: 2 anchors, 2 anchors added\n",
        "",
    )
    assert book.lock == {
        "page": {"at": "page#page", "first": "0.1.0", "title": "Page"},
        "sae": {"at": "page#sae", "first": "0.1.0", "title": "SAEs"},
    }


def test_a_lock_that_is_up_to_date_is_not_touched(book: Book) -> None:
    book.locked()
    path = book.root / FILENAME
    before = path.stat().st_mtime_ns, path.read_bytes()
    said = book.locked("--version", "9")
    assert said.out.endswith("anchors.lock.json is up to date: 2 anchors\n")
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_move_and_a_new_title_are_noted(book: Book) -> None:
    book.locked()
    book.write("docs/page.md", "(page)=\n# The page\n")
    book.write("docs/other.md", "(sae)=\n# SAEs\n")
    said = book.locked()
    assert (said.code, said.err) == (0, "")
    assert "sae: from page#sae to other#sae\n" in said.out
    assert said.out.endswith("2 anchors, 1 anchor moved, 1 anchor with another title\n")
    assert book.lock["sae"]["was"] == ["page#sae"]
    assert book.lock["page"]["title"] == "The page"


def test_headings_without_names_are_reported(book: Book) -> None:
    book.write("docs/page.md", "(page)=\n# Page\n\n## Lenses\n")
    said = book.locked()
    assert said.code == 0
    assert said.err == (
        "docs/page.md:4: warning: the heading “Lenses” has no anchor; write (lenses)= above it, or "
        "run python -m sphinx_marginalia.permalinks lock docs -c . --write-names [anchor_nameless]\n"
    )
    assert list(book.lock) == ["page"]


def test_names_are_written_into_sources_and_locked(book: Book) -> None:
    path = book.root / "docs/page.md"
    path.write_bytes(b"# Page\r\n\r\n## Summary\r\n")
    path.chmod(0o640)
    said = book.locked("--write-names")
    assert (said.code, said.err) == (0, "")
    assert path.read_bytes() == b"(page)=\r\n# Page\r\n\r\n(page-summary)=\r\n## Summary\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(book.lock) == ["page", "page-summary"]
    assert "2 anchors written into sources, 2 anchors added" in said.out
    assert [file.name for file in path.parent.iterdir()] == ["page.md"]
    assert book.locked("--write-names").out.endswith("is up to date: 2 anchors\n")


def test_no_name_is_written_above_a_heading_that_a_person_must_name(book: Book) -> None:
    text = "(page)=\n# Page\n\n## 数学\n\n## Линзы\n"
    book.write("docs/page.md", text)
    said = book.locked("--write-names")
    assert said.code == 0
    assert "docs/page.md:4: warning: the heading “数学” has no anchor; choose" in said.err
    assert "as (linzy)= [anchor_letters]" in said.err
    assert book.read("docs/page.md") == text


def test_what_cannot_be_named_is_reported(book: Book) -> None:
    book.write("docs/page.md", "(page)=\n# Page\n\n## Lenses\n\n```\n(lenses)=\n```\n")
    said = book.locked("--write-names")
    assert said.code == 0
    assert "docs/page.md:4: warning: the heading “Lenses” has no anchor" in said.err


@pytest.mark.parametrize(
    "link",
    [".. _Lenses: https://e.org", "`Lenses <https://e.org>`_", "_`Lenses`", ".. [lenses] L."],
)
@pytest.mark.parametrize("is_before", [True, False])
def test_a_label_never_takes_the_name_of_a_link_on_its_page(
    link: str, is_before: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["sphinx_marginalia.permalinks"]\n')
    before, after = (link, "Words") if is_before else ("Words", link)
    source = f".. _home:\n\nHome\n====\n\n{before}\n\nLenses\n------\n\n{after}\n"
    (tmp_path / "index.rst").write_text(source, "utf-8")
    assert cli.main(["lock", str(tmp_path), "--write-names", "--version", "1"]) == 0
    said = capsys.readouterr()
    assert "Duplicate" not in said.err
    assert said.out.endswith("2 anchors, 1 anchor written into sources, 2 anchors added\n")


# lock: what a person decides


def test_a_missing_name_stops_it_and_nothing_is_written(book: Book) -> None:
    book.locked()
    before = book.read(FILENAME)
    text = "(page)=\n# Page\n\n(saes)=\n## SAEs\n\n## New\n"
    book.write("docs/page.md", text)
    said = book.locked("--write-names")
    assert said.code == 1
    assert "docs/page.md:2: error: the anchor 'sae' (“SAEs”) is missing" in said.err
    assert "did you mean 'saes'? [anchor_missing]\n" in said.err
    assert said.out.endswith("1 error: anchors.lock.json was not written\n")
    assert book.read(FILENAME) == before
    assert book.read("docs/page.md") == text


def test_a_page_that_is_gone_is_reported_at_the_line_of_the_lock(book: Book) -> None:
    book.locked()
    (book.root / "docs/page.md").unlink()
    said = book.locked()
    assert said.code == 1
    assert "anchors.lock.json:2: error: the anchor 'page'" in said.err
    assert "anchors.lock.json:3: error: the anchor 'sae'" in said.err


def test_a_renamed_name_gets_its_successor(book: Book) -> None:
    book.locked()
    book.write("docs/page.md", "(home)=\n# Page\n\n(saes)=\n## SAEs\n")
    said = book.locked("--renamed", "sae=saes", "--renamed", "page = home")
    assert (said.code, said.err) == (0, "")
    assert book.lock["sae"]["successor"] == "saes"
    assert book.lock["page"]["successor"] == "home"
    assert book.lock["sae"]["at"] == "page#sae"


def test_a_retired_name_gets_its_reason(book: Book) -> None:
    book.locked()
    book.write("docs/page.md", "(page)=\n# Page\n")
    said = book.locked("--retire", "sae", "--reason", "It was  wrong.")
    assert (said.code, said.err) == (0, "")
    assert book.lock["sae"]["reason"] == "It was wrong."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--renamed", "sea=saes"], "'sea' is not in anchors.lock.json; did you mean 'sae'?"),
        (["--renamed", "xyz=saes"], "an anchor that is not locked can change freely"),
        (["--renamed", "sae=seas"], "no heading has the anchor 'seas'; did you mean 'saes'?"),
        (["--renamed", "sae=sae"], "the names are the same"),
        (["--renamed", "page=saes"], "'page' is still in docs/page.md:2: remove it"),
        (["--retire", "page", "--reason", "r"], "'page' is still in docs/page.md:2"),
        (["--retire", "sea", "--reason", "r"], "did you mean 'sae'?"),
        (["--retire", "sae"], "--retire and --reason need each other"),
        (["--retire", "sae", "--reason", " "], "--retire and --reason need each other"),
        (["--reason", "r"], "--retire and --reason need each other"),
        (["--renamed", "sae"], "'sae' is not OLD=NEW"),
        (["--unknown"], "unrecognized arguments"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    book: Book, arguments: list[str], words: str
) -> None:
    book.locked()
    before = book.read(FILENAME)
    book.write("docs/page.md", "(page)=\n# Page\n\n(saes)=\n## SAEs\n")
    said = book.locked(*arguments)
    assert said.code == 2
    assert words in said.err
    assert book.read(FILENAME) == before


# lock: what stands in the way


def test_a_lock_that_cannot_be_read_is_never_written_over(book: Book) -> None:
    text = '{\n  "sae": {"at": "page#sae", "titel": "SAEs"}\n}\n'
    book.write(FILENAME, text)
    said = book.locked()
    assert said.code == 1
    assert said.err == (
        "anchors.lock.json:2: error: 'sae' has the unknown key 'titel'; did you mean 'title'? "
        "[anchor_lock_file]\n"
    )
    assert book.read(FILENAME) == text


def test_without_a_version_there_is_no_lock(book: Book) -> None:
    book.write("CITATION.cff", "cff-version: 1.2.0\n")
    said = book.locked()
    assert (said.code, "give --version" in said.err) == (2, True)
    assert book.locked("--version", "2.0").code == 0
    assert book.lock["sae"]["first"] == "2.0"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["docs"], "no conf.py in docs"), (["text", "-c", "."], "text is not a folder")],
)
def test_a_folder_that_is_no_project_is_refused(
    book: Book, arguments: list[str], words: str
) -> None:
    said = book.run("lock", *arguments)
    assert (said.code, words in said.err) == (2, True)


def test_a_lock_that_leads_out_of_the_project_is_refused(
    book: Book, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "lock.json"
    outside.write_text("{}\n", "utf-8")
    (book.root / FILENAME).symlink_to(outside)
    said = book.locked()
    assert (said.code, "outside of the project" in said.err) == (2, True)
    assert outside.read_text("utf-8") == "{}\n"


def test_a_source_that_leads_out_of_the_project_is_not_named(
    book: Book, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "page.md"
    outside.write_text("# Elsewhere\n", "utf-8")
    (book.root / "docs/elsewhere.md").symlink_to(outside)
    book.write("docs/page.md", "# Page\n")
    said = book.locked("--write-names")
    assert (said.code, "outside of the project" in said.err) == (2, True)
    assert outside.read_text("utf-8") == "# Elsewhere\n"
    assert book.read("docs/page.md") == "# Page\n"


def test_a_text_that_is_included_from_elsewhere_is_not_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside, docs = tmp_path / "readme.rst", tmp_path / "docs"
    outside.write_text("Elsewhere\n=========\n", "utf-8")
    docs.mkdir()
    (docs / "conf.py").write_text('extensions = ["sphinx_marginalia.permalinks"]\n')
    (docs / "about.rst").write_text(".. include:: ../readme.rst\n", "utf-8")
    (docs / "index.rst").write_text("Home\n====\n", "utf-8")
    assert cli.main(["lock", str(docs), "--write-names", "--version", "1"]) == 0
    assert "the heading “Elsewhere” has no anchor" in capsys.readouterr().err
    assert outside.read_text("utf-8") == "Elsewhere\n=========\n"
    assert (docs / "index.rst").read_text("utf-8").startswith(".. _home:\n")


def test_sources_beside_the_folder_of_the_settings_are_named(tmp_path: Path) -> None:
    settings, docs = tmp_path / "settings", tmp_path / "docs"
    settings.mkdir()
    docs.mkdir()
    (settings / "conf.py").write_text('extensions = ["sphinx_marginalia.permalinks"]\n')
    (docs / "index.rst").write_text("Home\n====\n", "utf-8")
    arguments = ["lock", str(docs), "-c", str(settings), "--write-names", "--version", "1"]
    assert cli.main(arguments) == 0
    assert (docs / "index.rst").read_text("utf-8").startswith(".. _home:\n")


def test_a_link_within_the_project_stays_a_link(book: Book) -> None:
    book.write("data/lock.json", "{}\n")
    (book.root / FILENAME).symlink_to(Path("data/lock.json"))
    assert book.locked().code == 0
    assert (book.root / FILENAME).is_symlink()
    assert list(json.loads(book.read("data/lock.json"))) == ["page", "sae", NOTE]


def test_a_lock_that_cannot_be_written_is_left_as_it_was(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.locked()
    before = book.read(FILENAME)
    book.write("docs/page.md", "(page)=\n# Page\n\n(sae)=\n## SAEs\n\n(new)=\n## New\n")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "replace", full)
    said = book.locked()
    assert (said.code, "No space left on device" in said.err) == (2, True)
    assert book.read(FILENAME) == before
    assert sorted(file.name for file in book.root.iterdir()) == [
        "CITATION.cff", FILENAME, "conf.py", "docs",
    ]  # fmt: skip


def test_what_sphinx_says_is_passed_on(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Path) -> list[Heading]:
        raise ConfigError("conf.py has a fault")

    monkeypatch.setattr(program, "read_headings", broken)
    assert book.locked() == Said(2, "", "error: conf.py has a fault\n")


# lock: releases


@pytest.fixture
def released(book: Book, program: Callable[[str, str], str]) -> Book:
    git = Repository(book.root, program("git", "git"))
    book.locked()
    git.commit("release", "v0.1.0", "notes")
    return book


def test_what_was_released_and_deleted_by_hand_is_restored(released: Book) -> None:
    lock = released.lock
    del lock["sae"]
    released.write(FILENAME, json.dumps(lock))
    said = released.locked()
    assert (said.code, said.err) == (0, "")
    assert "sae: the record is restored from v0.1.0\n" in said.out
    assert list(released.lock) == ["page", "sae"]


def test_what_a_person_must_decide_is_said_with_the_command_and_the_rest_is_restored(
    released: Book,
) -> None:
    released.write(FILENAME, json.dumps({"page": released.lock["page"]}))
    released.write("docs/page.md", "(page)=\n# Page\n\n(new)=\n## New\n")
    said = released.locked()
    assert said.code == 1
    assert "sae: the record is restored from v0.1.0\n" in said.out
    assert said.out.endswith("1 error: anchors.lock.json has the repairs, and nothing else\n")
    assert "or run python -m sphinx_marginalia.permalinks lock docs -c . --renamed sae=" in said.err
    assert list(released.lock) == ["page", "sae"]
    assert released.locked("--renamed", "sae=new").code == 0


def test_a_revert_of_a_commit_that_moved_a_section_is_repaired(released: Book) -> None:
    git = Repository(released.root, "git")
    released.write("docs/page.md", "(page)=\n# Page\n")
    released.write("docs/other.md", "(other)=\n# Other\n\n(sae)=\n## SAEs\n")
    released.locked("--version", "0.2.0")
    git.commit("moved", "v0.2.0", "notes")
    git("revert", "--no-edit", "HEAD")
    said = released.locked("--retire", "other", "--reason", "Too early.")
    assert (said.code, said.err) == (0, "")
    assert "other: the record is restored from v0.2.0\n" in said.out
    assert "sae: the location other#sae is restored from v0.2.0\n" in said.out
    assert released.lock["sae"]["at"] == "page#sae"
    assert "other#sae" in released.lock["sae"]["was"]
    assert released.lock["other"]["last"] == "v0.2.0"


# lock: two branches


@pytest.fixture
def branches(book: Book, program: Callable[[str, str], str]) -> Callable[..., Said]:
    """Return a function that has two branches change the book, and merges them."""

    def merge(ours: dict[str, str], theirs: dict[str, str], union: bool) -> Said:
        git = Repository(book.root, program("git", "git"))
        if union:
            book.write(".gitattributes", f"{FILENAME} merge=union\n")
        if not (book.root / FILENAME).is_file():
            book.locked()
        git.commit("first", "", "notes")
        for branch, files in (("theirs", theirs), ("ours", ours)):
            git("checkout", "-q", "-b", branch, "main")
            for path, text in files.items():
                book.write(path, text)
            if FILENAME not in files:
                book.locked()
            git.commit(branch, "", f"{branch}.txt")
        with suppress(subprocess.CalledProcessError):
            git("merge", "-q", "-m", "Both", "theirs")
        return book.locked()

    return merge


NEW = "(new-{0})=\n# New {0}\n"


def test_two_branches_that_add_neighbouring_names_do_not_conflict(
    book: Book, branches: Callable[..., Said]
) -> None:
    said = branches({"docs/a.md": NEW.format("a")}, {"docs/b.md": NEW.format("b")}, union=True)
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith("is up to date: 4 anchors\n")
    assert list(book.lock) == ["new-a", "new-b", "page", "sae"]


def test_a_conflict_is_mended_by_one_command_that_says_what_it_did(
    book: Book, branches: Callable[..., Said]
) -> None:
    said = branches({"docs/a.md": NEW.format("a")}, {"docs/b.md": NEW.format("b")}, union=False)
    assert (said.code, said.err) == (0, "")
    assert "anchors.lock.json:2: mended\n" in said.out
    assert "new-a: the record of one branch is kept\n" in said.out
    assert "new-b: the record of one branch is kept\n" in said.out
    assert list(book.lock) == ["new-a", "new-b", "page", "sae"]


@pytest.mark.parametrize("union", [True, False])
def test_a_section_that_both_branches_have_moved_is_at_all_places(
    union: bool, book: Book, branches: Callable[..., Said]
) -> None:
    rest, moved = "(page)=\n# Page\n", "(sae)=\n## SAEs\n"
    said = branches(
        {"docs/page.md": rest, "docs/a.md": NEW.format("a") + moved},
        {"docs/page.md": rest, "docs/b.md": NEW.format("b") + moved},
        union=union,
    )
    # Both files have the section now: a person removes one.
    assert "error: the anchor 'sae' is used twice" in said.err
    book.write("docs/b.md", NEW.format("b"))
    assert book.locked().code == 0
    assert book.lock["sae"] == {
        "at": "a#sae", "first": "0.1.0", "title": "SAEs", "was": ["page#sae", "b#sae"],
    }  # fmt: skip


@pytest.mark.parametrize("union", [True, False])
def test_a_branch_with_the_layout_of_earlier_versions_is_merged(
    union: bool, book: Book, branches: Callable[..., Said]
) -> None:
    book.locked()
    records = book.lock
    book.write(FILENAME, json.dumps(records, indent=2) + "\n")
    records["new-b"] = {"at": "b#new-b", "first": "0.1.0", "title": "New b"}
    theirs = {"docs/b.md": NEW.format("b"), FILENAME: json.dumps(records, indent=2) + "\n"}
    said = branches({"docs/a.md": NEW.format("a")}, theirs, union=union)
    assert (said.code, said.err) == (0, "")
    assert list(book.lock) == ["new-a", "new-b", "page", "sae"]


def test_a_new_name_in_a_version_that_was_released_is_reported(released: Book) -> None:
    released.write("docs/page.md", "(page)=\n# Page\n\n(sae)=\n## SAEs\n\n(new)=\n## New\n")
    said = released.locked()
    assert said.code == 0
    assert "New anchors are recorded as new in 0.1.0, which is released" in said.out
    released.write("docs/other.md", "(other)=\n# Other\n")
    assert "which is released" not in released.locked("--version", "0.2.0").out


# check


def site(book: Book) -> None:
    book.locked()
    book.write("_site/objects.inv", "")
    book.write("_site/page.html", "<p id=page></p><p id=sae></p>")
    for name in ("page", "sae"):
        address = f"../page.html#{name}"
        book.write(
            f"_site/s/{name}.html",
            f'<meta http-equiv="refresh" content="0; url={address}"><a href="{address}">on</a>',
        )


def test_a_site_that_keeps_its_promise_is_fine(book: Book) -> None:
    site(book)
    assert book.run("check", "_site") == Said(0, "2 anchors at 2 locations: nothing is lost\n", "")


def test_a_site_that_lost_something_is_reported(book: Book) -> None:
    site(book)
    book.write("_site/page.html", "<p id=page></p>")
    said = book.run("check", "_site", "--lock", str(book.root / FILENAME))
    assert said == Said(
        1,
        "2 anchors at 2 locations: 2 errors\n",
        "_site/page.html: error: no element has the id 'sae', which was published for 'sae' "
        "[anchor_built_place]\n"
        "_site/s/sae.html: error: it leads to '../page.html#sae', where no element has that id "
        "[anchor_short_page]\n",
    )


def test_a_site_cannot_be_checked_without_a_lock_or_with_a_broken_one(book: Book) -> None:
    site(book)
    (book.root / FILENAME).unlink()
    said = book.run("check", "_site")
    assert (said.code, "no file anchors.lock.json: name the lock file with --lock" in said.err) == (
        2,
        True,
    )
    book.write(FILENAME, "[]")
    said = book.run("check", "_site")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("anchors.lock.json:1: error: ")


def test_what_is_no_site_is_refused(book: Book) -> None:
    site(book)
    said = book.run("check", "docs")
    assert (said.code, said.err) == (
        2, "error: docs is not a site that Sphinx built: build it first\n",
    )  # fmt: skip


def test_what_a_release_had_and_the_lock_lost_is_listed(released: Book) -> None:
    assert released.run("check", "--since", "v0.1.0").code == 0
    released.write(FILENAME, json.dumps({"page": released.lock["page"]}))
    said = released.run("check", "--since", "v0.1.0")
    assert (said.code, said.out) == (1, "2 anchors at 2 locations: 1 error\n")
    assert "error: the record of 'sae' was deleted since v0.1.0; " in said.err
    assert "lock SOURCEDIR -c . --since v0.1.0" in said.err
    assert "restored" in released.locked("--since", "v0.1.0").out
    assert released.run("check", "--since", "v0.1.0").code == 0


def test_a_site_is_checked_for_what_a_release_had(released: Book) -> None:
    site(released)
    assert released.run("check", "_site", "--since", "v0.1.0").code == 0
    released.write("_site/page.html", "<p id=page></p>")
    released.write(FILENAME, json.dumps({"page": released.lock["page"]}))
    assert released.run("check", "_site").code == 0
    said = released.run("check", "_site", "--since", "v0.1.0")
    assert said.code == 1
    assert "_site/page.html: error: no element has the id 'sae'" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "v9"], "there is no tag 'v9' with anchors.lock.json"),
        (["--since", "--help"], "expected one argument"),
        ([], "give SITE, --since TAG, or both"),
    ],
)
def test_a_comparison_with_nothing_is_refused(
    released: Book, arguments: list[str], words: str
) -> None:
    said = released.run("check", *arguments)
    assert (said.code, words in said.err) == (2, True)


# The program itself


def test_it_runs_as_a_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["permalinks", "--help"])
    # As in a new process.
    monkeypatch.delitem(sys.modules, "sphinx_marginalia.permalinks.__main__", raising=False)
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("sphinx_marginalia.permalinks", run_name="__main__")
    said = capsys.readouterr().out
    assert "usage: python -m sphinx_marginalia.permalinks" in said
    assert "Exit code: 0 all is well, 1 something is wrong, 2 the arguments make no sense." in said


def test_without_a_command_it_says_which_there_are(book: Book) -> None:
    said = book.run()
    assert (said.code, "COMMAND" in said.err) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize(
    "arguments", [["permalinks", "lock", "--version=1"], ["ledger", "review"]], ids=" ".join
)
def test_an_interrupt_ends_in_one_line_and_leaves_nothing_behind(
    arguments: list[str], number: signal.Signals, tmp_path: Path
) -> None:
    source, temporary = tmp_path / "source", tmp_path / "temporary"
    source.mkdir()
    temporary.mkdir()
    # The program is interrupted while it reads the sources.
    (source / "conf.py").write_text(
        f"import os\n\ndef setup(app):\n    os.kill(os.getpid(), {int(number)})\n"
    )
    (source / "index.rst").write_text("Distances\n=========\n")
    module, *options = arguments
    done = subprocess.run(
        [sys.executable, "-m", f"sphinx_marginalia.{module}", *options, str(source)],
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
        # Shells start what runs in the background with this signal ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1] == "interrupted; nothing is left half-written"
    assert "Traceback" not in done.stderr
    assert not list(temporary.iterdir())
    assert sorted(file.name for file in source.iterdir() if file.is_file()) == [
        "conf.py",
        "index.rst",
    ]


def run_in(
    folder: Path, arguments: list[str], stdout: int, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program on a small project that is named from the current folder."""
    source = folder / "distances"
    source.mkdir()
    (source / "conf.py").write_text("")
    (source / "index.rst").write_text(f".. _far:\n\nDistances\n=========\n\n{text}\n")
    module, *options = arguments
    return subprocess.run(
        [sys.executable, "-m", f"sphinx_marginalia.{module}", *options, "distances"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


PROGRAMS = [["permalinks", "lock", "--version=1"], ["ledger", "review"]]


@pytest.mark.parametrize("arguments", PROGRAMS)
def test_the_folder_may_be_named_from_the_current_one(arguments: list[str], tmp_path: Path) -> None:
    done = run_in(tmp_path, arguments, subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", PROGRAMS)
def test_a_warning_has_no_colour_in_a_file(arguments: list[str], tmp_path: Path) -> None:
    done = run_in(tmp_path, arguments, subprocess.PIPE, ":xyzzy:`far`")
    assert "xyzzy" in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("arguments", PROGRAMS)
def test_what_nobody_reads_is_written_without_a_traceback(
    arguments: list[str], tmp_path: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run_in(tmp_path, arguments, writer)
    os.close(writer)
    assert done.stderr in {"", "error: a file: Broken pipe\n"}
