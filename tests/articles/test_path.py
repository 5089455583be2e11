"""The learning path: where things go, as a figure and as a list, and what is linked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_marginalia.articles import latex
from sphinx_marginalia.articles.curriculum import Block, Curriculum, ordered
from sphinx_marginalia.articles.figure import WIDTH, figure
from sphinx_marginalia.articles.frontmatter import Article
from sphinx_marginalia.testing import build
from tests.articles.course import CONFIG, COURSE, PATH, article, index
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

    from sphinx_marginalia.testing import Built

# Where things go


@st.composite
def curricula(draw: st.DrawFn) -> tuple[Curriculum, dict[str, str]]:
    """Invent a curriculum, which may have circles, and the titles of its articles."""
    names = [f"p{number}" for number in range(draw(st.integers(1, 20)))]
    articles = {
        name: Article(
            block=draw(st.sampled_from(["", "a", "b", "unknown"])),
            order=draw(st.none() | st.integers(1, 5)),
        )
        for name in names
    }
    blocks = [Block("a", "A"), Block("b", "B")]
    some = st.lists(st.sampled_from([*names, "no article"]), max_size=3, unique=True)
    needs = {name: draw(some) for name in names}
    titles = {name: draw(st.text(max_size=60)) for name in names}
    return Curriculum(blocks, ordered(articles, blocks), needs), titles


@settings(max_examples=50)
@given(curricula())
def test_no_two_cards_overlap_and_each_is_in_a_band(
    invented: tuple[Curriculum, dict[str, str]],
) -> None:
    course, titles = invented
    drawn = figure(course, titles, dict.fromkeys(titles, "note"))
    cards = drawn.cards
    assert sorted(card.docname for card in cards) == sorted(course.articles)
    for number, a in enumerate(cards):
        assert a.x >= 0
        assert a.x + a.width <= WIDTH
        assert any(b.y < a.y and a.y + a.height < b.y + b.height for b in drawn.bands)
        for b in cards[number + 1 :]:
            beside = a.x + a.width <= b.x or b.x + b.width <= a.x
            assert beside or a.y + a.height <= b.y or b.y + b.height <= a.y
    for above, below in zip(drawn.bands, drawn.bands[1:], strict=False):
        assert above.y + above.height < below.y
    assert drawn.bands[-1].y + drawn.bands[-1].height < drawn.height


def test_in_a_band_an_article_stands_below_what_it_needs() -> None:
    needs = {"a": [], "b": ["a"], "c": ["a", "b"], "d": []}
    found = Curriculum([], {name: Article() for name in needs}, needs)
    drawn = figure(found, {name: name for name in needs}, dict.fromkeys(needs, ""))
    tops = {card.docname: card.y for card in drawn.cards}
    assert tops["a"] == tops["d"] < tops["b"] < tops["c"]
    assert len(drawn.arrows) == 3
    assert all(arrow[0][1] < arrow[-1][1] for arrow in drawn.arrows)


@settings(max_examples=50)
@given(curricula())
def test_no_arrow_runs_behind_a_card(invented: tuple[Curriculum, dict[str, str]]) -> None:
    found, titles = invented
    drawn = figure(found, titles, dict.fromkeys(titles, "note"))
    for arrow in drawn.arrows:
        for (x1, y1), (x2, y2) in pairwise(arrow):
            # One back up, in a circle of prerequisites, takes the short way. Another is upright
            # where cards are, and crosses over where there are none.
            crossed = [c for c in drawn.cards if y1 < c.y + c.height and c.y < y2]
            assert not crossed or x1 == x2
            assert all(not c.x <= x1 <= c.x + c.width for c in crossed)


# In a page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(COURSE, tmp_path_factory.mktemp("site"), **CONFIG)


def path(built: Built, docname: str = "path") -> Tag:
    found = main(built, docname).select_one(".marginalia-path")
    assert found is not None
    return found


def test_the_figure_links_every_article_and_says_what_it_is(site: Built) -> None:
    svg = path(site).svg
    cards = [(card["href"], words(card.select_one("text"))) for card in svg.select("a")]
    assert cards == [
        ("stars.html", "Stars"),
        ("parallax.html", "Parallax"),
        ("galaxies.html", "Galaxies"),
    ]
    assert [words(text) for text in svg.select(".marginalia-path-block")] == [
        "First steps",
        "Later on",
    ]
    assert words(svg.select_one(".marginalia-path-note")) == "beginner · 1 min read"
    assert len(svg.select(".marginalia-path-arrow")) == 2
    assert svg["aria-label"] == "Learning path"


def test_without_a_style_sheet_no_card_hides_its_words(site: Built) -> None:
    shapes = path(site).select("svg rect, .marginalia-path-arrow")
    assert {(shape["fill"], shape["stroke"]) for shape in shapes} == {("none", "currentColor")}
    assert {card["text-anchor"] for card in path(site).select("svg a")} == {"middle"}


def test_the_figure_is_well_formed(site: Built) -> None:
    assert ET.fromstring(str(path(site).svg)).tag.endswith("svg")


def test_a_search_finds_the_words_of_the_figure_apart(site: Built) -> None:
    index_of_words = (site.out / "searchindex.js").read_text(encoding="utf-8")
    assert "starsbeginn" not in index_of_words
    assert "stepsstar" not in index_of_words


def test_the_list_says_the_same_in_order(site: Built) -> None:
    found = path(site).select_one(".marginalia-path-list")
    assert words(found) == (
        "First steps Stars (beginner · 1 min read) Parallax (intermediate · 1 min read) "
        "Later on Galaxies (advanced · 1 min read)"
    )
    assert [listed.get("start") for listed in found.select("ol")] == [None, "3"]
    assert [link["href"] for link in found.select("a")] == [
        "stars.html",
        "parallax.html",
        "galaxies.html",
    ]


ADDRESSES = {
    "dirhtml": ("path", "../stars/"),
    "singlehtml": ("index", "#document-stars"),
    "epub": ("path", "stars.xhtml"),
}


@pytest.mark.parametrize("builder", ADDRESSES)
def test_the_links_are_those_of_the_builder(builder: str, tmp_path: Path) -> None:
    docname, address = ADDRESSES[builder]
    built = build(COURSE, tmp_path, builder, version="1", copyright="A", **CONFIG)
    page = BeautifulSoup(
        built.read("index.html") if builder == "singlehtml" else built.page(docname), "html.parser"
    )
    drawn = page.select_one(".marginalia-path svg a")
    listed = page.select_one(".marginalia-path-list a")
    assert built.warnings == ""
    assert (drawn["href"], listed["href"]) == (address, address)


def test_an_epub_says_which_page_has_a_drawing(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, "epub", version="1", copyright="A", **CONFIG)
    items = ET.fromstring(built.read("content.opf")).iter("{http://www.idpf.org/2007/opf}item")
    assert [item.get("href") for item in items if item.get("properties") == "svg"] == ["path.xhtml"]


@pytest.mark.parametrize("builder", ["text", "man", "texinfo", "xml"])
def test_elsewhere_there_is_the_list(builder: str, tmp_path: Path) -> None:
    config = {
        "man_pages": [("path", "test", "Test", ["Author"], 1)],
        "texinfo_documents": [("index", "test", "T", "A", "test", "T", "E")],
    }
    built = build(COURSE, tmp_path, builder, **config, **CONFIG)
    pattern = {"man": "test.1", "texinfo": "test.texi"}.get(builder)
    text = built.read(pattern) if pattern else built.page("path")
    assert built.warnings == ""
    assert "First steps" in text
    assert "svg" not in text
    assert "tikz" not in text


def test_an_article_alone_is_no_figure(tmp_path: Path) -> None:
    built = build({"index.md": article("T", PATH.partition("\n\n")[2], order=1)}, tmp_path)
    assert path(built, "index").svg is None
    assert words(path(built, "index").select_one("li")) == "T (1 min read)"


def test_what_is_in_no_block_comes_last_and_is_followed_by_nothing(tmp_path: Path) -> None:
    files = {**COURSE, "a.md": article("A", orphan=True, difficulty="beginner")}
    built = build(files, tmp_path, **CONFIG)
    assert words(path(built)).endswith("Further articles A (beginner · 1 min read)")
    assert main(built, "galaxies").select(".marginalia-article-next") == []


def test_a_circle_is_drawn_too(tmp_path: Path) -> None:
    files = {
        "index.md": index("a", "b", body=PATH),
        "a.md": article("A", prerequisites=["b"]),
        "b.md": article("B", prerequisites=["a", "b"]),
    }
    built = build(files, tmp_path, suppress_warnings=["marginalia.cyclic_prerequisite"])
    assert built.warnings == ""
    assert len(path(built, "index").select(".marginalia-path-arrow")) == 2


def test_too_many_articles_are_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sphinx_marginalia.articles.path.MOST", 2)
    built = build(COURSE, tmp_path, **CONFIG)
    assert path(built).svg is None
    assert len(path(built).select("li")) == 3


def test_a_course_without_articles_has_no_path_and_says_so(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n\n:::{learning-path}\n:::\n"}, tmp_path)
    assert built.warnings.endswith(
        "index.md:3: WARNING: the learning path is empty: no page is an article "
        "[marginalia.empty_list]\n"
    )
    assert main(built).select(".marginalia-path") == []


# In a PDF


def test_the_figure_of_a_pdf_links_every_article_and_follows_the_width_of_the_text(
    tmp_path: Path,
) -> None:
    built = build(COURSE, tmp_path, "latex", **CONFIG)
    tex = built.read("*.tex")
    drawn = tex[tex.index(r"\begin{tikzpicture}") : tex.index(r"\end{tikzpicture}")]
    assert built.warnings == ""
    assert [name for name in ("stars", "parallax", "galaxies") if name not in drawn] == []
    assert drawn.count(r"\hyperref[{\detokenize{") == 3
    for name in ("stars", "parallax", "galaxies"):
        assert rf"\label{{\detokenize{{{name}::doc}}}}" in tex
    assert r"\linewidth" in tex.partition(r"\begin{tikzpicture}")[0]
    assert "First steps" in tex.partition(r"\end{tikzpicture}")[2]


def test_what_is_not_in_the_pdf_is_drawn_without_a_link(tmp_path: Path) -> None:
    files = {**COURSE, "else.md": article("Elsewhere", orphan=True, order=2, block="later")}
    tex = build(files, tmp_path, "latex", **CONFIG).read("*.tex")
    drawn = tex[tex.index(r"\begin{tikzpicture}") : tex.index(r"\end{tikzpicture}")]
    assert "Elsewhere" in drawn
    assert "else::doc" not in tex


def test_a_figure_too_high_for_a_page_is_left_to_the_list(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(20)]
    files = {
        f"{name}.md": article(name, prerequisites=names[place - 1 : place])
        for place, name in enumerate(names)
    }
    built = build({"index.md": index(*names, body=PATH), **files}, tmp_path, "latex")
    assert "tikzpicture" not in built.read("*.tex")
    assert built.read("*.tex").count(r"\item") >= len(names)


def test_a_figure_that_is_drawn_can_be_read() -> None:
    flat = Curriculum([], {name: Article() for name in "abc"}, {})
    high = Curriculum([], {str(n): Article() for n in range(90)}, {})
    for found, fits in ((flat, True), (high, False)):
        titles = dict.fromkeys(found.articles, "Title")
        assert bool(latex.draw(figure(found, titles, titles), set())) is fits


# Reading times elsewhere


def test_a_page_says_how_long_an_article_and_a_block_take(tmp_path: Path) -> None:
    long = {
        f"{name}.md": COURSE[f"{name}.md"] + "\n\n" + "word " * 460
        for name in ("stars", "parallax")
    }
    times = "# Times\n\n{reading-time}`stars`, {reading-time}`first`\n"
    built = build({**COURSE, **long, "plain.md": times}, tmp_path, **CONFIG)
    assert "3 min read, 5 min read" in " ".join(main(built, "plain").get_text().split())


def test_a_reading_time_of_nothing_is_reported_with_what_was_meant(tmp_path: Path) -> None:
    built = build({**COURSE, "plain.md": "# Times\n\n{reading-time}`strs`\n"}, tmp_path, **CONFIG)
    assert (
        "plain.md:3: WARNING: no reading time for 'strs'; did you mean 'stars'?" in built.warnings
    )
