"""The tables of claims."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.ledger.claims import BOOK, CONFIG, ODD, book
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag


def table(folder: Path, options: str = "", directive: str = "claim-table", **kwargs: Any) -> Tag:
    """Return the table that a directive makes."""
    lines = f":::{{{directive}}}\n{options}\n:::" if options else f":::{{{directive}}}\n:::"
    built = book(folder, pages={"list.md": f"# List\n\n{lines}\n"}, **kwargs)
    assert built.warnings == ""
    found = main(built, "list").find("table")
    assert found is not None
    return found  # type: ignore[return-value]


def names(found: Tag) -> list[str]:
    """Return the names of the claims in a table."""
    return [words(row.find("a")) for row in found.select("tbody tr")]


def test_a_table_shows_every_claim_with_its_works(tmp_path: Path) -> None:
    rows = [
        [words(cell) for cell in row.select("td")] for row in table(tmp_path).select("tbody tr")
    ]
    assert rows == [
        ["Near stars The distance of a near star (Bessel 1838) can be measured. "
         "Would change: a star without a parallax",
         "✓ supported 2026-11-20", "deployed systems capability", "Bessel 1838; Gaia 2016"],
        ["Far stars The distance of a far one cannot: see Other.",
         "± contested 2025-01-31", "toy models limitation", "Bessel 1838 Against: Gaia 2016"],
        ["Odd stars Some stars are odd.", "? not established", "position", ""],
    ]  # fmt: skip


def test_links_in_a_table_lead_on_from_its_page(tmp_path: Path) -> None:
    links = [link["href"] for link in table(tmp_path).select("a.internal")]
    assert "near.html#claim-near-stars" in links
    assert "sub/other.html" in links


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (":kind: capability", ["Near stars"]),
        (":kind: capability, position", ["Near stars", "Odd stars"]),
        (":verdict: contested", ["Far stars"]),
        (":scale: toy deployed", ["Near stars", "Far stars"]),
        (":cites: gaia2016", ["Near stars", "Far stars"]),
        (":cites: gaia2016\n:verdict: supported", ["Near stars"]),
        (":sort: scale", ["Far stars", "Near stars", "Odd stars"]),
        (":sort: reviewed", ["Odd stars", "Far stars", "Near stars"]),
        (":sort: id", ["Far stars", "Near stars", "Odd stars"]),
        (":sort: kind", ["Near stars", "Far stars", "Odd stars"]),
        (":sort: verdict", ["Near stars", "Far stars", "Odd stars"]),
    ],
)
def test_options_choose_and_sort(options: str, expected: list[str], tmp_path: Path) -> None:
    assert names(table(tmp_path, options)) == expected


def test_a_wrong_filter_is_reported(tmp_path: Path) -> None:
    files = {**BOOK, "list.md": "# List\n\n:::{claim-table}\n:kind: capabilty, position\n:::\n"}
    built = build(files, tmp_path, **CONFIG)
    assert (
        "list.md:4: WARNING: unknown kind 'capabilty'; did you mean 'capability'?" in built.warnings
    )
    assert "Odd stars" in built.page("list")


def test_a_table_without_claims_is_reported(tmp_path: Path) -> None:
    files = {**BOOK, "list.md": "# List\n\n:::{claim-table}\n:scale: small\n:::\n"}
    assert (
        "list.md:3: WARNING: the table of claims is empty"
        in build(files, tmp_path, **CONFIG).warnings
    )


def test_a_matrix_has_a_row_for_each_claim_and_a_column_for_each_scale(tmp_path: Path) -> None:
    found = table(tmp_path, directive="claim-matrix")
    head = [words(cell) for cell in found.select("thead th")]
    assert head[0] == "Claim"
    assert head[-1] == "no scale"
    rows = {
        words(row.th): {
            head[n]: words(cell) for n, cell in enumerate(row.select("td"), 1) if words(cell)
        }
        for row in found.select("tbody tr")
    }
    assert rows == {
        "Far stars": {"toy models": "± contested"},
        "Near stars": {"deployed systems": "✓ supported"},
        "Odd stars": {"no scale": "? not established"},
    }


def test_a_matrix_of_kinds_counts(tmp_path: Path) -> None:
    twin = BOOK["near.md"].replace("near-stars", "near-twins")
    pages = {
        "list.md": "# List\n\n:::{claim-matrix}\n:rows: kinds\n:::\n",
        "twin.md": f"---\norphan: true\n---\n\n{twin}",
    }
    found = main(book(tmp_path, pages=pages), "list").find("table")
    assert found is not None
    first = found.select_one("tbody tr")  # type: ignore[union-attr]
    assert words(first) == "capability ✓✓ 2 supported"


@pytest.mark.parametrize("builder", ["html", "epub"])
def test_no_style_is_in_the_page_which_a_site_may_forbid(builder: str, tmp_path: Path) -> None:
    quiet = {"version": "1", "copyright": "2026", "epub_show_urls": "no"}
    pages = {"list.md": "# L\n\n:::{claim-table}\n:::\n\n:::{claim-matrix}\n:::\n"}
    assert "style=" not in str(main(book(tmp_path, builder, pages=pages, **quiet), "list"))


def test_a_table_with_a_caption_is_numbered(tmp_path: Path) -> None:
    pages = {"near.md": f"{BOOK['near.md']}\nSee {{numref}}`all`.\n"}
    built = book(tmp_path, pages=pages, numfig=True)
    assert built.warnings == ""
    assert "See Table 1." in words(main(built, "near"))
    caption = main(built, "list").select_one("#all caption")
    assert words(caption).startswith("Table 1 All claims")


def test_in_a_pdf_and_in_one_page_links_lead_to_the_claims(tmp_path: Path) -> None:
    here = {
        "index.md": f"{BOOK['index.md']}\n{BOOK['near.md'].partition(chr(10))[2]}",
        "near.md": "# Near\n",
    }
    tex = book(tmp_path, "latex", pages=here).read("*.tex")
    assert r"\label{\detokenize{index:claim-near-stars}}" in tex
    assert tex.count(r"\hyperref[\detokenize{index:claim-near-stars}]") == 2
    single = book(tmp_path, "singlehtml")
    links = main(single).select('a[href$="#claim-near-stars"]')
    assert [link["href"] for link in links] == ["#claim-near-stars"] * 2


def test_the_filter_is_hidden_without_a_script(tmp_path: Path) -> None:
    form = main(book(tmp_path), "list").select_one("form")
    assert form is not None
    assert form.has_attr("hidden")
    legends = [words(legend) for legend in form.select("legend")]
    assert legends == ["Kind", "Verdict", "Scale"]
    quiet = {"version": "1", "copyright": "2026", "epub_show_urls": "no"}
    assert "<form" not in book(tmp_path, "epub", **quiet).read("list.xhtml")


def test_every_class_begins_with_the_name_of_a_claim_or_of_the_ledger(tmp_path: Path) -> None:
    pages = {"list.md": "# L\n\n:::{claim-table}\n:::\n\n:::{claim-matrix}\n:::\n"}
    pages["near.md"] = BOOK["near.md"].replace("{sidenote}", "{math}")
    extensions = ("myst_parser", "sphinx_marginalia.ledger")
    pages["near.md"] = pages["near.md"].replace("{cite:p}`bessel1838` ", "")
    built = book(tmp_path, pages=pages, extensions=extensions)
    classes = {
        name
        for page in ("near", "list")
        for tag in main(built, page).select("[class]")
        for name in tag["class"]
        if name.startswith("marginalia-")
    }
    assert {"marginalia-claim-facts", "marginalia-ledger-filters"} <= classes
    owned = ("marginalia-claim", "marginalia-ledger")
    assert [name for name in sorted(classes) if not name.startswith(owned)] == []
    style = (built.out / "_static" / "marginalia-ledger.css").read_text(encoding="utf-8")
    hooks = tuple(f"marginalia-claim-{kind}-" for kind in ("fact", "kind", "scale", "verdict"))
    plain = [name for name in sorted(classes) if name not in style]
    assert [name for name in plain if not name.startswith(hooks)] == []


def test_a_table_shows_the_title_of_a_claim_that_has_one(tmp_path: Path) -> None:
    near = BOOK["near.md"].replace("{claim} near-stars", "{claim} near-stars\n:title: NEAR stars")
    pages = {"near.md": near, "list.md": "# List\n\n:::{claim-table}\n:::\n"}
    found = main(book(tmp_path, pages=pages), "list").select("tbody tr")
    assert words(found[0].select_one("a")) == "NEAR stars"


def test_claims_of_a_group_are_below_a_row_that_counts_them(tmp_path: Path) -> None:
    rows = table(tmp_path, ":group: verdict\n:sort: id").select("tbody tr")
    first = [words(row.select_one("strong")) for row in rows]
    assert first == [
        "✓ supported (1)",
        "Near stars",
        "± contested (1)",
        "Far stars",
        "? not established (1)",
        "Odd stars",
    ]
    assert [cell["colspan"] for cell in rows[0].select("td")] == ["4"]


def form(folder: Path, options: str = "") -> Tag:
    """Return the form above the table that the options make."""
    found = table(folder, options).find_previous("form")
    assert found is not None
    return found  # type: ignore[return-value]


def test_the_form_lists_what_readers_can_sort_and_group_by(tmp_path: Path) -> None:
    labels = form(tmp_path, ":sort: id\n:group: verdict").select("label[data-options]")
    offered = {
        words(label): [name for name, _words in json.loads(str(label["data-options"]))]
        for label in labels
    }
    assert offered == {
        "Sort by": ["order", "id", "verdict", "scale", "kind", "page", "latest", "reviewed"],
        "Group by": ["", "verdict", "scale", "kind", "page"],
    }
    # What the author has chosen is chosen in the form, too.
    assert [label["data-value"] for label in labels] == ["id", "verdict"]


def test_the_form_has_the_facts_of_each_row_for_the_script(tmp_path: Path) -> None:
    facts = json.loads(str(form(tmp_path, ":sort: id")["data-facts"]))
    far, near, odd = facts["claims"]
    assert [each["order"] for each in (near, far, odd)] == [0, 1, 2]
    assert [each["reviewed"] for each in (near, far, odd)] == ["2026-11-20", "2025-01-31", ""]
    groups = facts["groups"]
    assert [groups["page"][each["page"]] for each in (near, far, odd)] == ["Near", "Far", "Far"]
    assert groups["verdict"][far["verdict"]] == "± contested"
    assert groups["scale"][odd["scale"]] == "Scale"  # it has none: the words of the static table


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_the_form_is_in_each_builder_of_web_pages(builder: str, tmp_path: Path) -> None:
    found = main(book(tmp_path, builder), "list").select_one("form[data-facts]")
    assert found is not None


ONLY = f"""\
# Far

```{{only}} latex
{ODD.replace("odd-", "paper-").replace("odd", "printed")}
As {{claim}}`paper-stars` says.
```

{ODD}

:::{{claim-table}}
:::
"""


@pytest.mark.parametrize(
    ("builder", "name", "number"), [("html", "index.html", 0), ("latex", "*.tex", 2)]
)
def test_a_claim_for_another_builder_is_in_no_table(
    builder: str, name: str, number: int, tmp_path: Path
) -> None:
    extensions = ("myst_parser", "sphinx_marginalia")
    built = build({"index.md": ONLY}, tmp_path, builder, extensions=extensions)
    assert built.warnings == ""
    assert built.read(name).count("stars are printed") == number
    if builder == "html":
        claims = json.loads(built.read("claims.json"))["claims"]
        assert [one["id"] for one in claims] == ["odd-stars"]
