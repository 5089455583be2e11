"""Works and citations in a style of the Citation Style Language."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from sphinxcontrib.bibtex.citation_target import CitationTarget

from sphinx_marginalia.testing import Built, build
from sphinx_marginalia.works import csl, rendering
from sphinx_marginalia.works.csl import Cluster, Renderer
from sphinx_marginalia.works.csl_styles import StyleError, find_style
from sphinx_marginalia.works.pandoc_nodes import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

EXTENSIONS = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"]
NOTES = "chicago-notes-bibliography"
WORKS = r"""
@article{deep, author={Ada, Jane and Bell, Bob}, title={A {GPT} at $O(n^2)$}, journal={Lakes},
  year=2020, volume=3, pages={1--9}}
@article{wide, author={Ada, Jane and Bell, Bob}, title={A Wide Look}, journal={Lakes}, year=2020}
@book{heron, author={van der Heron, Jan}, title={Autumn}, publisher={Reed}, date={1999-21}}
@misc{waters, author={{Open Waters, Inc.}}, title={A Page}, url={javascript:alert(1)}, year=2024}
@inproceedings{many, author={Cole, Cy and others}, title={Circuits}, booktitle={Ponds}, year=2021}
"""
INDEX = "# Book\n\n```{toctree}\npage\nworks\n```\n"
LIST = "# Works\n\n```{bibliography}\n```\n"


@pytest.fixture
def cite(tmp_path: Path) -> Callable[..., Built]:
    """Build a page with citations in a style."""

    def cited(
        page: str,
        style: str,
        builder: str = "text",
        files: dict[str, str] | None = None,
        **more: Any,
    ) -> Built:
        pages = {"index.md": INDEX, "page.md": page, "works.md": LIST, "works.bib": WORKS}
        return build(
            pages | (files or {}),
            tmp_path,
            builder,
            bibtex_bibfiles=["works.bib"],
            bibtex_default_style="marginalia",
            bibtex_reference_style="marginalia",
            works_style=style,
            **{"extensions": EXTENSIONS} | more,
        )

    return cited


def words(built: Built, page: str = "page") -> str:
    """Return a page as a reader sees it, in one line."""
    if built.app.builder.format == "html":
        html = BeautifulSoup((built.out / f"{page}.html").read_text(), "html.parser")
        return " ".join(html.select_one(".body").get_text().split())  # type: ignore[union-attr]
    return " ".join((built.out / f"{page}.txt").read_text().split())


def soup(built: Built, page: str = "page") -> BeautifulSoup:
    return BeautifulSoup((built.out / f"{page}.html").read_text(), "html.parser")


# In the text


@pytest.mark.parametrize(
    ("written", "apa", "ieee"),
    [
        ("{cite:p}`deep`", "(Ada & Bell, 2020a)", "[1]"),
        ("{cite:t}`deep`", "Ada & Bell (2020a)", "Ada and Bell [1]"),
        ("{cite:p}`{see}deep{p. 3}`", "(see Ada & Bell, 2020a, p. 3)", "see [1, p. 3]"),
        ("{cite:p}`heron,many`", "(Cole et al., 2021; van der Heron, 1999)", "[2], [3]"),
        ("{cite:alp}`heron`", "van der Heron, 1999", "[2]"),
        ("{cite:year}`deep`", "2020a", "2020"),
        ("{cite:author}`deep`", "Ada & Bell", "Ada and Bell"),
        ("{cite:t}`deep,heron`", "Ada & Bell (2020a), van der Heron (1999)",
         "Ada and Bell [1], van der Heron [2]"),
    ],
)  # fmt: skip
def test_each_role_cites_as_the_style_does(
    cite: Callable[..., Built], written: str, apa: str, ieee: str
) -> None:
    page = f"# Page\n\n{{cite:p}}`deep` {{cite:p}}`heron` {{cite:empty}}`wide`\n\nSo: {written}!\n"
    for style, expected in (("apa", apa), ("ieee", ieee)):
        built = cite(page, style)
        assert built.warnings == ""
        assert f"So: {expected}!" in words(built)


def test_a_citation_leads_to_its_entry_and_the_page_lists_it(cite: Callable[..., Built]) -> None:
    page = soup(cite("# Page\n\nSo {cite:p}`many`.\n", "apa", "html"))
    link = page.select_one(".bibtex-citation a")
    assert link is not None
    assert link["href"].startswith("works.html#")  # type: ignore[union-attr]
    works = page.select_one(".marginalia-works li")
    assert works is not None
    assert works.get_text() == "Cole, C. et al. (2021). Circuits. Ponds."


def test_a_title_that_another_page_shows_cites_in_the_style(cite: Callable[..., Built]) -> None:
    page = "(here)=\n# What {cite:t}`deep` asks\n\nText {cite:p}`wide`.\n"
    built = cite(page, "apa", "html", {"index.md": INDEX + "\nSee [](#here).\n"})
    assert "See What Ada & Bell (2020a) asks" in words(built, "index")


def test_an_unknown_key_is_reported_and_kept(cite: Callable[..., Built]) -> None:
    built = cite("# Page\n\nSo {cite:p}`deep,nobody`.\n", "apa")
    assert 'could not find bibtex key "nobody"' in built.warnings


def test_a_raised_number_stands_at_its_word_and_behind_the_point(
    cite: Callable[..., Built],
) -> None:
    page = "# On {cite:p}`deep`\n\nLakes {cite:p}`many`, as {cite:t}`heron` says {cite:p}`wide`.\n"
    text = words(cite(page, "nature"))
    assert "On ^1" in text
    assert "Lakes,^2 as van der Heron ^3 says.^4" in text


def test_the_kind_of_a_style_is_what_its_citations_show(
    cite: Callable[..., Built], tmp_path: Path
) -> None:
    apa = find_style("apa", tmp_path).file.read_text(encoding="utf-8")
    files = {"own.csl": apa.replace('citation-format="author-date"', 'citation-format="numeric"')}
    assert "Ada & Bell (2020)" in words(cite("# Page\n\n{cite:t}`deep`\n", "own.csl", files=files))
    ieee = find_style("ieee", tmp_path).file.read_text(encoding="utf-8")
    (tmp_path / "named.csl").write_text(ieee.replace('="numeric"', '="author-date"'))
    assert find_style("named.csl", tmp_path).kind == "numeric"


# The bibliography


def test_an_entry_names_its_authors_although_those_before_have_the_same(
    cite: Callable[..., Built],
) -> None:
    page = "# Page\n\n{cite:p}`deep` {cite:p}`wide`\n"
    built = cite(page, "modern-language-association", "html")
    listed = [one.get_text() for one in soup(built).select(".marginalia-works li")]
    assert [one.partition(".")[0] for one in listed] == ["Ada, Jane, and Bob Bell"] * 2


def test_the_list_of_a_page_has_the_numbers_of_its_citations(cite: Callable[..., Built]) -> None:
    built = cite("# Page\n\n{cite:p}`many` {cite:p}`heron`\n", "ieee", "html")
    listed = [one.get_text() for one in soup(built).select(".marginalia-works li")]
    assert [one.partition("]")[0] for one in listed] == ["[1", "[2"]


def test_titles_in_other_languages_keep_their_letters(cite: Callable[..., Built]) -> None:
    works = """
@book{a, author={Ada, Ann}, title={湖のGPT実験}, publisher={Reed}, year=2020}
@book{b, author={Bell, Bo}, title={Les lacs en hiver}, publisher={Reed}, year=2021, language={fra}}
@book{c, author={Cole, Cy}, title={The deep lakes}, publisher={Reed}, year=2022, language={eng}}
"""
    page = "# Page\n\n{cite:p}`a,b,c`\n"
    text = words(cite(page, "chicago-author-date", files={"works.bib": works}), "works")
    for title in ("湖のGPT実験", "Les lacs en hiver", "The Deep Lakes"):
        assert f"*{title}*" in text


def test_entries_have_the_form_and_the_order_of_the_style(cite: Callable[..., Built]) -> None:
    page = "# Page\n\n{cite:p}`many` {cite:p}`heron` {cite:p}`deep` {cite:p}`wide`\n"
    text = words(cite(page, "apa"), "works")
    entries = [
        "Ada, J., & Bell, B. (2020a). A GPT at O(n^2). *Lakes*, *3*, 1–9.",
        "Ada, J., & Bell, B. (2020b). A Wide Look. *Lakes*.",
        "Cole, C. et al. (2021). Circuits. *Ponds*.",
        "van der Heron, J. (1999). *Autumn*. Reed.",
    ]
    places = [text.find(entry) for entry in entries]
    assert places == sorted(places)
    assert min(places) > 0


def test_a_style_that_numbers_works_numbers_them_as_they_are_cited(
    cite: Callable[..., Built],
) -> None:
    page = "# Page\n\n{cite:p}`many` {cite:p}`heron`\n"
    html = soup(cite(page, "ieee", "html"), "works")
    entries = [" ".join(one.get_text().split()) for one in html.select("div.citation")]
    assert entries[0].startswith("[1] C. Cole et al., “Circuits,”")
    assert entries[1].startswith("[2] J. van der Heron, Autumn")


def test_formulas_stay_formulas(cite: Callable[..., Built]) -> None:
    for style in ("apa", NOTES):
        built = cite("# Page\n\nSo {cite:p}`deep`.\n", style, "html")
        assert soup(built, "works").select_one(".citation .math")
    assert soup(built).select_one(".marginalia-sidenote .math")


def test_an_address_that_could_run_a_script_is_no_link(cite: Callable[..., Built]) -> None:
    built = cite("# Page\n\nSo {cite:p}`waters`.\n", "apa", "html")
    assert "javascript:alert(1)" in words(built, "works")
    assert not soup(built, "works").select('a[href^="javascript"]')


def test_the_style_speaks_the_language_of_the_book(cite: Callable[..., Built]) -> None:
    built = cite("# Seite\n\n{cite:p}`many`\n", "ieee", language="de")
    assert "„Circuits“" in words(built, "works")


def test_in_a_pdf_citations_lead_to_entries(cite: Callable[..., Built]) -> None:
    built = cite("# Page\n\nSo {cite:t}`deep` & {cite:p}`many`.\n", "apa", "latex")
    tex = next(built.out.glob("*.tex")).read_text()
    target = re.search(r"\\hypertarget\{cite\.(works:[\w-]+)\}\{\}[^ ]* Ada, J\.", tex)
    assert target is not None
    assert rf"Ada \& Bell (\protect\hyperlink{{cite.{target[1]}}}{{2020}})" in tex


def test_in_a_pdf_entries_without_numbers_have_no_label_and_stay_where_they_are(
    cite: Callable[..., Built],
) -> None:
    listed = "# Works\n\n```{bibliography}\n```\n\nWords behind the works.\n"
    built = cite("# Page\n\nSo {cite:p}`many`.\n", "apa", "latex", {"works.md": listed})
    tex = next(built.out.glob("*.tex")).read_text()
    assert "bibitem" not in tex
    assert tex.index("Circuits") < tex.index("Cited in:") < tex.index("Words behind the works.")


def test_in_a_pdf_entries_with_numbers_are_numbered(cite: Callable[..., Built]) -> None:
    built = cite("# Page\n\nSo {cite:p}`many`.\n", "ieee", "latex")
    tex = next(built.out.glob("*.tex")).read_text()
    assert re.search(r"\\hypertarget\{cite\.works:[^ ]+ \{\[\}1\{\]\} C\. Cole", tex)


# Notes


def test_in_a_style_for_notes_each_citation_is_a_sidenote(cite: Callable[..., Built]) -> None:
    page = "# Page\n\nLakes are deep {cite:p}`deep`. Very {cite:p}`deep{p. 3}`, so.\n"
    html = soup(cite(page, NOTES, "html"))
    marks = [mark.parent.get_text() for mark in html.select("a.marginalia-note-mark")]  # type: ignore[union-attr]
    notes = [note.get_text().strip() for note in html.select(".marginalia-sidenote")]
    assert marks == ["1", "2"]
    assert notes == [
        "[1: Jane Ada and Bob Bell, “A GPT at \\(O(n^2)\\),” Lakes 3 (2020): 1–9.]",
        "[2: Ada and Bell, “A GPT at \\(O(n^2)\\),” 3.]",
    ]


def test_the_number_of_the_note_stands_at_its_word_and_behind_the_point(
    cite: Callable[..., Built],
) -> None:
    text = words(cite("# Page\n\nLakes are deep {cite:p}`heron`. Or {cite:p}`many` not.\n", NOTES))
    assert "Lakes are deep.[1] Or[2] not." in text


def test_each_page_begins_with_whole_references(cite: Callable[..., Built]) -> None:
    second = "# Second\n\nAgain {cite:p}`heron`.\n"
    files = {"second.md": second, "index.md": INDEX.replace("works\n", "second\nworks\n")}
    built = cite("# Page\n\nLakes {cite:p}`heron`.\n", NOTES, files=files)
    for page in ("page", "second"):
        assert "[1] Jan van der Heron, *Autumn* (Reed, 1999)." in words(built, page)


def test_who_is_named_in_the_text_is_named_there_and_cited_in_a_note(
    cite: Callable[..., Built],
) -> None:
    text = words(cite("# Page\n\nAs {cite:t}`heron` says.\n", NOTES))
    assert "As van der Heron[1] says. [1] Jan van der Heron, *Autumn*" in text


def test_names_in_a_style_for_notes_are_in_the_words_of_the_book(
    cite: Callable[..., Built],
) -> None:
    text = words(cite("# Seite\n\nVon {cite:author}`deep`.\n", NOTES, language="de"))
    assert "Von Ada und Bell." in text


def test_a_citation_in_a_note_or_a_title_stays_in_it(cite: Callable[..., Built]) -> None:
    page = "# As {cite:p}`many` says\n\nLakes.{sidenote}``See {cite:p}`heron`.``\n"
    text = words(cite(page, NOTES))
    assert text.startswith("As (Cole et al. 2021) says")
    assert "[1] See Jan van der Heron, *Autumn* (Reed, 1999)." in text
    assert "[2]" not in text


def test_without_the_feature_sidenotes_they_are_footnotes(cite: Callable[..., Built]) -> None:
    only_works = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia.works"]
    html = soup(cite("# Page\n\nSo {cite:p}`heron`.\n", NOTES, "html", extensions=only_works))
    note = html.select_one("aside.footnote")
    assert note is not None
    assert "Jan van der Heron" in note.get_text()


# Styles, and what brings them


def test_a_style_may_be_a_file_of_the_project(cite: Callable[..., Built], tmp_path: Path) -> None:
    style = Path(find_style("apa", tmp_path).file).read_text(encoding="utf-8")
    files = {"own.csl": style.replace('prefix="(" suffix=")"', 'prefix="⟨" suffix="⟩"')}
    assert "⟨Cole et al., 2021⟩" in words(
        cite("# Page\n\n{cite:p}`many`\n", "own.csl", files=files)
    )


def test_a_style_that_is_another_name_of_one_is_found_without_a_network(tmp_path: Path) -> None:
    dependent = tmp_path / "other.csl"
    dependent.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><link '
        'rel="independent-parent" href="http://www.zotero.org/styles/apa"/></info></style>'
    )
    assert find_style("other.csl", tmp_path).file.name == "apa.csl"


@pytest.mark.parametrize(
    ("style", "message"),
    [
        ("appa", "did you mean 'apa'"),
        ("own.csl", "there is no file own.csl beside conf.py"),
        ("broken.csl", "broken.csl is not valid XML"),
    ],
)
def test_a_style_that_cannot_be_used_is_reported_once(
    cite: Callable[..., Built], style: str, message: str
) -> None:
    built = cite("# Page\n\n{cite:p}`deep`\n", style, files={"broken.csl": "<style"})
    assert built.warnings.count("marginalia.style_unusable") == 1
    assert message in built.warnings
    assert "(Ada and Bell 2020)" in words(built)


def test_without_pandoc_works_have_their_own_style(
    cite: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> str:
        raise StyleError('a citation style needs pandoc: pip install "sphinx-marginalia[csl]"')

    monkeypatch.setattr(rendering, "find_pandoc", nowhere)
    built = cite("# Page\n\n{cite:p}`deep`\n", "apa")
    assert 'pip install "sphinx-marginalia[csl]"' in built.warnings
    assert "(Ada and Bell 2020)" in words(built)


# Cost, and the same result however it was reached


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Record each process that is started."""
    started: list[Any] = []
    run = subprocess.run

    def recorded(*args: Any, **options: Any) -> Any:
        started.append(args)
        return run(*args, **options)

    monkeypatch.setattr(csl.subprocess, "run", recorded)
    return started


@pytest.mark.slow
def test_what_has_not_changed_is_not_rendered_again(
    cite: Callable[..., Built], runs: list[Any]
) -> None:
    page = "# Page\n\n{cite:p}`deep`\n"
    cite(page, "apa", "html")
    first = len(runs)
    cite(page, "apa", "html", fresh=False)
    assert first > 0
    assert len(runs) == first


@pytest.mark.slow
def test_a_work_that_comes_changes_the_letters_on_other_pages(cite: Callable[..., Built]) -> None:
    page = "# Page\n\n{cite:p}`deep`\n"
    assert "(Ada & Bell, 2020)" in words(cite(page, "apa", "html"))
    index = INDEX + "\n{cite:p}`wide`\n"
    built = cite(page, "apa", "html", {"index.md": index}, fresh=False)
    assert "(Ada & Bell, 2020a)" in words(built)
    assert "(Ada & Bell, 2020b)" in words(built, "index")


@pytest.mark.slow
@pytest.mark.parametrize("style", ["apa", "ieee", NOTES])
def test_two_processes_write_what_one_writes(
    cite: Callable[..., Built], tmp_path: Path, style: str
) -> None:
    pages = {f"p{n}.md": f"# P {n}\n\nSo {{cite:p}}`deep` {{cite:t}}`heron`.\n" for n in range(12)}
    index = "# Book\n\n```{toctree}\n:glob:\n\n*\n```\n"
    sites = []
    for jobs in (1, 2):
        built = cite("# Page\n", style, "html", pages | {"index.md": index}, jobs=jobs, fresh=True)
        sites.append({file.name: file.read_text() for file in built.out.glob("*.html")})
    assert sites[0] == sites[1]


def _invented(count: int) -> dict[str, dict[str, Any]]:
    chance = random.Random(7)
    names = ["".join(chance.choices("abcdefgh", k=5)).title() for _ in range(count // 3)]
    return {
        f"w{n}": {
            "id": f"w{n}",
            "type": "article-journal",
            "title": f"On lake {n}",
            "author": [
                {"family": chance.choice(names), "given": chance.choice(["Ann", "Bo", "Cy"])}
                for _ in range(chance.randint(1, 4))
            ],
            "issued": {"date-parts": [[chance.randint(2018, 2021)]]},
        }
        for n in range(count)
    }


@pytest.mark.slow
def test_batches_give_what_one_run_gives(tmp_path: Path) -> None:
    items = _invented(3 * csl.BATCH)
    clusters = [Cluster("NormalCitation", (CitationTarget(key, "", ""),)) for key in items]
    clusters.append(
        Cluster("NormalCitation", (CitationTarget("w1", "", ""), CitationTarget("w90", "", "")))
    )
    renderer = Renderer(find_style("apa", tmp_path), "en", tmp_path / "cache")
    together = renderer.render(items, clusters)
    entries, citations = renderer._run(items, clusters)
    assert list(together.entries) == list(entries)
    assert [words_of(csl.json.loads(one)) for one in together.entries.values()] == [
        words_of(one) for one in entries.values()
    ]
    assert [words_of(csl.json.loads(together.citations[one])) for one in clusters] == [
        words_of(one) for one in citations
    ]
