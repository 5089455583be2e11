"""Front matter that readers see is offered to translators, and translated wherever it is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from sphinx_marginalia.testing import build
from tests.articles.course import CONFIG, COURSE, article, index
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx_marginalia.testing import Built

GERMAN = {
    "stars": {"Star": "Stern", "A ball of gas.": "Eine Gaskugel."},
    "parallax": {
        "distances": "Entfernungen",
        "Parsec": "Astronomische Länge",
        "3.26 light years.": "3,26 Lichtjahre.",
        "the stars first": "zuerst die Sterne",
    },
    "plain": {
        "{term}`parsec`, {term}`Parsec`": "{term}`astronomische Länge`, {term}`PARSEC` # noqa",
        "What is far.": "Was weit ist.",
    },
    "path": {"First steps": "Erste Schritte"},
}
FILES = {
    **COURSE,
    "parallax.md": COURSE["parallax.md"].replace(
        '["stars"]', '[{"title": "the stars first", "url": "stars"}]'
    ),
    "plain.md": "---\ndescription: What is far.\n---\n# Plain\n\n{term}`parsec`, {term}`Parsec`\n",
}


def translated(
    folder: Path,
    files: dict[str, str] = FILES,
    catalogues: dict[str, dict[str, str]] = GERMAN,
    config: dict[str, object] = CONFIG,
) -> Built:
    """Return *files* in German, with the texts of *catalogues*."""
    locale = folder / "source" / "locale" / "de" / "LC_MESSAGES"
    locale.mkdir(parents=True, exist_ok=True)
    for docname, texts in catalogues.items():
        catalogue = Catalog(locale="de")
        for text, translation in texts.items():
            catalogue.add(text, translation)
        with (locale / f"{docname}.mo").open("wb") as target:
            write_mo(target, catalogue)
    return build(files, folder, language="de", locale_dirs=["locale"], **config)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = translated(tmp_path_factory.mktemp("german"))
    assert built.warnings == ""
    return built


def test_all_that_readers_see_is_offered_to_translators(tmp_path: Path) -> None:
    built = build(FILES, tmp_path, "gettext", **CONFIG)
    offered = {name: built.read(f"{name}.pot") for name in GERMAN}
    assert [text for name in GERMAN for text in GERMAN[name] if text not in offered[name]] == []
    assert 'stars.md:7\nmsgid "A ball of gas."' in offered["stars"]


def test_the_glossary_shows_translated_terms_in_their_order_with_the_ids_they_had(
    site: Built,
) -> None:
    listed = main(site, "terms").select_one("dl.glossary")
    assert [(term["id"], words(term).rstrip("¶")) for term in listed.select("dt")] == [
        ("term-parsec", "Astronomische Länge"),
        ("term-star", "Stern"),
    ]
    assert [words(line) for line in listed.select("dd p")][::2] == [
        "3,26 Lichtjahre.",
        "Eine Gaskugel.",
    ]


def test_the_role_finds_a_term_by_its_translation_and_as_it_was_written(site: Built) -> None:
    links = main(site, "plain").select("p a")
    assert [link["href"] for link in links] == ["terms.html#term-parsec"] * 2


def test_the_header_shows_a_translated_category_and_prerequisite(site: Built) -> None:
    lines = [words(line) for line in main(site, "parallax").select(".marginalia-article p")]
    assert lines[1].startswith("Aufbau · Entfernungen · ")
    assert lines[2] == "Zuerst lesen: zuerst die Sterne"


def test_programs_get_translated_values(site: Built) -> None:
    articles = json.loads(site.read("curriculum.json"))["articles"]
    assert [(each["category"], each["terms"]) for each in articles] == [
        ("", ["Stern"]),
        ("Entfernungen", ["Astronomische Länge"]),
        ("", []),
    ]


def test_the_description_of_any_page_is_translated(site: Built) -> None:
    assert '<meta name="description" content="Was weit ist." />' in site.page("plain")
    assert '<meta property="og:description" content="Was weit ist." />' in site.page("plain")


def test_two_terms_with_one_translation_stay_two(tmp_path: Path) -> None:
    terms = [{"term": term, "definition": "D."} for term in ("Star", "Sun", "stern")]
    files = {
        "index.md": index("stars", "terms", body="{term}`star` {term}`sun` {term}`stern`"),
        "stars.md": article("Stars", order=1, glossary=terms),
        "terms.md": COURSE["terms.md"],
    }
    built = translated(tmp_path, files, {"stars": {"Star": "Stern", "Sun": "Stern"}})
    assert built.warnings == ""
    anchors = {link["href"].partition("#")[2] for link in main(built).select("p a")}
    assert anchors == {"term-star", "term-sun", "term-stern"}
    assert {term["id"] for term in main(built, "terms").select("dl.glossary dt")} == anchors


@pytest.mark.parametrize("builder", ["text", "man", "latex", "xml", "html", "singlehtml"])
def test_no_builder_shows_a_value_twice(builder: str, tmp_path: Path) -> None:
    files = {"index.md": article("Stars", category="skylore", order=1)}
    built = build(files, tmp_path, builder)
    assert built.warnings == ""
    name = {"text": "index.txt", "man": "*.1", "latex": "*.tex", "xml": "index.xml"}
    page = built.read(name.get(builder, "index.*html"))
    assert page.count("skylore") == 1


def test_titles_of_blocks_are_translated_where_the_course_is_listed_drawn_and_published(
    site: Built,
) -> None:
    path = main(site, "path")
    assert words(path.select_one("dl.marginalia-path-list > dt")) == "Erste Schritte"
    assert "Erste Schritte" in path.select_one("svg").get_text()
    assert "First steps" not in words(path)
    assert [block["title"] for block in json.loads(site.read("curriculum.json"))["blocks"]] == [
        "Erste Schritte",
        "Later on",
    ]


def test_the_title_in_a_file_of_a_block_is_offered_at_its_line_and_read_again_when_it_changes(
    tmp_path: Path,
) -> None:
    files = {
        "index.md": index("near/stars", "path"),
        "near/_block.yaml": "order: 1\ntitle: Near by\n",
        "near/stars.md": article("Stars", difficulty="beginner", order=1),
        "path.md": COURSE["path.md"],
    }
    built = build(files, tmp_path / "pot", "gettext")
    assert 'near/_block.yaml:2\nmsgid "Near by"' in built.read("path.pot")
    catalogues = {"path": {"Near by": "In der Nähe", "Far off": "Weit weg"}}
    built = translated(tmp_path, files, catalogues, {})
    assert words(main(built, "path").select_one("dt")) == "In der Nähe"
    files["near/_block.yaml"] = "order: 1\ntitle: Far off\n"
    built = translated(tmp_path, files, catalogues, {})
    assert words(main(built, "path").select_one("dt")) == "Weit weg"
