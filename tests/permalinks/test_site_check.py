"""Whether a built site keeps all that was promised."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia.core.diagnostics import Diagnostic
from sphinx_marginalia.permalinks import site_check
from sphinx_marginalia.permalinks.lock import Record
from sphinx_marginalia.permalinks.problems import BuiltSiteProblem as Problem

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = {
    "sae": Record("methods/sae#sae", "1", "SAEs", was=("old/page#sae",)),
    "zoom": Record("index#zoom", "1", "Zoom", successor="sae"),
    "lens": Record("index#lens", "1", "Lens", reason="It was wrong & is gone."),
}


def leading(href: str) -> str:
    return (
        f'<!doctype html><title>On</title><meta http-equiv="Refresh" content="0; url={escape(href)}">'
        f'<a href="#main">skip</a><p>Now at <a href="{escape(href)}">the section</a>.'
    )


SITE = {
    "objects.inv": "",
    "index.html": '<h1>Home</h1><span id="zoom"></span><span id="lens"></span>',
    "methods/sae.html": '<section ID="sae"><h1>SAEs &amp; more</h1></section>',
    "old/page.html": '<p id="sae">moved</p>',
    "s/sae.html": leading("../methods/sae.html#sae"),
    "s/zoom.html": leading("../methods/sae.html#sae"),
    "s/lens.html": "<title>Gone</title><p>It was wrong &amp;\n is gone.</p>",
}


def built(folder: Path, **changed: str | None) -> Path:
    for path, html in {**SITE, **changed}.items():
        if html is not None:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(html, "utf-8")
    return folder


def test_a_site_that_keeps_everything_has_no_problem(tmp_path: Path) -> None:
    assert site_check.check(built(tmp_path), RECORDS) == []


def test_a_site_of_folders_is_read_as_well(tmp_path: Path) -> None:
    folders = {
        path.replace(".html", "/index.html")
        if path not in ("index.html", "objects.inv")
        else path: (html.replace("../methods/sae.html#", "../../methods/sae/#"))
        for path, html in SITE.items()
    }
    old = dict.fromkeys(SITE.keys() - folders.keys())
    assert site_check.check(built(tmp_path, **old, **folders), RECORDS) == []


def test_short_pages_may_be_files_in_a_site_of_folders(tmp_path: Path) -> None:
    changed = {
        "methods/sae.html": None,
        "methods/sae/index.html": SITE["methods/sae.html"],
        "s/sae.html": leading("../methods/sae/#sae"),
        "s/zoom.html": leading("../methods/sae/index.html#sae"),
    }
    assert site_check.check(built(tmp_path, **changed), RECORDS) == []


@pytest.mark.parametrize(
    ("path", "html", "problem", "name", "words"),
    [
        ("methods/sae.html", "<h1 id='saes'>", Problem.ANCHOR_BUILT_PLACE, "sae", "did you mean 'saes'?"),
        ("methods/sae.html", "<!-- id=sae -->", Problem.ANCHOR_BUILT_PLACE, "sae", "has the id 'sae'"),
        ("old/page.html", None, Problem.ANCHOR_BUILT_PLACE, "sae", "the page is missing, and with it"),
        ("old/page.html", "<p id=other>", Problem.ANCHOR_BUILT_PLACE, "sae", "published for 'sae'"),
        ("index.html", "<p id=zoom>", Problem.ANCHOR_BUILT_PLACE, "lens", "has the id 'lens'"),
        ("s/zoom.html", None, Problem.ANCHOR_SHORT_PAGE, "zoom", "printed address leads nowhere"),
        ("s/zoom.html", "", Problem.ANCHOR_SHORT_PAGE, "zoom", "needs a meta refresh"),
        ("s/zoom.html", "<a href=../methods/sae.html#sae>x", Problem.ANCHOR_SHORT_PAGE, "zoom", "a meta refresh"),
        ("s/zoom.html", leading("x").partition("<a")[0], Problem.ANCHOR_SHORT_PAGE, "zoom", "a plain link"),
        ("s/zoom.html", leading("../index.html#zoom"), Problem.ANCHOR_SHORT_PAGE, "zoom", "not to 'methods/sae.html'"),
        ("s/zoom.html", leading("../methods/sae.html#zoom"), Problem.ANCHOR_SHORT_PAGE, "zoom", "has that id"),
        ("s/zoom.html", leading("../methods/sae.html"), Problem.ANCHOR_SHORT_PAGE, "zoom", "has that id"),
        ("s/zoom.html", leading("#zoom"), Problem.ANCHOR_SHORT_PAGE, "zoom", "and not to 'methods/sae.html'"),
        ("s/zoom.html", leading("../../methods/sae.html#sae"), Problem.ANCHOR_SHORT_PAGE, "zoom", "and not to"),
        ("s/zoom.html", leading("//e.org/methods/sae.html#sae"), Problem.ANCHOR_SHORT_PAGE, "zoom", "not to"),
        ("s/zoom.html", leading("https://e.org/"), Problem.ANCHOR_SHORT_PAGE, "zoom", "and not to"),
        ("s/zoom.html", leading("http://[e/"), Problem.ANCHOR_SHORT_PAGE, "zoom", "and not to"),
        ("s/lens.html", "<title>It was wrong & is gone.", Problem.ANCHOR_SHORT_PAGE, "lens", "does not say why"),
        ("s/lens.html", "<p>Gone.", Problem.ANCHOR_SHORT_PAGE, "lens", "does not say why"),
    ],
)  # fmt: skip
def test_what_is_lost_is_reported(
    tmp_path: Path, path: str, html: str | None, problem: Problem, name: str, words: str
) -> None:
    (first, *others) = site_check.check(built(tmp_path, **{path: html}), RECORDS)
    assert (first.problem, first.key, first.source) == (problem, name, path)
    assert words in first.message
    # A link to a section that is gone is told where it starts, too.
    assert {other.problem for other in others} <= {Problem.ANCHOR_SHORT_PAGE}


def test_a_page_that_is_missing_is_reported_once_with_all_its_names(tmp_path: Path) -> None:
    diagnostics = site_check.check(built(tmp_path, **{"index.html": None}), RECORDS)
    assert diagnostics == [
        Diagnostic(
            Problem.ANCHOR_BUILT_PLACE,
            "the page is missing, and with it what was published on it: lens, zoom",
            "lens",
            source="index.html",
        )
    ]


def test_a_name_that_leads_nowhere_in_the_lock_still_needs_words(tmp_path: Path) -> None:
    records = {"zoom": RECORDS["zoom"]._replace(successor="nobody")}
    folder = built(tmp_path, **{"s/zoom.html": "<p></p>"})
    assert [one.key for one in site_check.check(folder, records)] == ["zoom"]
    built(tmp_path, **{"s/zoom.html": "<p>Lost.</p>"})
    assert site_check.check(folder, records) == []


@pytest.mark.parametrize("docname", ["a b/数", "a.b"])
def test_odd_names_of_pages_are_found(tmp_path: Path, docname: str) -> None:
    records = {"x": Record(f"{docname}#x", "1", "X")}
    href = "../" + docname.replace(" ", "%20").replace("数", "%E6%95%B0") + ".html#x"
    folder = built(tmp_path, **{f"{docname}.html": "<p id=x>", "s/x.html": leading(href)})
    assert site_check.check(folder, records) == []


def test_a_folder_that_is_no_site_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    for folder, words in (
        (tmp_path, "not a site that Sphinx built"),
        (tmp_path / "no", "not a folder"),
    ):
        with pytest.raises(site_check.SiteError, match=words):
            site_check.check(folder, RECORDS)


def test_each_page_is_read_once_and_only_those_that_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"n{number}" for number in range(50)]
    everything = "".join(f"<p id={name}>" for name in names)
    changed = {f"s/{name}.html": leading(f"../index.html#{name}") for name in names}
    folder = built(tmp_path, **changed, **{"index.html": everything, "other.html": everything})
    read: list[str] = []
    real = site_check.Page
    monkeypatch.setattr(site_check, "Page", lambda html: read.append(html) or real(html))
    assert (
        site_check.check(folder, {name: Record(f"index#{name}", "1", "N") for name in names}) == []
    )
    assert len(read) == 51
    assert read.count(everything) == 1


def test_a_page_says_what_it_has_and_where_it_leads() -> None:
    html = """<head><title>No</title><meta http-equiv=refresh content="5;URL='a.html#b'"></head>
    <body id=top><script>"<p id=no>"</script><style>p{}</style><p id=a id=b>A &lt;<b>b</b>
    c</p><a href="x?a=1&amp;b=2#c">d</a><a name=old></a>"""
    page = site_check.Page(html)
    assert (page.ids, page.links) == ({"top", "a"}, {"x?a=1&b=2#c"})
    assert (page.refresh, page.text) == ("a.html#b", "A <b cd")
