"""Pictures have their size, and those further down are loaded lazily."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag

from sphinx_marginalia.large_sites.sizes import fitted_size
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}"><circle r="2"/></svg>'
EXTENSIONS = ("myst_parser", "sphinx_marginalia.large_sites")
LONG = "A sentence of words that a reader meets before there is a picture.\n\n" * 100


def pictures(tmp_path: Path, text: str, builder: str = "html", **config: object) -> list[Tag]:
    """Build a page of *text* and return its pictures."""
    files = {
        "index.md": f"# T\n\n{text}",
        "dot.svg": DRAWING.format(560, 420),
        "plain.svg": DRAWING.format("100%", "100%"),
    }
    built = build(files, tmp_path, builder, extensions=EXTENSIONS, **config)
    assert "WARNING: image file not readable" not in built.warnings
    page = next(file for file in built.out.rglob("index.*html"))
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("img")


#: Where docutils before 0.22 writes a length in pixels; newer ones write an attribute.
DECLARED = re.compile(r"(width|height): (\d+)(?:\.0)?px;\s*")


def size(picture: Tag) -> tuple[object, object]:
    declared = dict(DECLARED.findall(str(picture.get("style", ""))))
    width, height = (picture.get(side) or declared.get(side) for side in ("width", "height"))
    return width, height


def style_of(picture: Tag) -> str:
    return DECLARED.sub("", str(picture.get("style", "")))


@pytest.mark.parametrize(
    "text",
    [
        "![A dot](dot.svg)",
        "![A dot](dot.*)",
        "```{image} dot.svg\n:alt: A dot\n```",
        "```{figure} dot.svg\n:alt: A dot\n\nA caption.\n```",
    ],
)
def test_a_picture_has_the_size_of_its_file_and_no_link_to_itself(
    tmp_path: Path, text: str
) -> None:
    (picture,) = pictures(tmp_path, text)
    assert size(picture) == ("560", "420")
    assert "marginalia-picture" in (picture.get("class") or ())
    assert picture.find_parent("a") is None
    assert style_of(picture) == ""


@pytest.mark.parametrize(
    ("wanted", "expected", "style"),
    [
        (":width: 280px", ("280", "210"), ""),
        (":height: 210", ("280", "210"), ""),
        (":scale: 50", ("280", "210"), ""),
        (":width: 30\n:height: 40", ("30", "40"), ""),
        (":width: 50%", (None, None), "width: 50%;"),
        (":width: 20em", (None, None), "width: 20em;"),
    ],
)
def test_the_options_of_an_author_are_completed_or_left_alone(
    tmp_path: Path, wanted: str, expected: tuple[str, str], style: str
) -> None:
    (picture,) = pictures(tmp_path, f"```{{image}} dot.svg\n{wanted}\n```")
    assert size(picture) == expected
    assert style_of(picture) == style
    assert picture.find_parent("a") is not None  # as without this extension


def test_a_picture_on_the_first_screen_is_loaded_at_once_and_one_further_down_lazily(
    tmp_path: Path,
) -> None:
    first, last = pictures(tmp_path, f"![A](dot.svg)\n\n{LONG}![B](dot.svg)")
    assert first.get("loading") is None
    assert last.get("loading") == "lazy"


def test_of_many_pictures_those_further_down_are_lazy(tmp_path: Path) -> None:
    loading = [each.get("loading") for each in pictures(tmp_path, "![A](dot.svg)\n\n" * 9)]
    assert loading[0] is None
    assert loading[-1] == "lazy"
    assert loading == sorted(loading, key=lambda each: each == "lazy")


def test_an_author_decides_when_a_picture_is_loaded(tmp_path: Path) -> None:
    text = f"```{{image}} dot.svg\n:loading: lazy\n```\n\n{LONG}```{{image}} dot.svg\n:loading: link\n```"
    assert [each.get("loading") for each in pictures(tmp_path, text)] == ["lazy", None]


@pytest.mark.parametrize("text", ["![A](plain.svg)", "![A](https://example.org/a.png)"])
def test_a_picture_of_unknown_size_is_left_alone(tmp_path: Path, text: str) -> None:
    (picture,) = pictures(tmp_path, text)
    assert size(picture) == (None, None)


def test_without_the_option_pictures_are_as_sphinx_makes_them(tmp_path: Path) -> None:
    text = f"![A](dot.svg)\n\n{LONG}![B](dot.svg)"
    first, last = pictures(tmp_path, text, large_sites_picture_sizes=False)
    assert size(first) == size(last) == (None, None)
    assert last.get("loading") is None
    assert "marginalia-picture" not in (first.get("class") or ())


def test_the_style_sheet_is_on_pages_with_pictures_only(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\n![A](dot.svg)\n", "b.md": "# B\n", "dot.svg": DRAWING.format(8, 4)}
    built = build(files, tmp_path, extensions=EXTENSIONS)
    assert "marginalia-large-sites.css" in built.page("index")
    assert "marginalia-large-sites.css" not in built.page("b")


def test_in_an_epub_nothing_changes(tmp_path: Path) -> None:
    (picture,) = pictures(tmp_path, f"{LONG}![A](dot.svg)", builder="epub")
    assert size(picture) == (None, None)
    assert picture.get("loading") is None


@pytest.mark.parametrize(
    ("size", "width", "height", "expected"),
    [
        ((560, 420), None, None, (560, 420)),
        ((560, 420), "280", None, (280, 210)),
        ((560, 420), "280 px", None, (280, 210)),
        ((560, 420), None, "42px", (56, 42)),
        ((560, 420), "50%", None, None),
        ((560, 420), "1.5em", None, None),
        ((560, 420), "10", "10", None),
    ],
)
def test_a_size_in_pixels_is_completed(
    size: tuple[int, int], width: str | None, height: str | None, expected: tuple[int, int] | None
) -> None:
    assert fitted_size(size, width, height) == expected
