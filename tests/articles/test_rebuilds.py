"""One process or four, at once or bit by bit: the same course, and no page written for nothing."""

from __future__ import annotations

import json
import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.articles.course import CONFIG, COURSE, GLOSSARY, PATH, article, index

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sphinx_marginalia.testing import Built

#: Sphinx keeps words of former titles in the index of its search, and pages that were removed.
NOT_OURS = re.compile(r"\.buildinfo|_sources/|searchindex\.js|.*\.pickle")


def output(built: Built) -> dict[str, bytes]:
    files = {file.relative_to(built.out).as_posix(): file for file in built.out.rglob("*")}
    return {
        name: file.read_bytes()
        for name, file in files.items()
        if file.is_file() and not NOT_OURS.match(name)
    }


def differences(one: Built, other: Built) -> list[str]:
    a, b = output(one), output(other)
    return [name for name in sorted({*a, *b}) if a.get(name) != b.get(name)]


# In parallel

NAMES = [f"p{number:02}" for number in range(24)]
LARGE = {
    "index.md": index(*NAMES, "path", "terms", body="{term}`TERM 3`"),
    "path.md": PATH,
    "terms.md": GLOSSARY,
    **{
        f"{name}.md": article(
            name,
            f"A {{term}}`term {(number + 1) % 24}`.",
            block="first" if number < 12 else "later",
            order=number % 12 + 1,
            prerequisites=NAMES[max(0, number - 3) : number],
            glossary=[{"term": f"Term {number}", "definition": f"Of {name}."}],
        )
        for number, name in enumerate(NAMES)
    },
}


@pytest.mark.slow
def test_four_processes_write_the_same_as_one(tmp_path: Path) -> None:
    one = build(LARGE, tmp_path / "one", **CONFIG)
    four = build(LARGE, tmp_path / "four", jobs=4, **CONFIG)
    assert (one.warnings, four.warnings) == ("", "")
    assert differences(one, four) == []


# Again


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Be an extension ``writing_log``; return the list in which it notes the pages it sees."""
    pages: list[str] = []

    def see(app: Any, page: str, template: str, context: Any, doctree: Any) -> None:
        if doctree is not None:
            pages.append(page)

    def setup(app: Any) -> None:
        app.connect("html-page-context", see)

    module = ModuleType("writing_log")
    module.setup = setup  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "writing_log", module)
    return pages


def again(files: Mapping[str, str], folder: Path) -> Built:
    extensions = ("myst_parser", "sphinx_marginalia", "writing_log")
    return build(files, folder, fresh=False, extensions=extensions, **CONFIG)


def test_a_build_without_changes_writes_nothing(written: list[str], tmp_path: Path) -> None:
    again(COURSE, tmp_path)
    assert sorted(written) == sorted(name.removesuffix(".md") for name in COURSE)
    again({**COURSE, "stars.md": COURSE["stars.md"].replace("gas", "light")}, tmp_path)
    written.clear()
    again({}, tmp_path)
    assert written == []


#: What is edited: a page, what stands in it, what shall stand there, and who shows that besides the
#: page itself and the table of contents.
EDITS = {
    "text": ("parallax", "Text.", "Other text.", []),
    "description": ("parallax", "About", "All about", []),
    "category": ("parallax", "distances", "angles", []),
    "title": ("parallax", "Parallax", "Angles", ["galaxies", "path", "stars", "terms"]),
    "title of the last": ("galaxies", "Galaxies", "Far", ["parallax", "path"]),
    "difficulty": ("parallax", "intermediate", "beginner", ["path"]),
    "block": ("parallax", '"first"', '"later"', ["galaxies", "path", "stars"]),
    "order": ("stars", "order: 1", "order: 3", ["parallax", "path"]),
    "prerequisite": ("galaxies", '"parallax"', '"stars"', ["path"]),
    "prerequisite that is no article": ("stars", "---\n#", 'prerequisites: ["plain"]\n---\n#', []),
    "definition": ("parallax", "3.26 light years.", "A distance.", ["terms"]),
    "term": ("stars", '"Star"', '"Sun"', ["terms"]),
    "term that is referred to": ("parallax", '"Parsec"', '"PC"', ["plain", "terms"]),
    "no article any more": (
        "galaxies",
        'difficulty: "advanced"\nblock: "later"\norder: 1\nprerequisites: ["parallax"]\n',
        "",
        ["parallax", "path"],
    ),
}


#: Sphinx itself does not write the neighbours of a page again whose title changed.
STALE = {
    "title": ["stars.html", "galaxies.html"],
    "title of the last": ["parallax.html", "plain.html"],
}


@pytest.mark.parametrize("edit", EDITS)
def test_just_the_pages_that_show_an_edit_are_written_and_all_is_as_if_built_at_once(
    edit: str, written: list[str], tmp_path: Path
) -> None:
    page, old, new, others = EDITS[edit]
    edited = {**COURSE, f"{page}.md": COURSE[f"{page}.md"].replace(old, new)}
    assert edited != COURSE
    again(COURSE, tmp_path / "edited")
    written.clear()
    built = again(edited, tmp_path / "edited")
    # Sphinx writes the page with the table of contents each time.
    assert sorted({*written} - {page, "index"}) == others
    clean = again(edited, tmp_path / "clean")
    assert [name for name in differences(built, clean) if name not in STALE.get(edit, ())] == []


def test_the_title_of_a_page_counts_only_where_a_prerequisite_has_none_of_its_own(
    written: list[str], tmp_path: Path
) -> None:
    own = "{title: How far, url: parallax}"
    course = {**COURSE, "galaxies.md": COURSE["galaxies.md"].replace('"parallax"', own)}
    again(course, tmp_path)
    written.clear()
    again({"parallax.md": COURSE["parallax.md"].replace("Parallax", "Angles")}, tmp_path)
    assert sorted({*written} - {"parallax", "index"}) == ["path", "stars", "terms"]


def test_an_article_that_is_added_is_shown(written: list[str], tmp_path: Path) -> None:
    again(COURSE, tmp_path)
    written.clear()
    new = article("New", block="later", order=2, orphan=True, difficulty="advanced")
    again({**COURSE, "new.md": new}, tmp_path)
    assert sorted(written) == ["galaxies", "index", "new", "path"]


def test_an_article_that_is_removed_goes_from_all_pages(written: list[str], tmp_path: Path) -> None:
    again(COURSE, tmp_path)
    written.clear()
    (tmp_path / "source" / "parallax.md").unlink()
    files = {name: text for name, text in COURSE.items() if name != "parallax.md"}
    files["index.md"] = COURSE["index.md"].replace("parallax\n", "")
    built = again(files, tmp_path)
    assert sorted({*written} - {"index"}) == ["galaxies", "path", "plain", "stars", "terms"]
    assert [name for name in ("path", "terms") if "Parallax" in built.page(name)] == []


def test_the_title_of_a_block_is_shown_by_the_path_alone(
    written: list[str], tmp_path: Path
) -> None:
    files = {
        "index.md": index("sky/stars", "sky/path"),
        "sky/_block.yaml": "title: The sky",
        "sky/stars.md": article("Stars", order=1),
        "sky/path.md": PATH,
    }
    extensions = ("myst_parser", "sphinx_marginalia", "writing_log")
    build(files, tmp_path, extensions=extensions)
    written.clear()
    files["sky/_block.yaml"] = "title: Above us"
    built = build(files, tmp_path, extensions=extensions, fresh=False)
    assert {*written} - {"index"} == {"sky/path"}
    assert "Above us" in built.page("sky/path")


# For programs


def test_programs_can_read_the_curriculum(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, **CONFIG)
    found = json.loads(built.read("curriculum.json"))
    assert {**found, "articles": found["articles"][1]} == {
        "schema": 1,
        "blocks": [
            {"name": "first", "title": "First steps"},
            {"name": "later", "title": "Later on"},
        ],
        "articles": {
            "docname": "parallax",
            "url": "parallax.html",
            "title": "Parallax",
            "description": "About Parallax.",
            "block": "first",
            "order": 2,
            "category": "distances",
            "difficulty": "intermediate",
            "updated": "2026-11-01",
            "prerequisites": ["stars"],
            "words": 2,
            "note_words": 0,
            "code_lines": 0,
            "minutes": 1,
            "terms": ["Parsec"],
        },
        "edges": [["stars", "parallax"], ["parallax", "galaxies"]],
    }
    assert [entry["docname"] for entry in found["articles"]] == ["stars", "parallax", "galaxies"]


def test_the_addresses_for_programs_are_those_of_the_builder(tmp_path: Path) -> None:
    found = json.loads(build(COURSE, tmp_path, "dirhtml", **CONFIG).read("curriculum.json"))
    assert [entry["url"] for entry in found["articles"]] == ["stars/", "parallax/", "galaxies/"]


def test_the_curriculum_of_a_former_build_goes_with_its_last_article(tmp_path: Path) -> None:
    built = build({"index.md": article("T", order=1)}, tmp_path)
    assert (built.out / "curriculum.json").is_file()
    build({"index.md": "# T\n"}, tmp_path, fresh=False)
    assert not (built.out / "curriculum.json").exists()


def test_a_file_of_that_name_that_is_the_projects_own_stays(tmp_path: Path) -> None:
    files = {"index.md": "# T\n", "extra/curriculum.json": "{}"}
    built = build(files, tmp_path, html_extra_path=["extra"])
    assert built.read("curriculum.json") == "{}"
