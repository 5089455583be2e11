"""``marginalia-new``: what it asks, what it writes, and what it refuses."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sphinx_marginalia.new import __main__ as command
from sphinx_marginalia.new import folder as project_folder
from sphinx_marginalia.new.project import (
    InvalidError,
    describe,
    files,
    one_line,
    person,
    sentences,
)
from tests.project.test_setup import PYPROJECT
from tools import house

KINDS = ("book", "minimal")
BOOK = describe("Tides & clocks", "Ada Lovelace; The Clock Society")
WHO = ("--title", "Tides", "--author", "Ada Lovelace")


def tree(folder: Path) -> dict[str, str]:
    """Return the text of each file in *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# What it writes


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_is_a_file_with_a_sentence_and_the_reverse(kind: str) -> None:
    folder = Path(command.__file__).parent / "template" / kind
    templates = {name.removesuffix(".jinja") for name in tree(folder)}
    assert templates == sentences(kind).keys() == files(BOOK, kind).keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_begins_with_its_sentence_or_is_explained_in_the_readme(kind: str) -> None:
    written = files(BOOK, kind)
    silent = [
        path
        for path, sentence in sentences(kind).items()
        if sentence not in "\n".join(written[path].splitlines()[:2])
    ]
    # JSON knows no comments, and a README begins with the title.
    assert [path for path in silent if "json" not in path and "snippets" not in path] in (
        [],
        ["README.md"],
    )
    assert all(f"| `{path}` |" in written["README.md"] for path in silent)


def test_minimal_is_two_files() -> None:
    assert files(BOOK, "minimal").keys() == {"conf.py", "index.md"}


def test_the_command_prints_each_file_with_its_sentence_and_what_to_do_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(tmp_path / "book"), *WHO]) == 0
    out = capsys.readouterr().out
    listed, _, following = out.partition("\nNext:\n")
    lines = [line.split(maxsplit=1) for line in listed.strip().splitlines()]
    assert dict(lines) == sentences("book")
    assert following.split("\n  ")[1:] == [
        "pip install -r requirements.txt",
        "python -m sphinx . _site/html\n",
    ]
    assert tree(tmp_path / "book") == files(describe("Tides", "Ada Lovelace"))


@pytest.mark.parametrize(("name", "shown"), [("tides", "cd tides"), ("(1) a&b", 'cd "(1) a&b"')])
def test_what_to_do_next_can_be_typed(
    name: str,
    shown: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command.main([name, *WHO, "--minimal"]) == 0
    assert f"\n  {shown}\n" in capsys.readouterr().out


def test_the_same_words_give_the_same_files_and_nothing_else_counts(tmp_path: Path) -> None:
    for number, zone in enumerate(("Asia/Tokyo", "America/Lima")):
        subprocess.run(
            [sys.executable, "-m", "sphinx_marginalia.new", str(tmp_path / f"b{number}"), *WHO],
            env={**os.environ, "TZ": zone, "USER": zone, "SOURCE_DATE_EPOCH": str(number)},
            check=True,
            capture_output=True,
        )
    assert tree(tmp_path / "b0") == tree(tmp_path / "b1")


def test_lines_end_as_on_unix(tmp_path: Path) -> None:
    project_folder.write(tmp_path / "book", files(BOOK))
    assert [name for name, text in tree(tmp_path / "book").items() if "\r" in text] == []
    assert [name for name, text in tree(tmp_path / "book").items() if text[-1] != "\n"] == []


def test_the_packages_are_those_that_the_extensions_are_tested_with() -> None:
    listed = [
        line.partition("#")[0].strip()
        for line in files(BOOK)["requirements.txt"].splitlines()
        if not line.startswith(("#", "sphinx-marginalia"))
    ]
    assert set(listed) <= set(PYPROJECT["project"]["optional-dependencies"]["docs"])


def test_the_command_has_a_name() -> None:
    assert (
        PYPROJECT["project"]["scripts"]["marginalia-new"] == "sphinx_marginalia.new.__main__:main"
    )


def test_the_program_imports_neither_sphinx_nor_a_feature() -> None:
    modules = [module for module in house.modules() if "sphinx_marginalia/new/" in str(module)]
    imported = {name for module in modules for name in house.imported(module)}
    foreign = {name for name in imported if name.startswith(("sphinx", "docutils"))}
    own = ("sphinx_marginalia.new", "sphinx_marginalia.core.dates")
    assert modules
    assert [name for name in sorted(foreign) if not name.startswith(own)] == []


# What it asks


class Terminal(io.StringIO):
    """A person at a keyboard."""

    def isatty(self) -> bool:
        return True


def test_it_asks_for_title_and_author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("Of tides\nAda Lovelace; Jan van der Berg\n"))
    assert command.main([str(tmp_path / "book")]) == 0
    settings = (tmp_path / "book" / "conf.py").read_text()
    assert 'project = "Of tides"' in settings
    assert 'author = "Ada Lovelace, Jan van der Berg"' in settings


def test_an_empty_answer_is_the_one_that_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("\nAda\n"))
    assert command.main([str(tmp_path / "of-the-tides")]) == 0
    assert 'project = "Of the tides"' in (tmp_path / "of-the-tides" / "conf.py").read_text()


def test_nobody_is_asked_where_nobody_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert command.main([str(tmp_path / "book")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "error: there is nobody to ask: add --title TEXT, or --yes for placeholders"
    assert list(tmp_path.iterdir()) == []
    assert command.main([str(tmp_path / "book"), "--yes"]) == 0


def test_options_are_in_the_files_they_belong_to(tmp_path: Path) -> None:
    options = ["--language", "pt-BR", "--licence", "CC-BY-4.0", "--date", "2026-03-01"]
    assert command.main([str(tmp_path / "book"), *WHO, *options]) == 0
    citation = yaml.safe_load((tmp_path / "book" / "CITATION.cff").read_text())
    assert (citation["license"], str(citation["date-released"])) == ("CC-BY-4.0", "2026-03-01")
    settings = (tmp_path / "book" / "conf.py").read_text()
    assert 'language = "pt_BR"' in settings
    assert 'copyright = "Ada Lovelace (CC-BY-4.0)"' in settings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--title", " \n"), "the title is empty"),
        (("--title", "Tides " * 40), "the title is longer than 200 characters"),
        (("--author", ";"), "there is no author"),
        (("--language", "../en"), "no language"),
        (("--licence", "my own: do not copy"), "no licence"),
        (("--licence", "CC-BY"), "no licence"),
        (("--date", "2026-02-30"), "no day"),
        (("--date", "2026"), "no day"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    options: tuple[str, str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(tmp_path / "book"), *WHO, *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert list(tmp_path.iterdir()) == []


# What it refuses, and what is left


def test_a_folder_with_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index.md").write_text("mine")
    assert command.main([str(tmp_path), *WHO]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"error: {tmp_path} is not empty (index.md): name a folder that is new or empty"
    )
    assert tree(tmp_path) == {"index.md": "mine"}


def test_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "book").write_text("mine")
    assert command.main([str(tmp_path / "book"), *WHO]) == 2
    assert f"{tmp_path / 'book'} is a file" in capsys.readouterr().err
    assert command.main([str(tmp_path / "book" / "inside"), *WHO]) == 2
    assert f"{tmp_path / 'book'} is a file" in capsys.readouterr().err
    assert tree(tmp_path) == {"book": "mine"}


@pytest.mark.parametrize("begun", [(), (".git",), (".git", ".venv")])
def test_an_empty_repository_is_filled(begun: tuple[str, ...], tmp_path: Path) -> None:
    for name in begun:
        (tmp_path / name).mkdir()
        (tmp_path / name / "config").write_text("mine")
    project_folder.write(tmp_path, files(BOOK))
    assert tree(tmp_path) == {**files(BOOK), **{f"{name}/config": "mine" for name in begun}}
    assert [path.name for path in tmp_path.parent.iterdir() if path.name.endswith(".new")] == []


@pytest.mark.parametrize("is_begun", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("method", ["write_text", "rename"])
def test_an_interruption_leaves_nothing(
    method: str,
    error: type[BaseException] | BaseException,
    is_begun: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "deep" / "book"
    if is_begun:
        (target / ".git").mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    whole, calls = getattr(Path, method), []

    def fail_late(self: Path, *args: object, **options: object) -> object:
        calls.append(self)
        if len(calls) == (5 if is_begun or method == "write_text" else 1):
            raise error
        return whole(self, *args, **options)

    monkeypatch.setattr(Path, method, fail_late)
    status = command.main([str(target), *WHO])
    monkeypatch.undo()
    assert status == (130 if error is KeyboardInterrupt else 2)
    assert "nothing was written" in (err := capsys.readouterr().err) or "No space left" in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("answer", [KeyboardInterrupt, EOFError])
def test_ctrl_c_or_ctrl_d_at_a_question_is_one_line(
    answer: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def ask(_: str) -> str:
        raise answer

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", ask)
    assert command.main([str(tmp_path / "book")]) == 130
    assert capsys.readouterr().err == "\ninterrupted: nothing was written\n"
    assert list(tmp_path.iterdir()) == []


# Words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", {"given-names": "Ada", "family-names": "Lovelace"}),
        ("Lovelace, Ada", {"given-names": "Ada", "family-names": "Lovelace"}),
        ("Jan van der Berg", {"given-names": "Jan", "family-names": "van der Berg"}),
        ("Plato", {"family-names": "Plato"}),
        ("bell hooks", {"given-names": "bell", "family-names": "hooks"}),
        ("Plato, ", {"family-names": "Plato"}),
        *(
            (name, {"given-names": "Ann", "family-names": "Lovelace", "name-suffix": "Jr."})
            for name in ("Ann Lovelace, Jr.", "Ann Lovelace Jr.", "Lovelace, Jr., Ann")
        ),
        (",", {"name": ","}),
        ("Ann Lake, Bo Reed, Cy Moss", {"name": "Ann Lake, Bo Reed, Cy Moss"}),
        ("Ann Lake and Bo Reed", {"name": "Ann Lake and Bo Reed"}),
    ],
)
def test_a_name_has_a_family_name_and_given_names(name: str, parts: dict[str, str]) -> None:
    assert person(name) == parts


def test_a_book_in_other_letters_gets_a_tex_that_has_them() -> None:
    greek = files(describe("Περὶ παλίρροιας", "Ada"))["conf.py"]
    assert 'latex_engine = "lualatex"' in greek
    assert "latex_engine" not in files(describe("Ärger – „heute“", "Žižek"))["conf.py"]


@pytest.mark.parametrize("language", ["zh_CN", "ja"])
def test_the_engine_of_sphinx_prints_chinese_and_japanese(language: str) -> None:
    conf = files(describe("夜空", "星野", language))["conf.py"]
    assert "latex_engine" not in conf  # FreeSerif has none of their letters


#: What means something in one of the languages that are written.
SPECIAL = (
    "\"'\\`$%&#_{}~^<>[]()*|:;,.!?@=+-/\n\r\t\0\x1b\x7f\x85\u2028\ufeff\ud800\uffff"
    "aZ é日ωб\U0001f300«»“”"
)
words = st.lists(
    st.one_of(
        st.sampled_from(SPECIAL),
        st.text(max_size=4),
        st.sampled_from(
            """{{ x }}|<< title >>|<% if %>|{sidenote}`x`|---|- a|%Y|\\end{x}|${{ x }}|<b>|&amp;|: | #"""
            """|\\newpage|@book{|yes|'''|\"\"\"|<# x""".split("|")
        ),
    ),
    min_size=1,
    max_size=8,
).map("".join)


@given(title=words, author=words)
@example(title="C:\\new\\table", author='"; import os #')
@example(title="''' \"\"\" {# #} {{ }}", author="O'Neil, \\end{document}")
@settings(max_examples=150, deadline=None)
def test_any_words_give_files_that_can_be_read_and_hold_them(title: str, author: str) -> None:
    try:
        book = describe(title, author)
    except InvalidError:
        assert not one_line(title) or not one_line(author.replace(";", " "))
        return
    for kind in KINDS:
        written = files(book, kind)
        values = {
            node.targets[0].id: node.value.value
            for node in ast.parse(written["conf.py"]).body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        assert (values["project"], values["author"]) == (book.title, book.author)
    written = files(book)
    citation = yaml.safe_load(written["CITATION.cff"])
    assert citation["title"] == citation["preferred-citation"]["title"] == book.title
    assert len(citation["authors"]) == len(book.authors)
    lock = json.loads(written["anchors.lock.json"])
    assert lock["home"]["title"] == book.title
    assert f"\n# {written['README.md'].splitlines()[0][2:]}\n" in written["index.md"]


def test_the_files_for_programs_can_be_read() -> None:
    written = files(BOOK)
    for path in written:
        if path.endswith((".json", ".code-snippets")):
            json.loads(written[path])
        if path.endswith((".yaml", ".yml")):
            yaml.safe_load(written[path])
    template = Path(command.__file__).parent / "template" / "files.toml"
    assert tomllib.loads(template.read_text("utf-8")).keys() == set(KINDS)
