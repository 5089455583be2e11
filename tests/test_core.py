"""What the features share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace

import sphinx_marginalia
from sphinx_marginalia.core.condense import condense, condense_script
from sphinx_marginalia.core.options import Option
from sphinx_marginalia.core.nodes import (
    HtmlElement,
    add_elements,
    element,
    html_block,
    html_inline,
    inline_decoration,
)
from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.core.index import Sealed
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.diagnostics import Problem
from sphinx_marginalia.testing import build

# Options

FLAG = Option("flag", default=False, rebuild="html", help="A flag.")
CHOICE = Option(
    "place", default="margin", rebuild="env", help="A word.", choices=("margin", "footnote")
)
ANY = Option("words", default="", rebuild="", help="Any words.")

PROBLEMS = [
    (FLAG, True, None),
    (FLAG, "yes", "flag = 'yes' in conf.py must be True or False"),
    (FLAG, 1, "flag = 1 in conf.py must be True or False"),
    (FLAG, None, "flag = None in conf.py must be True or False"),
    (CHOICE, "footnote", None),
    (CHOICE, "footnotes", "place = 'footnotes' in conf.py: did you mean 'footnote'?"),
    (CHOICE, "Margin", "place = 'Margin' in conf.py: did you mean 'margin'?"),
    (CHOICE, "xyz", "place = 'xyz' in conf.py: use one of margin, footnote"),
    (CHOICE, True, "place = True in conf.py must be a text in quotes"),
    (CHOICE, ["margin"], "place = ['margin'] in conf.py must be a text in quotes"),
    (ANY, "whatever", None),
]


@pytest.mark.parametrize(("option", "value", "problem"), PROBLEMS)
def test_an_option_tells_what_is_wrong_with_a_value(
    option: Option, value: object, problem: str | None
) -> None:
    assert option.problem(value) == problem


def test_a_wrong_value_gives_the_default(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path, citing_preview=[])
    assert (
        Option("citing_preview", default=True, rebuild="html", help="").value(built.app.config)
        is True
    )
    assert built.warnings == (
        "WARNING: citing_preview = [] in conf.py must be True or False; True is used "
        "[marginalia.option_value]\n"
    )


def test_a_wrong_value_is_told_once_however_many_pages_there_are(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n```{toctree}\na\n```\n\nX{sidenote}`y`\n",
        "a.md": "# A\n\nX{sidenote}`y`\n",
    }
    built = build(files, tmp_path, sidenotes_latex="up")
    assert built.warnings.count("sidenotes_latex") == 1


def test_every_option_is_explained_in_a_sentence(tmp_path: Path) -> None:
    from sphinx_marginalia.works.options import OPTIONS as CITING
    from sphinx_marginalia.pauses.options import OPTIONS as PAUSES
    from sphinx_marginalia.sidenotes.options import OPTIONS as SIDENOTES

    options = (*SIDENOTES, *PAUSES, *CITING)
    values = build({"index.md": "# T\n"}, tmp_path).app.config.values
    assert [option.name for option in options if option.name not in values] == []
    assert [option.name for option in options if not option.help.endswith(".")] == []


# Warnings


def test_every_warning_has_a_name_of_its_own_and_a_sentence() -> None:
    subtypes = [problem.subtype for problem in Problem]
    assert subtypes == [problem.name.lower() for problem in Problem]
    assert [problem for problem in Problem if not problem.meaning.endswith(".")] == []


# Elements


class homeless(HtmlElement, nodes.Element):
    """A node that no translator knows."""


class general(HtmlElement, nodes.General, nodes.Element):
    """A node that has a category only."""


class titled(HtmlElement, nodes.topic):
    """A node that every translator knows by its ancestor."""


@pytest.mark.parametrize("node_class", [homeless, general])
def test_a_node_without_a_known_ancestor_is_refused(
    node_class: type[HtmlElement], tmp_path: Path
) -> None:
    app = build({"index.md": "# T\n"}, tmp_path).app
    with docutils_namespace(), pytest.raises(ExtensionError, match=node_class.__name__):
        add_elements(app, node_class)


def test_a_node_with_a_known_ancestor_is_accepted(tmp_path: Path) -> None:
    app = build({"index.md": "# T\n"}, tmp_path).app
    with docutils_namespace():
        add_elements(app, titled)
    assert "titled" in app.registry.translation_handlers["html"]


# Trees


@pytest.mark.parametrize("kind", [nodes.Text, nodes.paragraph, nodes.emphasis, nodes.TextElement])
def test_nodes_are_found_in_reading_order_as_docutils_finds_them(kind: type[nodes.Node]) -> None:
    words = nodes.paragraph("", "one", nodes.emphasis("", "two"), nodes.Text("three"))
    tree = nodes.section("", nodes.title("", "Title"), words, nodes.paragraph("", "four"))
    assert find(tree, kind) == list(tree.findall(kind))
    assert find(words, kind) == list(words.findall(kind))


def test_nodes_of_several_kinds_are_found_together() -> None:
    words = nodes.paragraph("", "", nodes.strong("", "one"), nodes.emphasis("", "two"))
    assert find(words, nodes.emphasis, nodes.strong) == words.children


def test_a_tree_may_be_changed_while_one_goes_through_what_was_found() -> None:
    words = nodes.paragraph("", "", nodes.emphasis("", "one"), nodes.emphasis("", "two"))
    for found in find(words, nodes.emphasis):
        words.remove(found)
    assert not words.children


def test_an_element_has_its_tag_classes_ids_and_attributes() -> None:
    made = element(
        html_block, "aside", nodes.Text("x"), classes=["a"], ids=["b"], aria_label="c", role="note"
    )
    assert (made["tag"], made["classes"], made["ids"]) == ("aside", ["a"], ["b"])
    assert made["html"] == {"aria-label": "c", "role": "note"}
    assert made.astext() == "x"


def test_attributes_and_text_are_escaped(tmp_path: Path) -> None:
    files = {"index.md": '# T\n\n:::{pause-and-think} Is a < b & "c"?\n:class: x\n\nB.\n:::\n'}
    page = build(files, tmp_path).page()
    assert re.search(r"Is a &lt; b &amp; (\"|&quot;)c(\"|&quot;)\?</summary>", page)


def test_what_is_unspoken_is_no_part_of_a_title() -> None:
    title = nodes.title("", "", nodes.Text("Title"), element(inline_decoration, "sup", nodes.Text("1")))
    assert title.astext() == "Title"
    assert nodes.title("", "", element(html_inline, "b", nodes.Text("x"))).astext() == "x"


# Assets


def assets_of(page: str) -> set[str]:
    return set(re.findall(r"_static/(marginalia[-\w]+\.(?:css|js))", page))


def test_a_page_has_the_style_sheets_and_scripts_it_has_a_use_for(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n```{toctree}\nnote\npause\nidea\n```\n",
        "note.md": "# N\n\nA note.{sidenote}`There.`\n",
        "pause.md": "# P\n\n:::{pause-and-think} Why?\n:::\n",
        "idea.md": "# I\n\n:::{key-idea} It\nThat.\n:::\n",
    }
    built = build(files, tmp_path)
    pauses = {"marginalia-pauses.css", "marginalia-pauses.js"}
    notes = {"marginalia-sidenotes.css", "marginalia-sidenotes.js"}
    assert assets_of(built.page("index")) == set()
    assert assets_of(built.page("note")) == notes
    assert assets_of(built.page("pause")) == pauses
    assert assets_of(built.page("idea")) == {"marginalia-pauses.css"}
    assert notes | pauses <= {file.name for file in (built.out / "_static").iterdir()}


def test_markup_of_a_users_own_counts(tmp_path: Path) -> None:
    raw = "# T\n\n```{raw} html\n<details class='marginalia-pause'></details>\n```\n"
    assert "marginalia-pauses.css" in assets_of(build({"index.md": raw}, tmp_path).page())


def test_a_style_sheet_of_a_users_comes_after_ours(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\nA note.{sidenote}`There.`\n", "_static/mine.css": ""}
    page = build(files, tmp_path, html_static_path=["_static"], html_css_files=["mine.css"]).page()
    assert page.index("marginalia-sidenotes.css") < page.index("mine.css")


def test_scripts_wait_for_the_page(tmp_path: Path) -> None:
    page = build({"index.md": "# T\n\nA note.{sidenote}`There.`\n"}, tmp_path).page()
    scripts = [
        line for line in page.splitlines() if "_static/marginalia" in line and "<script" in line
    ]
    assert scripts
    assert [line for line in scripts if "defer" not in line] == []


@pytest.mark.parametrize(
    ("written", "shipped"),
    [
        ("a {\n  color: red;\n}\n", "a{color: red;}"),
        ("a,\nb  > c { top: 0 }", "a, b > c{top: 0}"),
        ("/* why */ a { /* how */ top: 0; /* ; } */ }", "a{top: 0;}"),
        ('a::before { content: " ;  /* no */ } "; }', 'a::before{content: " ;  /* no */ } ";}'),
        ("a { content: '\\'  ;' ; }", "a{content: '\\'  ;';}"),
        ("a { width: calc(1px  +  2px) }", "a{width: calc(1px + 2px)}"),
        ("@media print { a :is(b, c) { top: 0 } }", "@media print{a :is(b, c){top: 0}\n}"),
    ],
)
def test_a_style_sheet_is_shipped_without_what_means_nothing(written: str, shipped: str) -> None:
    assert condense(written) == f"{shipped}\n"


@pytest.mark.parametrize(
    ("written", "shipped"),
    [
        ("a();\n", "a();\n"),
        ("/* One.\n * Two. */\na();\n", "a();\n"),
        (
            "{\n  // Why.\n  a(); // kept\n\n  /** What. */\n  b();\n}\n",
            "{\na(); // kept\nb();\n}\n",
        ),
        ('a("/* no */ // no");\n', 'a("/* no */ // no");\n'),
        ("a /* kept */ b\n", "a /* kept */ b\n"),
        ("x = /[/*]/;\ny = 1 * 2; /* z */ w();\n", "x = /[/*]/;\ny = 1 * 2; /* z */ w();\n"),
    ],
)
def test_a_script_is_shipped_without_lines_of_comment(written: str, shipped: str) -> None:
    assert condense_script(written) == shipped


def test_no_script_of_ours_has_a_string_over_several_lines() -> None:
    scripts = [*Path(sphinx_marginalia.__file__).parent.rglob("*.js")]
    assert len(scripts) > 3
    for script in scripts:
        lines = script.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.count("`") % 2 or line.endswith("\\")] == []


def test_a_file_of_the_users_with_the_same_name_wins(tmp_path: Path) -> None:
    files = {"index.md": "# T\n", "_static/marginalia-sidenotes.css": "/* mine */"}
    built = build(files, tmp_path, html_static_path=["_static"])
    assert (built.out / "_static" / "marginalia-sidenotes.css").read_text() == "/* mine */"
    assert (built.out / "_static" / "marginalia-pauses.css").read_text() != "/* mine */"


def test_a_folder_of_the_package_is_not_copied_whole(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path)
    copied = [
        file.name
        for file in (built.out / "_static").rglob("*")
        if file.suffix in {".py", ".sty", ".po"}
    ]
    assert copied == []


# Records


class Fact(NamedTuple):
    """Something a page says."""

    text: str


class Facts(IndexDomain[Fact]):
    """The paragraphs of each page; a page with a rubric lists them."""

    name = "facts"

    def collect(self, document: nodes.document) -> list[Fact]:
        return [Fact(line.astext()) for line in document.findall(nodes.paragraph)]

    def shows_list(self, document: nodes.document) -> bool:
        return any(True for _ in document.findall(nodes.rubric))


FILES = {
    "index.md": "# T\n\n```{toctree}\nb\na\n```\n",
    "a.md": "# A\n\nOf a.\n",
    "b.md": "# B\n\nOf b.\n\n:::{rubric} List\n:::\n",
    "z.md": "---\norphan: true\n---\n# Z\n\nOf z.\n",
}


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    domain = Facts(build(FILES, tmp_path).app.env)
    for docname in ("a", "b", "z"):
        domain.note_doc(docname, domain.env.get_doctree(docname))
    return domain


def test_records_come_in_the_order_of_the_contents_and_orphans_last(facts: Facts) -> None:
    assert list(facts.in_reading_order()) == [
        ("b", Fact("Of b.")), ("a", Fact("Of a.")), ("z", Fact("Of z.")),
    ]  # fmt: skip


def test_lists_are_outdated_once(facts: Facts) -> None:
    assert facts.outdated_lists("html") == ["b"]
    assert facts.outdated_lists("html") == []


def test_lists_are_outdated_when_a_record_changes(facts: Facts) -> None:
    facts.outdated_lists("html")
    facts.data["records"]["a"] = [Fact("Changed.")]
    assert facts.outdated_lists("html") == ["b"]


def test_lists_are_outdated_when_a_title_changes(facts: Facts) -> None:
    facts.outdated_lists("html")
    facts.env.titles["a"] = nodes.title("", "Another")
    assert facts.outdated_lists("html") == ["b"]


def test_lists_are_outdated_when_the_order_changes(facts: Facts) -> None:
    facts.outdated_lists("html")
    facts.env.toctree_includes["index"] = ["a", "b"]
    assert facts.outdated_lists("html") == ["b"]


def test_what_a_page_held_is_forgotten_with_it(facts: Facts) -> None:
    facts.clear_doc("b")
    assert [docname for docname, _ in facts.in_reading_order()] == ["a", "z"]
    assert facts.data["lists"] == []


def test_a_page_that_was_never_read_can_be_forgotten(facts: Facts) -> None:
    facts.clear_doc("nowhere")
    assert len(list(facts.in_reading_order())) == 3


def test_what_other_processes_read_is_taken_over(facts: Facts) -> None:
    records: Sealed[list[Fact]] = Sealed()
    records.update({"c": [Fact("Of c.")], "d": [Fact("Of d.")]})
    other = {"records": records, "lists": ["c", "d"], "held": {"c": b"c", "d": b"d"}}
    facts.merge_domaindata({"c"}, other)
    assert ("c", Fact("Of c.")) in list(facts.in_reading_order())
    assert "d" not in facts.records
    assert facts.data["held"]["c"] == b"c"
    assert facts.data["lists"] == ["b", "c"]


def test_a_fingerprint_is_the_same_in_another_process(facts: Facts, tmp_path: Path) -> None:
    facts.outdated_lists("html")
    again = Facts(build(FILES, tmp_path / "again").app.env)
    for docname in ("z", "b", "a"):
        again.note_doc(docname, again.env.get_doctree(docname))
    again.outdated_lists("html")
    assert again.data["fingerprints"] == facts.data["fingerprints"]


# testing


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "xml"])
def test_the_helper_finds_the_output_of_a_page(builder: str, tmp_path: Path) -> None:
    assert "Words." in build({"index.md": "# T\n\nWords.\n"}, tmp_path, builder).page()


def test_the_helper_finds_one_file_or_says_how_many_there_are(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path)
    with pytest.raises(FileNotFoundError, match=r"0 files match 'no\.where'"):
        built.read("no.where")


def test_a_build_in_german_leaves_no_german_behind(tmp_path: Path) -> None:
    text = {"index.md": "# T\n\n:::{pause-and-think} Why?\nBody.\n:::\n"}
    build(text, tmp_path / "de", language="de")
    assert "Pause and think: " in build(text, tmp_path / "en").page()


# Formulas


MATHML = ("myst_parser", "sphinx_marginalia", "sphinx_marginalia.mathml")


@pytest.mark.parametrize("renderer", [[], ["sphinx.ext.mathjax"]])
def test_formulas_stay_as_they_were_until_the_project_chooses(
    renderer: list[str], tmp_path: Path
) -> None:
    extensions = ["myst_parser", *renderer, "sphinx_marginalia"]
    page = build({"index.md": "# T\n\n$x^2$\n"}, tmp_path, extensions=extensions).page()
    assert "\\(x^2\\)" in page


@pytest.mark.parametrize(
    "tex", [r"x^2", r"a \\ b", r"\frac{1}{2}", r"\begin{pmatrix}a & b\end{pmatrix}"]
)
def test_no_formula_stops_a_build(tex: str, tmp_path: Path) -> None:
    text = f"# T\n\nInline $`{tex}`$ and {{math}}`{tex}`.\n\n```{{math}}\n{tex}\n```\n"
    page = build(
        {"index.md": text}, tmp_path, html_math_renderer="mathml", extensions=MATHML
    ).page()
    assert page.count("math notranslate") >= 2
