"""Timelines in a page: what is drawn and what is listed, where it leads, what is reported."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from sphinx_marginalia.testing import build
from sphinx_marginalia.timeline import HERE as FOLDER
from sphinx_marginalia.timeline.marks import COLOURS
from tests.articles.test_rebuilds import differences
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

    from sphinx_marginalia.testing import Built

WORKS = """
@article{ada2020,
  author = {Ada, Alice and Bell, Bob},
  title = {A {Deep} Look},
  journal = {Journal of Looks},
  year = {2020},
}
@inproceedings{bell2021,
  author = {Bell, Bob},
  title = {Looking Again},
  booktitle = {Proceedings of Looking},
  year = {2021},
}
"""
STARS = """\
- date: 1838
  title: 61 Cygni
  text: "the *first* distance, {cite:t}`bell2021`"
  cite: ada2020
  group: the ground
- date: 2013-12..2025-01
  title: Gaia
  link: https://example.org/gaia
  group: space
- date: 1989-08-08
  title: Hipparcos
  cite: bell2021, ada2020
  group: space
- date: 2027
  title: What comes `next`
  link: next
"""
PAGE = """\
# Stars

:::{{timeline}} How far *away* the stars are
:name: fig-stars
{options}
{content}
:::

See {{ref}}`fig-stars` and {{numref}}`fig-stars`.

(next)=
## Next

```{{bibliography}}
```
"""
CONFIG = {
    "extensions": ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"),
    "bibtex_bibfiles": ["works.bib"],
    "bibtex_default_style": "marginalia",
    "bibtex_reference_style": "marginalia",
    "bibtex_cite_id": "ref-{key}",
    "numfig": True,
}


def page(content: str = STARS, options: str = "") -> dict[str, str]:
    """Return a project with one timeline."""
    return {"index.md": PAGE.format(content=content, options=options), "works.bib": WORKS}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(page(), tmp_path_factory.mktemp("site"), **CONFIG)


def drawings(built: Built) -> list[Tag]:
    """Return the wide and the narrow drawing."""
    svgs = main(built).select("figure.marginalia-timeline svg")
    assert [svg.parent["class"] for svg in svgs] == [
        ["marginalia-timeline-wide"],
        ["marginalia-timeline-narrow"],
    ]
    return svgs


def milestones(svg: Tag) -> list[str]:
    return [words(item).replace("\xa0", " ") for item in svg.select('[role="listitem"]')]


SHOWN = [
    "the ground 1838 61 Cygni the first distance, Bell (2021) (Ada and Bell 2020)",
    "space Aug 8, 1989 Hipparcos (Ada and Bell 2020; Bell 2021)",
    "space Dec 2013 – Jan 2025 Gaia",
    "2027 What comes next",
]

# HTML


def test_both_drawings_show_every_milestone_in_order(site: Built) -> None:
    assert site.warnings == ""
    for svg in drawings(site):
        assert milestones(svg) == SHOWN


def test_the_drawings_are_well_formed_and_have_a_name(site: Built) -> None:
    for svg in drawings(site):
        assert ET.fromstring(str(svg)).tag.endswith("svg")
        assert svg["aria-label"] == "How far away the stars are"


def test_an_alternative_text_is_the_name_of_the_drawings(tmp_path: Path) -> None:
    built = build(page(options=":alt: A line with four points & more."), tmp_path, **CONFIG)
    assert [svg["aria-label"] for svg in drawings(built)] == ["A line with four points & more."] * 2


def test_without_a_style_sheet_one_drawing_is_shown(site: Built) -> None:
    wide, narrow = drawings(site)
    assert not wide.has_attr("display")
    assert narrow["display"] == "none"


def test_without_a_style_sheet_no_shape_hides_words_and_words_have_their_side(site: Built) -> None:
    wide, _ = drawings(site)
    assert (wide["fill"], wide["font-size"]) == ("currentColor", "12.5")
    assert {piece["fill-opacity"] for piece in wide.select(".marginalia-timeline-piece")} == {
        "0.07"
    }
    lines = wide.select(".marginalia-timeline-leader, .marginalia-timeline-ring")
    assert {(line["fill"], line["stroke"]) for line in lines} == {("none", "currentColor")}
    assert {year["text-anchor"] for year in wide.select(".marginalia-timeline-year")} == {"middle"}
    assert {side["text-anchor"] for side in wide.select(".marginalia-milestone-left")} == {"end"}


def test_the_style_sheet_hides_what_is_around_a_drawing() -> None:
    """A theme may have a rule for all drawings that is stronger, such as ``#content svg``."""
    style = (FOLDER / "marginalia-timeline.css").read_text(encoding="utf-8")
    hidden = re.findall(r"([^\n{}]+) \{\s*display: none;", style)
    assert hidden[:2] == [".marginalia-timeline-narrow", "  .marginalia-timeline-wide"]
    assert all(".marginalia-timeline-drawing" not in selector for selector in hidden)


def test_a_milestone_leads_to_what_it_cites(site: Built) -> None:
    wide, _ = drawings(site)
    cygni, hipparcos, gaia, future = wide.select('[role="listitem"]')
    assert [link["href"] for link in cygni.select("a")] == ["#ref-bell2021", "#ref-ada2020"]
    assert [link["href"] for link in hipparcos.select("a")] == ["#ref-ada2020", "#ref-bell2021"]
    assert [link["href"] for link in gaia.select("a")] == ["https://example.org/gaia"]
    assert words(gaia.a).endswith("Gaia")  # all of it is the link
    assert [link["href"] for link in future.select("a")] == ["#next"]


def test_emphasis_and_code_are_drawn_as_such(tmp_path: Path) -> None:
    entry = "- {date: 2020, title: A `codeword` in a title, text: '*one*, **two**, `three`'}\n"
    wide, _ = drawings(build(page(entry), tmp_path, **CONFIG))
    kinds = {"literal": ["codeword", "three"], "emphasis": ["one"], "strong": ["two"]}
    assert kinds == {
        kind: [words(span) for span in wide.select(f".marginalia-timeline-{kind}")]
        for kind in kinds
    }


def test_groups_differ_by_shape_and_name(site: Built) -> None:
    wide, _ = drawings(site)
    legend = [(words(entry), entry.find(["circle", "polygon"]).name) for entry in wide.select(".marginalia-timeline-legend")]  # fmt: skip
    assert legend == [("the ground", "circle"), ("space", "polygon")]
    marks = wide.select('[role="img"]')
    assert [words(mark.title) for mark in marks] == ["the ground", "space", "space"]


def test_the_figure_has_a_number_and_can_be_referred_to(site: Built) -> None:
    shown = main(site)
    figure = shown.select_one("figure#fig-stars")
    assert words(figure.figcaption).rstrip("¶") == "Fig. 1 How far away the stars are"
    assert [words(link) for link in shown.select('a[href="#fig-stars"]')][-2:] == [
        "How far away the stars are",
        "Fig. 1",
    ]


def test_the_works_of_a_timeline_are_cited_on_the_page_and_know_it(site: Built) -> None:
    shown = main(site)
    assert "Works cited on this page (2)" in words(shown)
    assert shown.select('.marginalia-cited-by a[href="#stars"], [class*=cited] a[href="#stars"]')


def test_each_link_back_from_the_bibliography_leads_somewhere(site: Built) -> None:
    shown = main(site)
    ids = {tag["id"] for tag in shown.select("[id]")}
    links = {link["href"][1:] for link in shown.select('a[href^="#"]')} - {""}
    assert links <= ids


def test_a_search_finds_the_words_of_the_drawing_apart(site: Built) -> None:
    index = (site.out / "searchindex.js").read_text(encoding="utf-8")
    assert '"gaia"' in index
    assert "gaiawhat" not in index


def test_classes_and_caption_can_be_options(tmp_path: Path) -> None:
    files = page(options=":class: special\n:caption: Another caption")
    figure = main(build(files, tmp_path, **CONFIG)).select_one("figure")
    assert figure["class"] == ["marginalia-timeline", "special", "align-default"]
    assert "Another caption" in words(figure.figcaption)


@pytest.mark.parametrize(
    "text",
    [
        "a formula {math}`e = 1`",
        "a note{sidenote}`the note`",
        "{sub}`low`",
    ],
)
def test_what_cannot_be_drawn_makes_a_list_of_the_whole(text: str, tmp_path: Path) -> None:
    built = build(page(f"- date: 2020\n  title: A\n  text: '{text}'\n"), tmp_path, **CONFIG)
    figure = main(built).select_one("figure")
    assert built.warnings == ""
    assert figure.svg is None
    assert words(figure.select_one("dl.marginalia-timeline-list dt")) == "2020"


def test_a_long_timeline_is_a_list_in_print(tmp_path: Path) -> None:
    many = "".join(f"- {{date: {year}, title: Year number {year}}}\n" for year in range(1900, 1950))
    figure = main(build(page(many), tmp_path, **CONFIG)).select_one("figure")
    assert len(figure.select("dl.marginalia-timeline-print dt")) == 50
    assert "marginalia-timeline-long" in figure.select_one(".marginalia-timeline-frame")["class"]


def test_a_milestone_without_a_date_comes_last_with_what_was_written(tmp_path: Path) -> None:
    bad = "- {date: soon, title: Later}\n- {date: 2020, title: A}\n- {title: Never}\n"
    built = build(page(bad), tmp_path, **CONFIG)
    assert [milestones(svg) for svg in drawings(built)] == [["2020 A", "soon Later", "Never"]] * 2


def test_a_german_page_has_german_dates(tmp_path: Path) -> None:
    built = build(page("- {date: 2020-03-05, title: A}\n"), tmp_path, language="de", **CONFIG)
    assert milestones(drawings(built)[0]) == ["5. März 2020 A"]


def test_the_style_sheet_has_the_colours_of_the_pdf() -> None:
    style = (FOLDER / "marginalia-timeline.css").read_text(encoding="utf-8")
    found = re.findall(r"--marginalia-timeline-\d, #(\w+)", style)
    assert tuple(colour.upper() for colour in found) == COLOURS


# Other builders

LISTED = """\
   1838 : the ground
      **61 Cygni**: the *first* distance, Bell (2021) (Ada and Bell
      2020)

   Aug 8, 1989 : space
      **Hipparcos** (Ada and Bell 2020; Bell 2021)

   Dec 2013 – Jan 2025 : space
      **Gaia**

   2027
      **What comes next**

   How far *away* the stars are
"""


def test_in_a_text_it_is_a_list(tmp_path: Path) -> None:
    built = build(page(), tmp_path, "text", **CONFIG)
    assert LISTED in built.page()


@pytest.mark.parametrize("builder", ["man", "texinfo", "xml", "pseudoxml", "epub", "gettext"])
def test_every_builder_has_every_milestone(builder: str, tmp_path: Path) -> None:
    config = {"man_pages": [("index", "test", "T", "A", 1)], "version": "1", "copyright": "A"}
    built = build(page(), tmp_path, builder, **CONFIG, **config)
    name = {"man": "test.1", "texinfo": "*.texi", "gettext": "index.pot"}.get(builder, "index.*ml")
    text = built.read(name)
    assert built.warnings == ""
    for title in ("61 Cygni", "Hipparcos", "Gaia"):
        assert text.count(title) == 1


def test_an_epub_has_the_list_with_its_links(tmp_path: Path) -> None:
    built = build(page(), tmp_path, "epub", version="1", copyright="A", **CONFIG)
    text = built.read("index.xhtml")
    assert "<svg" not in text
    assert 'class="marginalia-timeline-list' in text
    assert 'href="#ref-ada2020"' in text


def test_translations_replace_the_words_and_keep_links_and_citations(tmp_path: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    folder = tmp_path / "source" / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = 'msgid "Gaia"\nmsgstr "*Das* Gaia"\n\nmsgid "space"\nmsgstr "das All"\n\nmsgid "the *first* distance, {cite:t}`bell2021`"\nmsgstr "*zuerst*, {cite:t}`bell2021`"\n'
    catalogue = tmp_path / "index.po"
    catalogue.write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{po}', encoding="utf-8"
    )
    with catalogue.open("rb") as source, (folder / "index.mo").open("wb") as target:
        write_mo(target, read_po(source))
    built = build(page(), tmp_path, language="de", locale_dirs=["locale"], **CONFIG)
    wide, _ = drawings(built)
    cygni, _, gaia, _ = wide.select('[role="listitem"]')
    assert "zuerst, Bell (2021) (Ada and Bell 2020)" in words(cygni).replace("\xa0", " ")
    assert words(gaia.select_one(".marginalia-milestone-title")) == "Das Gaia"
    assert gaia.a["href"] == "https://example.org/gaia"
    assert [words(each) for each in wide.select("g.marginalia-timeline-legend text")] == [
        "the ground",
        "das All",
    ]
    assert gaia.select_one("title").text == "das All"


def test_in_latex_it_is_a_numbered_figure_with_links(tmp_path: Path) -> None:
    text = build(page(), tmp_path, "latex", **CONFIG).read("*.tex")
    figure = text[text.index(r"\begin{figure}") : text.index(r"\end{figure}")]
    assert r"\begin{tikzpicture}" in figure
    assert r"\caption{How far \sphinxstyleemphasis{away} the stars are}" in figure
    assert r"\label{\detokenize{index:fig-stars}}" in figure
    assert r"\hyperlink{cite.index:ref-ada2020}{" in figure
    assert r"\href{https://example.org/gaia}{" in figure
    assert r"\hyperref[{\detokenize{index:next}}]{" in figure


def test_in_latex_a_long_timeline_is_a_list_that_goes_on_over_pages(tmp_path: Path) -> None:
    many = "".join(f"- {{date: {year}, title: Year number {year}}}\n" for year in range(1900, 1950))
    text = build(page(many), tmp_path, "latex", **CONFIG).read("*.tex")
    assert r"\begin{figure}" not in text
    assert text.count("Year number") == 50
    assert r"\captionof{figure}{How far" in text


# What is wrong


def warnings(files: dict[str, str], folder: Path, **config: object) -> list[str]:
    built = build(files, folder, **{**CONFIG, **config})
    return built.warnings.replace(f"{built.app.srcdir}/", "").splitlines()


def test_lines_are_right_wherever_a_timeline_stands(tmp_path: Path) -> None:
    bad = "- date: 2020\n  title: A\n  grop: B\n"
    quoted = "".join(f"> {line}\n" for line in f":::{{timeline}}\n{bad}:::".splitlines())
    inner = "".join(f"      {line}\n" for line in bad.splitlines())
    files = {
        "works.bib": WORKS,
        "index.md": f"# T\n\n{quoted}\n::::{{note}}\n:class: x\n\n:::{{timeline}} Caption\n:class: y\n\n{bad}:::\n::::\n",
        "b.rst": f":orphan:\n\nT\n=\n\n.. note::\n\n   .. timeline:: Caption\n      :class: y\n\n{inner}",
    }
    assert [line.split(": ")[0] for line in warnings(files, tmp_path)] == [
        "b.rst:13",
        "index.md:6",
        "index.md:17",
    ]


def test_of_a_file_the_warning_names_the_file(tmp_path: Path) -> None:
    files = page("", ":file: data/stars.yaml")
    files["data/stars.yaml"] = (
        "- date: 2020\n  title: A\n\n- date: 2020-99\n  title: B\n  cite: ada\n"
    )
    assert [line.split(" WARNING: ")[0] for line in warnings(files, tmp_path)] == [
        "data/stars.yaml:4:",
        "data/stars.yaml:6:",
    ]


@pytest.mark.parametrize("name", ["../outside.yaml", "/../outside.yaml", "data/../../outside.yaml"])
def test_a_file_outside_of_the_project_is_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("- {date: 2020, title: Secret}\n", encoding="utf-8")
    built = build(page("", f":file: {name}").copy(), tmp_path, **CONFIG)
    assert "is not in the folder of the sources [marginalia.timeline_file]" in built.warnings
    assert "Secret" not in built.page()


def test_a_link_to_a_file_outside_is_outside(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "outside.yaml").write_text("- {date: 2020, title: Secret}\n", encoding="utf-8")
    (tmp_path / "source" / "in.yaml").symlink_to(tmp_path / "outside.yaml")
    assert "Secret" not in build(page("", ":file: in.yaml"), tmp_path, **CONFIG).page()


def test_an_empty_timeline_is_reported(tmp_path: Path) -> None:
    found = warnings(page("", ""), tmp_path)
    assert found[0].startswith("index.md:3: WARNING: the timeline has no milestones")


@pytest.mark.parametrize("content", ["\tdate: 1838", "date: a: b"])
def test_a_timeline_that_cannot_be_read_is_shown_as_it_is_written(
    content: str, tmp_path: Path
) -> None:
    built = build({"index.md": f"# T\n\n:::{{timeline}} How far\n{content}\n:::\n"}, tmp_path)
    assert "index.md:4: WARNING" in built.warnings
    assert f"How far\n{content.strip()}" in built.page().replace("\t", "")


def test_without_a_bibliography_keys_are_reported_and_shown(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\n:::{timeline}\n- {date: 2020, title: A, cite: b}\n:::\n"}
    built = build(files, tmp_path)
    assert 'index.md:4: WARNING: to cite b, add "sphinxcontrib.bibtex" and' in built.warnings
    assert milestones(drawings(built)[0]) == ["2020 A b"]


def test_an_unknown_key_is_shown_beside_the_works_that_exist(tmp_path: Path) -> None:
    entry = "- {date: 2020, title: A, cite: 'ada2020, nobody1999'}\n"
    built = build(page(entry), tmp_path, **CONFIG)
    assert built.warnings.endswith(
        "no work has the key 'nobody1999'; use one of ada2020, bell2021 "
        "[marginalia.timeline_citation]\n"
    )
    assert milestones(drawings(built)[0]) == ["2020 A (Ada and Bell 2020); nobody1999"]


def test_capitals_count_in_a_key(tmp_path: Path) -> None:
    found = warnings(page("- {date: 2020, title: A, cite: Ada2020}\n"), tmp_path)
    assert [line.partition("WARNING: ")[2] for line in found] == [
        "no work has the key 'Ada2020'; did you mean 'ada2020'? [marginalia.timeline_citation]"
    ]


def test_a_link_that_leads_nowhere_is_reported_by_sphinx(tmp_path: Path) -> None:
    found = warnings(page("- {date: 2020, title: A, link: nowhere}\n"), tmp_path)
    assert found == ["index.md:6: WARNING: undefined label: 'nowhere' [ref.ref]"]


@pytest.mark.parametrize("link", ["other", "other.md", "/other", "#there", "there"])
def test_a_link_leads_to_a_document_or_a_label(link: str, tmp_path: Path) -> None:
    files = page(f"- {{date: 2020, title: A, link: '{link}'}}\n")
    files["other.md"] = "---\norphan: true\n---\n\n# Other\n\n(there)=\n## There\n"
    built = build(files, tmp_path, **CONFIG)
    assert built.warnings == ""
    expected = "other.html#there" if "there" in link else "other.html"
    assert drawings(built)[0].a["href"] == expected


def test_what_is_written_is_escaped(tmp_path: Path) -> None:
    entry = "- {date: 2020, title: 'A < B & \\<script>', group: '\"<g>', link: 'https://e.org/?a=1&b=%3C'}\n"
    built = build(page(entry, ':alt: "><b>'), tmp_path, **CONFIG)
    for svg in drawings(built):
        assert svg.find("script") is None
        assert svg.find("b") is None
        assert svg.a["href"] == "https://e.org/?a=1&b=%3C"


# Links

UNSAFE = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,<b>",
    "vbscript:x",
    " java\tscript:x",
]


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
@pytest.mark.parametrize("link", UNSAFE)
def test_a_milestone_never_links_to_a_script(link: str, builder: str, tmp_path: Path) -> None:
    entry = f"- date: 2020\n  title: A title\n  link: {json.dumps(link)}\n"
    built = build({"index.md": f"# T\n\n:::{{timeline}}\n{entry}:::\n"}, tmp_path, builder)
    (line,) = built.warnings.splitlines()
    assert line.startswith(f"{built.app.srcdir}/index.md:4: WARNING: a milestone cannot link to ")
    assert line.endswith("[marginalia.timeline_link]")
    output = built.read({"html": "index.html", "latex": "*.tex", "text": "index.txt"}[builder])
    assert "A title" in output
    assert "script:" not in output.partition(r"\begin{document}")[2].replace("\t", "").lower()
    if builder == "html":
        assert [svg.a for svg in drawings(built)] == [None, None]


TEX = r"https://x.org/%}\input{/etc/passwd}\write18{id}{"


@pytest.mark.parametrize("text", ["drawn", "listed with {math}`e`"])
def test_an_address_is_no_command_of_latex(text: str, tmp_path: Path) -> None:
    entry = f"- {{date: 2020, title: A, text: '{text}', link: '{TEX}'}}\n"
    built = build({"index.md": f"# T\n\n:::{{timeline}}\n{entry}:::\n"}, tmp_path, "latex")
    output = built.read("*.tex").partition(r"\begin{document}")[2]
    assert built.warnings == ""
    assert r"x.org/\%25\%7D\%5Cinput\%7B/etc/passwd\%7D\%5Cwrite18\%7Bid\%7D\%7B}{" in output
    assert r"\input" not in output
    assert r"\write18" not in output


def test_a_label_with_a_colon_is_written_with_a_hash(tmp_path: Path) -> None:
    files = page("- {date: 2020, title: A, link: '#fig:one'}\n")
    files["index.md"] = files["index.md"].replace("(next)=", "(fig:one)=")
    built = build(files, tmp_path, **CONFIG)
    assert built.warnings == ""
    assert drawings(built)[0].a["href"] == "#fig-one"


@pytest.mark.parametrize("syntax", ["md", "rst"])
def test_a_title_of_brackets_is_shown(syntax: str, tmp_path: Path) -> None:
    entry = f"- date: 2020\n  title: '{'[' * 600}'\n"
    directive = {"md": ":::{timeline}\n", "rst": ".. timeline::\n\n"}[syntax]
    inner = entry if syntax == "md" else "".join(f"   {line}\n" for line in entry.splitlines())
    text = f"{directive}{inner}" + (":::\n" if syntax == "md" else "")
    built = build({f"index.{syntax}": f"T\n=\n\n{text}"}, tmp_path)
    assert built.warnings == ""
    assert main(built).select_one("svg").get_text().count("[") == 600


# Again


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    files = {**page("", ":file: s.yaml"), "s.yaml": STARS}
    build(files, tmp_path / "again", **CONFIG)
    changed = {**files, "s.yaml": STARS.replace("Gaia", "Another")}
    again = build(changed, tmp_path / "again", fresh=False, **CONFIG)
    assert "Another" in again.page()
    clean = build(changed, tmp_path / "clean", **CONFIG)
    assert differences(again, clean) == []


def test_a_file_that_comes_later_is_read_then(tmp_path: Path) -> None:
    files = page("", ":file: s.yaml")
    assert "there is no file" in build(files, tmp_path, **CONFIG).warnings
    built = build({**files, "s.yaml": STARS}, tmp_path, fresh=False, **CONFIG)
    assert (built.warnings, len(drawings(built))) == ("", 2)


def test_a_work_that_comes_later_is_cited_then(tmp_path: Path) -> None:
    files = page("- {date: 2020, title: A, cite: new2022}\n")
    assert "no work has the key 'new2022'" in build(files, tmp_path, **CONFIG).warnings
    files["works.bib"] += "@misc{new2022, author = {New, Nora}, title = {T}, year = {2022}}\n"
    built = build(files, tmp_path, fresh=False, **CONFIG)
    assert built.warnings == ""
    assert "New 2022" in milestones(drawings(built)[0])[0]


def test_a_work_that_is_removed_is_reported_then(tmp_path: Path) -> None:
    files = page("- {date: 2020, title: A, cite: ada2020}\n")
    assert build(files, tmp_path, **CONFIG).warnings == ""
    files["works.bib"] = WORKS[WORKS.index("@inproceedings") :]
    built = build(files, tmp_path, fresh=False, **CONFIG)
    assert "index.md:6: WARNING: no work has the key 'ada2020'" in built.warnings
    assert milestones(drawings(built)[0]) == ["2020 A ada2020"]


MANY = [f"p{n:02}" for n in range(24)]


@pytest.mark.slow
def test_four_processes_write_the_same_as_one(tmp_path: Path) -> None:
    corpus = {
        "index.md": "\n".join(["# Book\n\n```{toctree}", *MANY, "```\n\n```{bibliography}\n```\n"]),
        "works.bib": WORKS,
        "stars.yaml": STARS.replace("link: next", "link: next-p00"),
        **{
            f"{name}.md": f"# {name}\n\n(next-{name})=\n## Next\n\n:::{{timeline}} {name}\n:name: fig-{name}\n"
            f":file: stars.yaml\n:::\n\nSee {{numref}}`fig-p00`.\n"
            for name in MANY
        },
    }
    one = build(corpus, tmp_path / "one", **CONFIG)
    four = build(corpus, tmp_path / "four", jobs=4, **CONFIG)
    assert (one.warnings, four.warnings) == ("", "")
    assert differences(one, four) == []
