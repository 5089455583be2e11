"""The header under the title, what programs read in the head, the link to the next article."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from docutils import nodes

from sphinx_marginalia.articles.reading_time import minutes
from sphinx_marginalia.testing import EXTENSIONS, build
from tests.articles.course import CONFIG, COURSE, article, index
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

    from sphinx_marginalia.testing import Built

RST = """\
:title: Parallax
:description: About Parallax.
:difficulty: intermediate
:category: distances
:block: first
:order: 2
:prerequisites: stars, /plain/
:updated: 2026-11-01

Parallax
========

Text.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(COURSE, tmp_path_factory.mktemp("site"), **CONFIG)


def header(built: Built, docname: str) -> Tag:
    found = main(built, docname).select_one(".marginalia-article")
    assert found is not None
    return found


def test_a_course_builds_without_a_warning(site: Built) -> None:
    assert site.warnings == ""


def test_the_header_stands_under_the_title_with_all_that_front_matter_says(site: Built) -> None:
    found = header(site, "parallax")
    assert found.find_previous_sibling().name == "h1"
    assert [words(line) for line in found.select("p")] == [
        "About Parallax.",
        "intermediate · distances · 1 min read · updated 2026-11-01",
        "Read first: Stars",
    ]
    assert [words(badge) for badge in found.select(".marginalia-article-badge")] == [
        "intermediate",
        "distances",
    ]
    assert found.a["href"] == "stars.html"


def test_a_page_without_a_place_in_the_curriculum_has_no_header(site: Built) -> None:
    assert main(site, "plain").select(".marginalia-article, .marginalia-article-next") == []


def test_a_post_of_ablog_is_no_article(tmp_path: Path) -> None:
    page = "---\nblogpost: true\ncategory: Lakes\n---\n\n# Reeds\n\nText.\n"
    built = build({"index.md": page}, tmp_path)
    assert built.warnings == ""
    assert "marginalia-article" not in built.page()


def test_restructuredtext_gives_the_same_header(site: Built, tmp_path: Path) -> None:
    files = {name: text for name, text in COURSE.items() if name != "parallax.md"}
    files["terms.md"], files["plain.md"] = "# Terms\n", "# Plain\n"
    built = build({**files, "parallax.rst": RST}, tmp_path, **CONFIG)
    lines = [words(line) for line in header(built, "parallax").select("p")]
    assert built.warnings == ""
    assert lines[:2] == [words(line) for line in header(site, "parallax").select("p")][:2]
    assert lines[2] == "Read first: Stars, Plain"


OUTPUT = {"epub": "parallax.xhtml", "latex": "*.tex", "text": "parallax.txt", "xml": "parallax.xml"}


@pytest.mark.parametrize("builder", OUTPUT)
def test_every_builder_shows_the_header(builder: str, tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, builder, version="1", copyright="A", **CONFIG)
    text = re.sub(r"<[^>]*>|\\\w+|[{}]", "", built.read(OUTPUT[builder]))
    text = " ".join(text.split())
    assert built.warnings == ""
    parts = ["About Parallax.", "intermediate", "distances", "1 min read", "updated 2026", "Stars"]
    assert [part for part in parts if part not in text] == []


def test_xml_holds_the_words_of_front_matter_and_nothing_of_our_own(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, "xml", **CONFIG)
    page = built.read("parallax.xml")
    assert page.count("About Parallax.") == 1
    assert page.count("1 min read") == 1
    assert "Article(" not in page
    assert "Next article" not in page
    assert 'docname="' not in page


def test_an_article_with_nothing_under_its_heading_has_its_header_there(tmp_path: Path) -> None:
    page = main(build({"index.md": article("T", "", order=1)}, tmp_path)).section
    assert [child.name for child in page.find_all(recursive=False)] == ["h1", "div"]


def test_an_article_without_a_heading_has_its_header_on_top_and_the_next_at_its_end(
    tmp_path: Path,
) -> None:
    files = {
        "index.md": index("one", "two"),
        "one.md": article("One", block="a", order=1).replace("# One\n", ""),
        "two.md": article("Two", block="a", order=2, prerequisites=["one"]),
    }
    built = build(files, tmp_path)
    shown = [words(part) for part in main(built, "one").find_all(recursive=False)]
    assert shown[:3] == ["About One. 1 min read", "Text.", "Next: Two"]
    assert (
        words(header(built, "two").select_one(".marginalia-article-read-first"))
        == "Read first: One"
    )


def test_one_page_of_all_documents_has_the_header_of_each(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, "singlehtml", **CONFIG)
    lines = main(built).select(
        ".marginalia-article-description, .marginalia-article-read-first, .marginalia-article-next"
    )
    assert [words(line) for line in lines] == [
        "About Stars.",
        "Next: Parallax",
        "About Parallax.",
        "Read first: Stars",
        "Next: Galaxies",
        "About Galaxies.",
        "Read first: Parallax",
    ]


# Reading time


def amounts(text: str, folder: Path, **config: Any) -> str:
    built = build({"index.md": article("T", text, order=1)}, folder, **config)
    return words(header(built, "index").select_one(".marginalia-article-facts"))


def test_notes_and_code_are_counted_apart(tmp_path: Path) -> None:
    text = "word " * 231 + "{sidenote}`A note.`\n\n```python\na = 1\nb = 2\n```\n"
    assert amounts(text, tmp_path) == "2 min read · 1 min of notes · 2 lines of code"


def test_what_is_counted_is_what_is_read(tmp_path: Path) -> None:
    text = (
        "One two{sidenote}`Three four.`{marginnote}`Five.`\n\n% a comment\n\n"
        "```\none line\n```\n\n```{raw} html\n<p>no word</p>\n```\n"
    )
    built = build({"index.md": article("T", text, order=1)}, tmp_path)
    found = built.app.env.domains["marginalia-articles"].article("index")
    assert (found.words, found.note_words, found.code_lines) == (3, 3, 1)


def test_doctests_are_code(tmp_path: Path) -> None:
    text = ":title: T\n:description: D.\n:order: 1\n\nT\n=\n\n>>> 1 + 1\n2\n"
    built = build({"index.rst": text}, tmp_path)
    facts = header(built, "index").select_one(".marginalia-article-facts")
    assert words(facts) == "1 min read · 2 lines of code"


@pytest.mark.parametrize(("count", "expected"), [(0, 1), (1, 1), (230, 1), (231, 2), (2300, 10)])
def test_a_minute_that_is_begun_counts(count: int, expected: int) -> None:
    assert minutes(count, 230) == expected


def test_how_fast_a_reader_reads_can_be_said(tmp_path: Path) -> None:
    assert amounts("word " * 99, tmp_path, articles_words_per_minute=10) == "10 min read"


def test_nobody_reads_no_words_a_minute(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path, articles_words_per_minute=0)
    assert built.warnings == (
        "WARNING: articles_words_per_minute = 0 in conf.py must be 1 or more; 230 is used "
        "[marginalia.option_value]\n"
    )


# The head of the page


def tags(built: Built, docname: str = "index") -> dict[str, list[str]]:
    """Return the contents of each meta tag by its name."""
    found: dict[str, list[str]] = {}
    for tag in BeautifulSoup(built.page(docname), "html.parser").select("head meta"):
        name = tag.get("name") or tag.get("property")
        if name and name.removeprefix("og:") in {"description", "title", "type"}:
            found.setdefault(name, []).append(tag["content"])
    return found


OPENGRAPH = {
    "extensions": (*EXTENSIONS, "sphinxext.opengraph"),
    "ogp_site_url": "https://example.org/",
    "ogp_enable_meta_description": True,
    "ogp_social_cards": {"enable": False},
}


@pytest.mark.parametrize("config", [{}, OPENGRAPH], ids=["alone", "with opengraph"])
def test_the_description_is_in_the_head_once(config: dict[str, Any], tmp_path: Path) -> None:
    text = article("A & *b*", order=1, description='Say "a" & <b>.')
    expected = {
        "description": ['Say "a" & <b>.'],
        "og:title": ["A & b"],
        "og:description": ['Say "a" & <b>.'],
    }
    found = tags(build({"index.md": text}, tmp_path, **config))
    assert {name: found[name] for name in expected} == expected
    assert len(found["og:type"]) == 1


@pytest.mark.parametrize("config", [{}, OPENGRAPH], ids=["alone", "with opengraph"])
def test_a_description_that_the_author_wrote_for_the_head_stays_alone(
    config: dict[str, Any], tmp_path: Path
) -> None:
    written = 'html_meta: {"description": "My own."}'
    text = article("T", order=1).replace("order: 1", f"order: 1\n{written}")
    found = tags(build({"index.md": text}, tmp_path, **config))
    assert found["description"] == ["My own."]
    assert found["og:description"] == ["About T."]


def test_a_page_that_is_no_article_has_its_description_too(tmp_path: Path) -> None:
    files = {
        "index.md": "---\ndescription: The start.\n---\n" + index("list", "article"),
        "list.md": "---\ndescription: [a, b]\n---\n# List\n",
        "article.md": article("T", order=1, description=["a"]),
    }
    built = build(files, tmp_path)
    assert tags(built)["description"] == ["The start."]
    assert "description" not in tags(built, "list")
    assert "description" not in tags(built, "article")


# Next


def test_the_end_of_an_article_links_the_next_across_blocks(site: Built) -> None:
    ends = {name: main(site, name).select_one("nav") for name in ("stars", "parallax", "galaxies")}
    shown = {name: (words(end), end.a["href"]) for name, end in ends.items() if end}
    assert shown == {
        "stars": ("Next: Parallax", "parallax.html"),
        "parallax": ("Next: Galaxies", "galaxies.html"),
    }
    assert ends["stars"]["aria-label"] == "Next article"
    assert ends["stars"].find_next_sibling() is None


def test_the_next_is_left_out_where_the_project_says_so(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, articles_next=False, **CONFIG)
    assert main(built, "stars").select(".marginalia-article-next") == []


def test_the_header_is_translated_with_the_page(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, language="de", **CONFIG)
    assert [words(line) for line in header(built, "parallax").select("p")][1:] == [
        "Aufbau · distances · 1 Min. Lesezeit · aktualisiert 2026-11-01",
        "Zuerst lesen: Stars",
    ]


@pytest.mark.parametrize("config", [{}, OPENGRAPH], ids=["alone", "with opengraph"])
def test_a_translated_description_is_in_the_head_and_for_programs_too(
    config: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "source" / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = read_po(io.BytesIO('msgid "About Stars."\nmsgstr "Über Sterne."\n'.encode()))
    with (folder / "stars.mo").open("wb") as target:
        write_mo(target, catalogue)
    built = build(COURSE, tmp_path, language="de", locale_dirs=["locale"], **CONFIG, **config)
    assert words(header(built, "stars").p) == "Über Sterne."
    found = tags(built, "stars")
    assert (found["description"], found["og:description"]) == (["Über Sterne."], ["Über Sterne."])
    descriptions = [
        each["description"] for each in json.loads(built.read("curriculum.json"))["articles"]
    ]
    assert descriptions == ["Über Sterne.", "About Parallax.", "About Galaxies."]


def test_the_description_is_given_to_translators(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, "gettext", **CONFIG)
    pot = built.read("stars.pot")
    assert '#: ../source/stars.md:3\nmsgid "About Stars."' in pot.replace("../../", "../")


def test_a_header_is_a_part_of_the_doctree(site: Built) -> None:
    paragraph = site.doctree("stars").next_node(nodes.paragraph)
    assert paragraph.astext() == "About Stars."
    assert paragraph.line == 3


def test_articles_alone_style_the_labels_of_their_lines(tmp_path: Path) -> None:
    built = build(
        COURSE, tmp_path, extensions=["myst_parser", "sphinx_marginalia.articles"], **CONFIG
    )
    style = built.read("_static/marginalia-articles.css")
    labels = main(built, "parallax").select(".marginalia-article-label")
    assert [words(label) for label in labels] == ["Read first:", "Next:"]
    assert re.search(
        r"\.marginalia-article-label,\n\.marginalia-term-label \{\n  font-style", style
    )
    written = set(
        re.findall(r'class="[^"]*?marginalia-([a-z]+)', built.page("path") + built.page("terms"))
    )
    assert written <= {"article", "path", "term"}
