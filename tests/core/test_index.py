"""Records that outlive a page, the pages that are outdated because of them, and published files."""

from __future__ import annotations

import errno
import io
import json
import logging
import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes
from sphinx.cmd.build import build_main
from sphinx.util.docutils import docutils_namespace, patch_docutils

import sphinx_marginalia
from sphinx_marginalia.core.index import digest, domain_of
from sphinx_marginalia.core.outdated import OutputState, fingerprint
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.testing import build
from tests.core.facts import STOP, Fact, Facts, Interruption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx.application import Sphinx

    from sphinx_marginalia.testing import Built

FILES = {
    "index.md": "# T\n\n```{toctree}\nb\na\n```\n",
    "a.md": "# A\n\nOf a.\n",
    "b.md": "# B\n\nOf b.\n\n:::{rubric} List\n:::\n",
    "z.md": "---\norphan: true\n---\n# Z\n\nOf z.\n",
}
ALL_FACTS = re.compile("<!-- all facts: .*? -->")


@pytest.fixture(autouse=True)
def _never_interrupted() -> Iterator[None]:
    yield
    STOP.update(page="", publish=False)


def made(folder: Path, *, fresh: bool = False, builder: str = "html", **files: str) -> Built:
    """Build the project with other texts for some pages, which are removed if empty."""
    project = FILES | {f"{name}.md": text for name, text in files.items()}
    for name in [name for name, text in project.items() if not text]:
        del project[name]
        (folder / "source" / name).unlink(missing_ok=True)
    extensions = ["myst_parser", "tests.core.facts"]
    return build(project, folder, builder, fresh=fresh, extensions=extensions)


def shown(built: Built) -> dict[str, str]:
    """Return what pages show of others, and the published files.

    Links to the next page are Sphinx's own, which it does not keep up to date.
    """
    pages = {name: built.page(name) for name in built.app.env.found_docs}
    lists = {name: ALL_FACTS.search(page) for name, page in pages.items()}
    files = {path.name: path.read_text() for path in sorted(built.out.rglob("*.txt"))}
    return {
        **{name: match[0] if match else "" for name, match in lists.items()},
        **{name: text for name, text in files.items() if not name.endswith(".md.txt")},
        "facts.json": built.read("facts.json"),
    }


def written(folder: Path) -> dict[str, int]:
    """Return when each page was written, by path."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "html").glob("*.html")}


# Records


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    domain: Any = made(tmp_path).app.env.domains["facts"]
    assert isinstance(domain, Facts)
    return domain


def test_records_come_in_the_order_of_the_contents_and_orphans_last(facts: Facts) -> None:
    assert [(name, fact.text) for name, fact in facts.in_reading_order()] == [
        ("b", "Of b."), ("a", "Of a."), ("z", "Of z."),
    ]  # fmt: skip


def test_the_records_of_a_page_are_removed_with_it(facts: Facts) -> None:
    facts.clear_doc("b")
    facts.clear_doc("nowhere")
    assert [name for name, _fact in facts.in_reading_order()] == ["a", "z"]
    assert facts.data["lists"] == {}


def test_only_the_documents_that_another_process_read_are_merged(facts: Facts) -> None:
    other = {
        "records": {"c": [Fact("Of c.")], "d": [Fact("Of d.")]},
        "digests": {"c": "1", "d": "2"},
        "lists": {"c": True, "d": True},
    }
    facts.merge_domaindata({"c"}, other)
    assert ("c", Fact("Of c.")) in list(facts.in_reading_order())
    assert "d" not in facts.records
    assert facts.data["lists"] == {"b": True, "c": True}


def test_a_cached_property_lasts_until_a_document_is_read(facts: Facts) -> None:
    before = facts.texts
    assert facts.texts is before
    facts.note("a", facts.env.get_doctree("a"))
    assert facts.texts is not before


def test_a_cached_property_lasts_for_one_build(tmp_path: Path) -> None:
    app = made(tmp_path).app
    domain = domain_of(app.env, Facts)
    before = domain.texts
    with patch_docutils(), docutils_namespace():
        app.build()
    assert domain.texts is not before


def test_a_digest_is_of_what_is_shown_and_not_of_lines() -> None:
    assert digest([Fact("a", 1)]) == digest([Fact("a", 7)]) != digest([Fact("b", 1)])
    one, other = (nodes.paragraph("", "", nodes.strong("", text)) for text in ("a", "b"))
    assert digest((one,)) == digest((one.deepcopy(),)) != digest((other,))
    assert fingerprint("\ud800")


@pytest.mark.slow
def test_records_are_the_same_from_four_processes(tmp_path: Path) -> None:
    pages = {f"p{n}.md": f"# P{n}\n\nOf {n}.\n" for n in range(24)}
    index = "# T\n\n```{toctree}\n" + "\n".join(f"p{n}" for n in range(24)) + "\n```\n"
    results = []
    for jobs in (1, 4):
        extensions = ["myst_parser", "tests.core.facts"]
        folder = tmp_path / str(jobs)
        built = build({"index.md": index, **pages}, folder, extensions=extensions, jobs=jobs)
        domain: Any = built.app.env.domains["facts"]
        results.append((list(domain.in_reading_order()), sorted(domain.data["digests"].items())))
    assert results[0] == results[1]


# Outdated pages

EDITS: dict[str, dict[str, str]] = {
    "a record changes": {"a": "# A\n\nOf a, again.\n"},
    "a title changes": {"a": "# Another\n\nOf a.\n"},
    "the order changes": {"index": "# T\n\n```{toctree}\na\nb\n```\n"},
    "a page is added": {"z": "---\norphan: true\n---\n# Z\n\nOf z.\n\nMore.\n"},
    "a page is removed": {"z": ""},
    "a list moves": {"a": "# A\n\nOf a.\n\n:::{rubric} List\n:::\n", "b": "# B\n\nOf b.\n"},
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_build_after_an_edit_equals_a_clean_one(edit: str, tmp_path: Path) -> None:
    made(tmp_path / "again")
    again = made(tmp_path / "again", **EDITS[edit])
    assert shown(again) == shown(made(tmp_path / "clean", **EDITS[edit]))


@pytest.mark.parametrize("page", ["a", "b", "z"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_build_after_an_interrupted_one_equals_a_clean_one(
    edit: str, page: str, tmp_path: Path
) -> None:
    made(tmp_path / "again")
    STOP["page"] = page
    with suppress(Interruption):
        made(tmp_path / "again", **EDITS[edit])
    STOP["page"] = ""
    again = made(tmp_path / "again", **EDITS[edit])
    assert shown(again) == shown(made(tmp_path / "clean", **EDITS[edit]))


def test_an_edit_that_is_taken_back_after_an_interruption_leaves_no_trace(tmp_path: Path) -> None:
    before = shown(made(tmp_path))
    STOP["page"] = "index"  # after the page with the list was written
    with pytest.raises(Interruption):
        made(tmp_path, **EDITS["a record changes"])
    STOP["page"] = ""
    assert shown(made(tmp_path)) == before


def test_an_edit_that_changes_no_record_leaves_lists_alone(tmp_path: Path) -> None:
    made(tmp_path)
    before = written(tmp_path)
    made(tmp_path, a="# A\n\n\nOf a.\n")
    after = written(tmp_path)
    assert after["a.html"] != before["a.html"]
    assert (after["b.html"], after["z.html"]) == (before["b.html"], before["z.html"])


def test_a_verbose_build_names_outdated_pages_with_the_domains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "conf.py").write_text(
        "extensions = ['myst_parser', 'tests.core.facts']\nmyst_enable_extensions = ['colon_fence']\n"
    )
    command = ["-v", str(tmp_path), str(tmp_path / "out")]
    outdated = re.compile(r"^\[marginalia\] outdated: (.*)", re.MULTILINE)
    assert build_main(command) == 0
    assert outdated.findall(capsys.readouterr().out) == [
        "all pages (the output has no valid state)"
    ]
    (tmp_path / "z.md").write_text(FILES["z.md"].replace("Of z", "Of another"))
    assert build_main(command) == 0
    assert outdated.findall(capsys.readouterr().out) == ["b (facts)"]


def test_a_build_without_changes_writes_no_page_and_no_file(tmp_path: Path) -> None:
    out = made(tmp_path).out
    names = ("a.html", "b.html", "index.html", "facts.json", "facts/0.txt")
    times = [(out / name).stat().st_mtime_ns for name in names]
    made(tmp_path)
    assert [(out / name).stat().st_mtime_ns for name in names] == times


def test_each_builder_has_its_own_state(tmp_path: Path) -> None:
    shared = tmp_path / "doctrees"
    shared.mkdir()
    for builder in ("html", "dirhtml"):
        (shared / builder).symlink_to(shared, target_is_directory=True)
    made(tmp_path)
    edit = EDITS["a record changes"]
    # The other builder reads the edit; this one still has to write it.
    made(tmp_path, builder="dirhtml", **edit)
    again = made(tmp_path, **edit)
    assert shown(again) == shown(made(tmp_path / "clean", **edit))


SPOILED = [
    *("{}", "[]", "no JSON", "[" * 100_000, '{"version": "0", "pages": {}, "documents": 1}'),
    *(
        json.dumps({"version": sphinx_marginalia.__version__, **parts})
        for parts in (
            {"pages": {"a": 5}, "documents": ["a"], "files": {}},
            {"pages": [], "documents": ["/etc/x", "../x", 5], "files": {}},
            {"pages": {}, "documents": [], "files": {"s/\0.html": "", "\ud800": ""}},
        )
    ),
]


def test_a_deleted_or_older_state_has_all_pages_written(tmp_path: Path) -> None:
    state = made(tmp_path).out / ".marginalia-html.json"
    for spoiled in (None, *SPOILED):
        state.unlink() if spoiled is None else state.write_text(spoiled)
        before = written(tmp_path)
        made(tmp_path)
        after = written(tmp_path)
        pages = ("a.html", "b.html", "index.html", "z.html")
        assert [name for name in pages if after[name] == before[name]] == []


def test_the_state_names_no_folder_and_is_the_same_everywhere(tmp_path: Path) -> None:
    states = [
        (made(tmp_path / name).out / ".marginalia-html.json").read_text() for name in ("a", "b")
    ]
    assert states[0] == states[1]
    assert str(tmp_path) not in states[0]
    assert json.loads(states[0])["version"] == sphinx_marginalia.__version__


@pytest.mark.parametrize("builder", ["latex", "epub", "man"])
def test_a_book_in_one_file_has_no_state(builder: str, tmp_path: Path) -> None:
    assert list(made(tmp_path, builder=builder).out.rglob(".marginalia*")) == []


# Published files


def test_files_are_written_when_their_inputs_change(tmp_path: Path) -> None:
    out = made(tmp_path).out
    assert json.loads((out / "facts.json").read_text()) == ["Of b.", "Of a.", "Of z."]
    # Nobody looks into a file whose inputs are the same.
    (out / "facts.json").write_text("by hand")
    made(tmp_path, a="# Another\n\nOf a.\n")
    assert (out / "facts.json").read_text() == "by hand"
    made(tmp_path, a="# A\n\nNew.\n")
    assert json.loads((out / "facts.json").read_text()) == ["Of b.", "New.", "Of z."]


def test_files_beside_a_site_of_one_page_are_ours_in_the_next_build(tmp_path: Path) -> None:
    made(tmp_path, builder="singlehtml")
    again = made(tmp_path, builder="singlehtml", a="# A\n\nNew.\n", z="")
    assert again.warnings == ""
    assert json.loads(again.read("facts.json")) == ["Of b.", "New."]
    assert sorted(path.name for path in (again.out / "facts").iterdir()) == ["0.txt", "1.txt"]


def test_files_of_a_site_that_was_copied_without_its_state_are_ours(tmp_path: Path) -> None:
    out = made(tmp_path).out
    (out / ".marginalia-html.json").unlink()
    assert made(tmp_path).warnings == ""
    again = made(tmp_path, a="# A\n\nNew.\n")
    assert again.warnings == ""
    assert json.loads(again.read("facts.json")) == ["Of b.", "New.", "Of z."]


def test_a_file_that_was_deleted_is_written_again(tmp_path: Path) -> None:
    out = made(tmp_path).out
    shutil.rmtree(out / "facts")
    made(tmp_path)
    assert (out / "facts" / "2.txt").read_text() == "Of z."


def test_files_that_are_no_longer_made_are_removed(tmp_path: Path) -> None:
    out = made(tmp_path).out
    made(tmp_path, z="")
    assert sorted(path.name for path in (out / "facts").iterdir()) == ["0.txt", "1.txt"]


def with_extra(folder: Path, a: str = FILES["a.md"], *, facts: bool = True) -> Built:
    """Build the project with the files in ``extra``."""
    extensions = ["myst_parser", "tests.core.facts" if facts else "sphinx_marginalia.pauses"]
    config: dict[str, Any] = {"extensions": extensions, "html_extra_path": ["extra"]}
    return build(FILES | {"a.md": a}, folder, fresh=False, **config)


@pytest.mark.parametrize("is_later", [False, True])
def test_a_file_of_the_project_is_neither_replaced_nor_removed(
    is_later: bool, tmp_path: Path
) -> None:
    mine = tmp_path / "source" / "extra" / "facts.json"
    mine.parent.mkdir(parents=True)
    if is_later:  # the file was ours before
        with_extra(tmp_path)
    mine.write_text("mine")
    for text in ("Of a.", "Of a.", "New."):  # in each build, whatever changes
        one = with_extra(tmp_path, f"# A\n\n{text}\n")
        assert one.read("facts.json") == "mine"
        assert one.warnings == (
            "WARNING: facts.json is not written: the site has a file of that name "
            "[marginalia.file_exists]\n"
        )
    assert with_extra(tmp_path, facts=False).read("facts.json") == "mine"
    mine.unlink()
    (tmp_path / "html" / "facts.json").unlink()
    assert json.loads(with_extra(tmp_path).read("facts.json")) == ["Of b.", "Of a.", "Of z."]


def test_files_of_a_feature_that_is_no_longer_listed_are_removed(tmp_path: Path) -> None:
    (tmp_path / "source" / "extra").mkdir(parents=True)
    out = with_extra(tmp_path).out
    with_extra(tmp_path, facts=False)
    assert not (out / "facts.json").exists()
    assert list((out / "facts").iterdir()) == []


def test_of_two_files_with_one_name_the_first_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(app: Sphinx) -> Iterator[Publication]:
        yield Publication(("one.txt",), 1, lambda: ["the first"])
        yield Publication(("one.txt",), 2, lambda: ["the second"])

    monkeypatch.setattr("tests.core.facts.publications", twice)
    for _ in range(2):
        built = made(tmp_path)
        assert built.read("one.txt") == "the first"
        assert built.warnings.count("one.txt is not written") == 1


def test_what_cannot_be_removed_is_reported_until_it_is(tmp_path: Path) -> None:
    file = made(tmp_path).out / "facts" / "2.txt"
    file.unlink()
    file.mkdir()
    for _ in range(2):
        assert "facts/2.txt is not removed: Is a directory" in made(tmp_path, z="").warnings
    file.rmdir()
    assert made(tmp_path, z="").warnings == ""


def test_a_folder_in_the_place_of_a_file_is_reported(tmp_path: Path) -> None:
    file = made(tmp_path).out / "facts" / "2.txt"
    file.unlink()
    file.mkdir()
    assert "facts/2.txt is not written: Is a directory" in made(tmp_path).warnings


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "facts.json").symlink_to(tmp_path / "elsewhere.json")
    built = made(tmp_path)
    assert not (tmp_path / "elsewhere.json").exists()
    assert "Of a." in built.read("facts.json")


def test_a_file_that_does_not_fit_on_the_disk_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(io.BytesIO):
        def write(self, _content: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def open_full(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if path.name != "facts.json" or "b" not in mode:
            return builtin(path, mode, *arguments, **options)
        path.write_text("half")
        return FullDisk()

    builtin = type(tmp_path).open
    with monkeypatch.context() as patched:
        patched.setattr(type(tmp_path), "open", open_full)
        built = made(tmp_path)
    assert "facts.json is not written: No space left on device" in built.warnings
    assert not (built.out / "facts.json").exists()
    assert "Of a." in made(tmp_path).read("facts.json")


def test_an_edit_that_is_taken_back_after_publishing_leaves_no_file(tmp_path: Path) -> None:
    before = shown(made(tmp_path))
    STOP["publish"] = True  # after facts.json was written
    with pytest.raises(Interruption):
        made(tmp_path, a="# A\n\nNew.\n")
    STOP["publish"] = False
    assert "New." in (tmp_path / "html" / "facts.json").read_text()
    assert shown(made(tmp_path)) == before


def test_pages_of_an_interrupted_build_are_ours(tmp_path: Path) -> None:
    STOP["page"] = "index"
    with pytest.raises(Interruption):
        made(tmp_path)
    state = OutputState.open(tmp_path / "html" / ".marginalia-html.json")
    assert state.documents == {"a", "b", "index", "z"}


def test_files_of_an_interrupted_build_are_ours_in_the_next(tmp_path: Path) -> None:
    made(tmp_path)
    STOP["publish"] = True
    with pytest.raises(Interruption):
        made(tmp_path, a="# A\n\nNew.\n\nNewer.\n")
    # One of them had been written when the build was stopped.
    (tmp_path / "html" / "facts" / "3.txt").write_text("half")
    STOP["publish"] = False
    again = made(tmp_path, a="# A\n\nNew.\n\nNewer.\n")
    assert again.warnings == ""
    assert (again.out / "facts" / "3.txt").read_text() == "Of z."
    assert list(again.out.rglob(".*.part")) == []


def test_a_name_in_the_state_that_leads_out_of_the_folder_removes_nothing(tmp_path: Path) -> None:
    out = made(tmp_path).out
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    state = OutputState.open(out / ".marginalia-html.json")
    state.files |= {"../victim.txt": "", str(victim): "", "C:\\x": ""}
    state.close()
    made(tmp_path, a="# A\n\nNew.\n")
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("builder", ["text", "latex", "epub"])
def test_files_are_published_beside_web_sites_only(builder: str, tmp_path: Path) -> None:
    assert list(made(tmp_path, builder=builder).out.rglob("facts*")) == []
