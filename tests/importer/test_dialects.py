"""Sites of the dialects besides Eleventy and Jekyll, imported whole and built.

A site is in ``sites/DIALECT``, and what it becomes in ``expected/DIALECT``: the articles, the pages
around them, and the report as it is printed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from marginalia_import.importer import Options, guess_dialect, import_site
from marginalia_import.report import Kind
from marginalia_import.rules import custom as custom_rules
from sphinx_marginalia.testing import ANSI
from tests.importer.conftest import run_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
DIALECTS = sorted(path.name for path in (HERE / "expected").iterdir() if path.is_dir())
#: The files that the tests of the other dialects read.
USUAL = {"imported.css", "references.bib", "bibliography.md"}
SLOW = pytest.mark.slow
each_dialect = pytest.mark.parametrize("dialect", DIALECTS)


@each_dialect
def test_a_site_is_recognized(dialect: str) -> None:
    assert guess_dialect(HERE / "sites" / dialect) == dialect


@each_dialect
def test_a_site_becomes_what_is_expected(dialect: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    report = import_site(Options(HERE / "sites" / dialect, new, project=True))
    texts = {
        path.relative_to(new).as_posix(): path.read_text("utf-8")
        for path in sorted(new.rglob("*"))
        if path.suffix in {".md", ".cff", ".json"} and path.name not in USUAL
    }
    texts["report.txt"] = "\n".join(map(str, report.lines())) + "\n"
    folder = HERE / "expected" / dialect
    expected = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    assert texts == expected


@each_dialect
def test_no_word_of_a_site_is_lost_and_no_markup_stays(dialect: str, tmp_path: Path) -> None:
    report = import_site(Options(HERE / "sites" / dialect, tmp_path / "new", dry_run=True))
    kinds = {Kind.LOST_WORDS.label, Kind.LITERAL.label}
    assert [str(entry) for entry in report.entries if entry.kind in kinds] == []


@pytest.mark.parametrize(
    "builder", ["html", pytest.param("epub", marks=SLOW), pytest.param("latex", marks=SLOW)]
)
@each_dialect
def test_a_site_builds_without_a_warning(dialect: str, builder: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    import_site(Options(HERE / "sites" / dialect, new, project=True))
    result = run_program("sphinx", "-W", "-q", "-b", builder, new, tmp_path / "out")
    assert ANSI.sub("", result.err).replace(f"{new}/", "") == ""
    assert result.code == 0


def test_a_rule_converts_a_shortcode(article: Callable, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('[lamp]\ninline = "a *{1}* lamp"\n', encoding="utf-8")
    rules = tuple(custom_rules.read_rules(file))
    text, _ = article('Here is {{< lamp "red" >}}.\n', "hugo", rules=rules)
    assert "Here is a *red* lamp." in text


LANGUAGES = """\
[%(languages)szh]
contentDir = "content.zh"
[%(languages)sen]
contentDir = "content.en"
[%(languages)sde]
title = "See"
"""


@pytest.mark.parametrize(("default", "skipped"), [("", "zh"), ("zh", "en"), ("de", "zh en")])
@pytest.mark.parametrize("apart", [False, True])
def test_a_site_of_hugo_in_several_languages(
    default: str, skipped: str, apart: bool, imported: Callable
) -> None:
    settings = f"defaultContentLanguage = '{default}'\n" if default else ""
    languages = LANGUAGES % {"languages": "" if apart else "languages."}
    files = {
        "hugo.toml": settings if apart else settings + languages,
        **({"config/_default/languages.toml": languages} if apart else {}),
        **{f"content.{name}/{name}.md": "Sea.\n" for name in ("en", "zh")},
        "content/de.md": "Sea.\n",
    }
    result = imported(files)
    assert result.files == {f"{default or 'en'}.md"}
    lines = [entry for entry in result.report.lines() if entry.kind == "skipped"]
    assert {entry.file for entry in lines} == {f"content.{name}/" for name in skipped.split()}
    assert all("another language: set defaultContentLanguage" in entry.message for entry in lines)


def test_the_folder_of_a_language_of_hugo_may_end_with_a_slash(imported: Callable) -> None:
    files = {"hugo.yaml": "contentDir: texts/\n", "texts/ far lamps .md": "Sea.\n"}
    assert imported(files, project=True).read("far lamps.md").endswith("Sea.\n")


def test_a_reference_to_a_formula_has_one_pair_of_brackets(article: Callable) -> None:
    text = "$$a = b \\label{law}$$\n\nBy (\\ref{law}) and (\\eqref{law}, \\ref{law}).\n"
    written, _ = article(text, "tufte-jekyll")
    law = "{eq}`posts-stars-law`"
    assert f"By {law} and ({law}, {law})." in written


PASSTHROUGH = """\
[markup.goldmark.extensions.passthrough]
enable = %s
[markup.goldmark.extensions.passthrough.delimiters]
block = [['\\[', '\\]'], ['$$', '$$']]
inline = [['\\(', '\\)']]
"""
BRACKETED = "A tide \\(t^2\\), not `\\(u\\)`:\n\n\\[\nv = 1\n\\]\n"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (PASSTHROUGH % "true", "A tide $t^2$, not `\\(u\\)`:\n\n$$\nv = 1\n$$\n"),
        (PASSTHROUGH % "false", BRACKETED),
        ("markup = 3\n", BRACKETED),
        (PASSTHROUGH.partition("[markup.goldmark.extensions.passthrough.d")[0] % "true", BRACKETED),
    ],
    ids=["on", "off", "of another type", "without delimiters"],
)
def test_a_formula_of_hugo_may_begin_with_one_backslash(
    settings: str, expected: str, imported: Callable
) -> None:
    result = imported({"hugo.toml": settings, "content/sea.md": BRACKETED})
    assert result.read("sea.md").endswith(expected)


# Pandoc as a second reader

NOTE = re.compile(r"\{sidenote\}|\[\^[\w-]+\](?!:)")
CITATION = re.compile(r"\{cite:\w+\}")
FORMULA = re.compile(r":{3}\{math\}|\$\$.+?\$\$|(?<![\\$])\$[^$\n]+\$", re.DOTALL)
PICTURE = re.compile(r":{3}\{figure\}|!\[")
#: Pictures that a cell includes: pandoc sees only its code.
INCLUDED = re.compile(r"include_graphics\(")


def inner(node: Any, kind: str) -> Iterator[Any]:
    """Yield the content of all nodes of a kind in the tree that pandoc writes as JSON."""
    if isinstance(node, dict):
        if node.get("t") == kind:
            yield node.get("c")
        for value in node.values():
            yield from inner(value, kind)
    elif isinstance(node, list):
        for value in node:
            yield from inner(value, kind)


def pandoc_counts(text: str, keys: set[str]) -> dict[str, int]:
    """Return what pandoc finds in an article."""
    pypandoc = pytest.importorskip("pypandoc", reason="pandoc is not installed")
    # pandoc knows no header such as {r, echo=FALSE}: it would read the cell as text.
    text = re.sub(r"(`{3,})\{[a-z][^}\n]*\}", r"\1code", text)
    # The markup of bookdown for formulas that pandoc takes for raw TeX.
    text = re.sub(r"\\begin\{equation\}(.*?)\\end\{equation\}", r"$$\1$$", text, flags=re.DOTALL)
    text = re.sub(r"(?m)^\(ref:\w+\) .*$", "", text)
    tree = json.loads(pypandoc.convert_text(text, "json", "markdown+tex_math_single_backslash"))
    for picture in inner(tree, "Image"):
        picture[1] = []  # the caption of a figure, which is there a second time
    cited = [[citation["citationId"] for citation in content[0]] for content in inner(tree, "Cite")]
    return {
        "notes": len([*inner(tree, "Note")]) + text.count("]{.aside}"),
        "citations": len([ids for ids in cited if keys.issuperset(ids)]),
        "formulas": len([*inner(tree, "Math")]),
        "pictures": len([*inner(tree, "Image")]) + len(INCLUDED.findall(text)),
    }


@pytest.mark.parametrize("dialect", ["quarto", "bookdown"])
def test_pandoc_finds_as_many_notes_citations_formulas_and_pictures(dialect: str) -> None:
    site, folder = HERE / "sites" / dialect, HERE / "expected" / dialect
    keys = {"marsh1901", "reed1910"}
    for source in sorted([*site.glob("*.qmd"), *site.glob("*.Rmd")]):
        text = source.read_text("utf-8")
        result = re.sub(
            r"^[ ]*(`{3,}).*?^[ ]*\1$|^[ ]*:alt:[^\n]*$",
            "",
            (folder / f"{source.stem}.md").read_text("utf-8"),
            flags=re.DOTALL | re.MULTILINE,
        )
        ours = {
            "notes": len(NOTE.findall(result)) + result.count("{marginnote}`"),
            "citations": len(CITATION.findall(result)) - text.count("(ref:boxcap) A box"),
            "formulas": len(FORMULA.findall(result)),
            "pictures": len(PICTURE.findall(result)),
        }
        assert ours == pandoc_counts(text, keys), source.name


# Tables that only Pandoc knows

GRID = """\
+------------+------------------+
| Lamp       | Says             |
+============+==================+
| *red*      | A note^[seen     |
|            | from afar].      |
+------------+------------------+
| green      | - one            |
|            | - two            |
+------------+------------------+

: Lamps {#tbl-lamps}

See @tbl-lamps.
"""
GRID_AS_LIST = """\
:::{list-table} Lamps
:header-rows: 1
:name: tbl-lamps

* - Lamp
  - Says
* - *red*
  - A note{sidenote}`seen from afar`.
* - green
  - - one
    - two
:::

See {numref}`tbl-lamps`.
"""
SIMPLE = "Two lamps:\n\n  Lamp   Says\n  ------ --------\n  red    stop\n  green  go *on*\n\nEnd.\n"
MULTILINE = """\
----------------------
Lamp   Says
------ ---------------
red    A sentence over
       two lines.

green  go
----------------------

End.
"""
NO_HEADER = "------ ------\nred    stop\ngreen  go\n------ ------\n\nEnd.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GRID, GRID_AS_LIST),
        (
            SIMPLE,
            "Two lamps:\n\n:::{list-table}\n:header-rows: 1\n\n* - Lamp\n  - Says\n* - red\n  - stop\n"
            "* - green\n  - go *on*\n:::\n\nEnd.\n",
        ),
        (
            MULTILINE,
            ":::{list-table}\n:header-rows: 1\n\n* - Lamp\n  - Says\n* - red\n"
            "  - A sentence over\n    two lines.\n* - green\n  - go\n:::\n\nEnd.\n",
        ),
        (
            NO_HEADER,
            ":::{list-table}\n* - red\n  - stop\n* - green\n  - go\n:::\n\nEnd.\n",
        ),
    ],
    ids=["grid", "simple", "multiline", "without a header"],
)
def test_a_table_of_pandoc_becomes_a_list_table(
    text: str, expected: str, article: Callable
) -> None:
    result, imported = article(text, "quarto")
    assert expected in result
    assert {entry.kind for entry in imported.report.entries} <= {"title"}


def test_a_table_with_cells_that_span_others_is_shown_as_code_and_reported(
    article: Callable,
) -> None:
    table = "+---+---+\n| a | b |\n+---+---+\n| c     |\n+---+---+\n"
    result, imported = article(f"{table}\nEnd.\n", "quarto")
    assert f"```text\n{table}```" in result
    assert "literal" in {entry.kind for entry in imported.report.entries}


def test_a_table_within_code_stays(article: Callable) -> None:
    result, _ = article(f"```text\n{SIMPLE}```\n", "quarto")
    assert SIMPLE in result


# Numbers of sections


def book(*parts: str) -> dict[str, str]:
    """Return a book of Quarto with a chapter in each part, which refers to itself."""
    chapters = "".join(
        f"    - part: {part}\n      chapters: [{part.lower()}.qmd]\n" for part in parts
    )
    settings = f"project: {{type: book}}\nbook:\n  chapters:\n    - index.qmd\n{chapters}"
    text = "# {0} {{#sec-{1}}}\n\nSee @sec-{1}, -@sec-{1} and @sec-preface.\n"
    return {
        "_quarto.yml": settings,
        "index.qmd": "# Preface {#sec-preface .unnumbered}\n",
        **{f"{part.lower()}.qmd": text.format(part, part.lower()) for part in parts},
    }


def test_a_book_of_one_part_keeps_its_numbers(imported: Callable) -> None:
    result = imported(book("Lamps"), project=True)
    assert ":maxdepth: 1\n\n/index\n" in result.read("contents.md")
    assert ":maxdepth: 1\n:numbered:\n\n/lamps\n" in result.read("contents.md")
    assert "See {numref}`lamps`, {numref}`{number} <lamps>` and {ref}`index`." in result.read(
        "lamps.md"
    )


def test_a_book_of_parts_has_no_numbers_because_each_part_would_begin_again(
    imported: Callable,
) -> None:
    result = imported(book("Lamps", "Tides"), project=True)
    assert ":numbered:" not in result.read("contents.md")
    assert "{numref}" not in result.read("lamps.md")
    assert [e.kind for e in result.report.entries if e.file == "_quarto.yml"] == ["front-matter"]


# Notebooks


def notebook(*cells: tuple[str, str]) -> str:
    """Return a notebook: the kind and the text of each cell."""
    written = [
        {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
        | ({"outputs": [{"output_type": "stream", "text": "7\n"}]} if kind == "code" else {})
        for kind, text in cells
    ]
    metadata = {"kernelspec": {"name": "python3"}}
    return json.dumps({"cells": written, "metadata": metadata, "nbformat": 4}, indent=1)


NOTEBOOK_SITE = {
    "_quarto.yml": "project: {type: book}\nbook: {chapters: [index.md, lamps.ipynb]}\n",
    "index.md": "# Skies\n\nSee [lamps](lamps.ipynb).\n",
}


def test_the_markdown_of_a_notebook_is_converted_and_its_code_stays(imported: Callable) -> None:
    files = {
        **NOTEBOOK_SITE,
        "lamps.ipynb": notebook(
            ("raw", "---\ntitle: Lamps\nformat: html\n---"),
            ("markdown", "A lamp^[seen from afar].\n\n::: {.callout-tip}\nLook.\n:::\n"),
            ("code", "#| echo: false\n#| fig-cap: A lamp\nshow(7)\n"),
            ("markdown", "The end. {{< lamp >}}"),
        ),
    }
    result = imported(files, project=True)
    new = json.loads(result.read("lamps.ipynb"))
    assert [cell["source"] for cell in new["cells"]] == [
        "(lamps)=\n# Lamps",
        "A lamp{sidenote}`seen from afar`.\n\n:::{tip}\nLook.\n:::",
        "show(7)\n",
        "The end. `{{< lamp >}}`",
    ]
    assert new["metadata"] == {"kernelspec": {"name": "python3"}, "title": "Lamps"}
    code = new["cells"][2]
    assert (code["metadata"], code["outputs"][0]["text"]) == ({"tags": ["remove-input"]}, "7\n")
    assert "[lamps](lamps.ipynb)" in result.read("index.md")
    assert '"myst_nb"' in result.read("conf.py")
    lines = files["lamps.ipynb"].split("\n")
    places = {e.kind: lines[e.line - 1].strip() for e in result.report.entries if e.line > 1}
    assert places.pop("front-matter") == '"cell_type": "raw",'
    assert places == {"cell": '"cell_type": "code",', "unknown-tag": '"cell_type": "markdown",'}


@pytest.mark.parametrize("text", ["{", "[]", '{"cells": [1]}'])
def test_a_notebook_that_cannot_be_read_is_reported(text: str, imported: Callable) -> None:
    result = imported({**NOTEBOOK_SITE, "lamps.ipynb": text})
    assert "lamps.ipynb" in {e.file for e in result.report.entries if e.kind == "skipped"}
    assert "lamps.ipynb" not in result.report.sources


@pytest.mark.parametrize(
    ("licence", "written"),
    [("CC BY-SA 4.0", "license: CC-BY-SA-4.0"), ("cc-by 4.0", "license: CC-BY-4.0"), ("mine", "")],
)
def test_the_licence_of_a_book_is_in_its_citation_file(
    licence: str, written: str, imported: Callable
) -> None:
    book = f"project: {{type: book}}\nbook: {{chapters: [index.md], title: T, author: Ada Reed, license: {licence}}}\n"
    result = imported({"_quarto.yml": book, "index.md": "# Lamps\n"}, project=True)
    citation = result.read("CITATION.cff")
    assert written in citation if written else "license" not in citation


# Files that belong to an article

QUARTO_SITE = {"_quarto.yml": "project: {type: website}\n"}


def test_an_included_file_is_part_of_the_article(imported: Callable) -> None:
    head = "---\ntitle: Lamps\n---\n"
    files = {
        **QUARTO_SITE,
        "lamps.qmd": f"{head}One.\n\n{{{{< include parts/_two.qmd >}}}}\n\n[x](/no.qmd)\n",
        "parts/_two.qmd": "---\na: b\n---\nTwo^[a note].\n\n{{< include _three.md >}}\n",
        "parts/_three.md": "Three.\n\n[y](/none.qmd)\n",
    }
    result = imported(files)
    assert (
        result.read("lamps.md")
        .partition("# Lamps\n\n")[2]
        .startswith("One.\n\nTwo{sidenote}`a note`.\n\nThree.\n")
    )
    places = [(e.line, e.kind) for e in result.report.entries if e.file == "lamps.qmd"]
    assert places == [(6, "unresolved-link"), (8, "unresolved-link")]


@pytest.mark.parametrize("name", ["_none.qmd", "../../secret.md"])
def test_an_include_that_cannot_be_read_is_reported(name: str, imported: Callable) -> None:
    text = f"---\ntitle: Lamps\n---\nOne.\n\n{{{{< include {name} >}}}}\n"
    result = imported({**QUARTO_SITE, "lamps.qmd": text})
    assert "unknown-tag" in {entry.kind for entry in result.report.entries}


def test_a_file_that_includes_itself_ends(imported: Callable) -> None:
    text = "---\ntitle: Lamps\n---\nOne.\n\n{{< include lamps.qmd >}}\n"
    result = imported({**QUARTO_SITE, "lamps.qmd": text})
    assert "unknown-tag" in {entry.kind for entry in result.report.entries}


def test_a_child_document_is_part_of_the_chapter(imported: Callable) -> None:
    files = {
        "_bookdown.yml": "rmd_files: [index.Rmd]\n",
        "index.Rmd": "# Lamps\n\n```{r child=c('a.Rmd', \"b.Rmd\")}\n```\n\nEnd.\n",
        "a.Rmd": "One *lamp*.\n",
        "b.Rmd": "Two.\n",
    }
    assert "One *lamp*.\n\nTwo.\n\nEnd.\n" in imported(files).read("index.md")


FROZEN = """\
---
title: Lamps
---
One lamp.

::: {.cell}

```{.r .cell-code}
1 + 1
```

::: {.cell-output .cell-output-stdout}

```
[1] 2
```

:::
:::

![](lamps_files/figure-html/a-1.png)
"""


@pytest.mark.parametrize("prose", ["One lamp.", "Another lamp."])
def test_the_frozen_output_of_cells_is_shown_while_it_is_current(
    prose: str, imported: Callable
) -> None:
    files = {
        **QUARTO_SITE,
        "lamps.qmd": f"---\ntitle: Lamps\n---\n{prose}\n\n```{{r}}\n1 + 1\n```\n",
        "_freeze/lamps/execute-results/html.json": json.dumps({"result": {"markdown": FROZEN}}),
        "_freeze/lamps/figure-html/a-1.png": b"png",
    }
    result = imported(files)
    text = result.read("lamps.md")
    assert prose in text
    assert ("[1] 2" in text) == (prose == "One lamp.")
    assert ("freeze/lamps/figure-html/a-1.png" in result.files) == (prose == "One lamp.")
    hidden = any("code that it hid" in entry.message for entry in result.report.entries)
    assert hidden == (prose == "One lamp.")


# MDX


def test_the_code_of_a_page_is_left_out_and_reported(article: Callable) -> None:
    text = "---\ntitle: Stars\n---\nimport A from './a';\n\nexport const b = {\n  c: 1,\n};\n\nA lamp{/* dim */}.\n"
    made, result = article(text, "astro")
    assert made.endswith("# Stars\n\nA lamp.\n")
    lines = [entry.line for entry in result.report.entries if entry.kind == Kind.SCRIPT.label]
    assert lines == [4, 6, 10]
    assert result.report.counts["unresolved"] == 0


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A{' '}b {`c`} {d}", "A b c `{d}`"),
        ("Far<Sidenote>A *note*.</Sidenote> off.", "Far{sidenote}`A *note*.` off."),
        ("Far<Mn>A *note*.</Mn> off.", "Far{marginnote}`A *note*.` off."),
        ('Far<Sn text="A *note*." /> off.', "Far{sidenote}`A *note*.` off."),
        ('<Tip text="Look *up*." />', ":::{tip}\nLook *up*.\n:::"),
        ('Far<MarginNote text={"A note."} /> off.', "Far{marginnote}`A note.` off."),
        ("<Tip>\n\nOne.\n\n- two\n\n</Tip>", ":::{tip}\nOne.\n\n- two\n:::"),
        ("<Card>\n    Four *blanks*.\n</Card>", "Four *blanks*."),
        ("<Card a={b => b > 1} />", "`<Card/>`"),
        ("<Card.Top>\n\n```sh\nls {a}\n```\n\n</Card.Top>", "```sh\nls {a}\n```"),
        ("A <Card>b", "A `<Card>`b"),
        ("`<Card/>` and $a_{b}$ and \\{c\\}", "`<Card/>` and $a_{b}$ and \\{c\\}"),
        ("<>A *b*</>", "A *b*"),
        (
            'Far.<MarginFigure src="/no.png" caption="A *map*" credit="By Ada" /> Off.',
            "Far.{marginnote}`[A map (By Ada)](/no.png){.external} A *map* (By Ada)` Off.",
        ),
        (
            '<Blockquote author="Ada" source="Letters">\n  Far *off*.\n</Blockquote>',
            "> Far *off*.\n>\n> — Ada, Letters",
        ),
        (
            '<Blockquote author="Ada" epigraph>\n  Far.\n</Blockquote>',
            ":::{epigraph}\nFar.\n\n-- Ada\n:::",
        ),
        ("<Steps>\n\n1. One.\n2. Two.\n\n</Steps>", "1. One.\n2. Two."),
        (
            '<Tabs>\n  <TabItem label="Sun *day*">\n  Far.\n  </TabItem>\n</Tabs>',
            "::::{tab-set}\n:::{tab-item} Sun *day*\nFar.\n:::\n::::",
        ),
        ('<FileTree title="The *sea*">\n- deep\n</FileTree>', "**The *sea***\n\n- deep"),
        ('<Card title="Moon">\nFar *off*.\n</Card>', ":::{card} Moon\nFar *off*.\n:::"),
        (
            '<LinkCard title="Moon" href="https://a.org/" description="Far off" />',
            "[Moon](https://a.org/): Far off",
        ),
        ('<LinkButton href="https://a.org/">Moon</LinkButton>', "[Moon](https://a.org/)"),
        ('A <Badge text="new" /> moon<Icon name="star" />.', "A new moon."),
        ('<Code code="ls -l" lang="sh" />', "```sh\nls -l\n```"),
        (
            "A.\n\n    <Tip>\n\n    ```sh\n    ls\n    ```\n\n    </Tip>",
            "A.\n\n:::{tip}\n```sh\nls\n```\n:::",
        ),
        (
            "1. A.\n\n    <Steps>\n      <Tip>\n      B.\n      </Tip>\n    </Steps>\n2. C.",
            "1. A.\n\n    :::{tip}\n    B.\n    :::\n\n2. C.",
        ),
        ("1 < 2 and a<b", "1 < 2 and a<b"),
    ],
)
def test_a_component_becomes(text: str, made: str, article: Callable) -> None:
    written, _ = article(f"---\ntitle: Stars\n---\n{text}\n", "astro")
    assert written.partition("# Stars\n\n")[2].strip() == made


@pytest.mark.parametrize(
    ("info", "caption"),
    [
        ("js title='a.js' {2}", "a.js"),
        ('js {2} "title=\'no.js\'" title="a.js"', "a.js"),
        ("js 'title=\"no.js\"'", ""),
        ('js "a.js" filename=""', ""),
    ],
)
def test_a_title_of_code_is_no_word_to_mark(info: str, caption: str, article: Callable) -> None:
    text, _ = article(f"```{info}\nmoon()\n```\n", "astro")
    shown = f":::{{code-block}} js\n:caption: {caption}\n\nmoon()\n:::\n"
    assert text.endswith(shown if caption else "```js\nmoon()\n```\n")


@pytest.mark.parametrize(
    "info", ['astro title="a.js" {3,6-8} ins="moon tide"', "js del={2} /sun set/"]
)
def test_marks_of_lines_of_code_are_no_words(info: str, article: Callable) -> None:
    _, result = article(f"# Tides\n\n```{info}\nsea()\n```\n", "astro")
    assert "lost-words" not in {entry.kind for entry in result.report.entries}


def test_a_rule_of_the_site_converts_a_component(article: Callable, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('["<Lamp>"]\ninline = "a *{color}* lamp"\n', encoding="utf-8")
    rules = tuple(custom_rules.read_rules(file))
    text, result = article('Here is <Lamp color="red" />.\n', "astro", rules=rules)
    assert "Here is a *red* lamp." in text
    assert result.report.counts["unknown"] == 0


def test_the_address_of_a_book_may_have_its_colon_escaped(imported: Callable) -> None:
    head = "---\ntitle: Tides\nsite: bookdown::bookdown_site\nurl: 'https\\://a.org/tides'\n---\n"
    new = imported({"index.Rmd": f"{head}# Tides\n\nA [b](https://a.org/tides/).\n"})
    assert "# Tides\n\nA [b](index.md)." in new.read("index.md")


@pytest.mark.parametrize("prefix", ["", "    ", "- a\n\n  "])
def test_a_cell_that_knitr_is_told_not_to_run_is_code(prefix: str, article: Callable) -> None:
    indent = " " * (len(prefix) - prefix.rfind("\n") - 1)
    shown = f"```{{r echo = TRUE}}`r ''`\n{indent}sum(1)\n{indent}```"
    text, _ = article(f"# Tides\n\n{prefix}{shown}\n\nHigh *water*.\n\n## Low\n", "bookdown")
    assert "sum(1)" in text
    assert "`r ''`" not in text
    assert "\nHigh *water*.\n\n(low)=\n## Low" in text


@pytest.mark.parametrize("above", ["<!-- Later: moons -->", "<!-- Later:\nmoons -->\n  "])
def test_the_title_may_follow_comments(above: str, article: Callable) -> None:
    text, result = article(
        f"{above}\n\n```{{r, echo=FALSE}}\nsea()\n```\n\n# Tides\n\nHigh.\n", "bookdown"
    )
    assert "# Tides\n\n" in text
    assert "## " not in text
    assert "title" not in {entry.kind for entry in result.report.entries if "stars" in entry.file}


@pytest.mark.parametrize(
    "written",
    [
        "![A map](no.png){#fig-map}",
        "```{r}\n#| label: fig-map\n#| fig-cap: A map\nknitr::include_graphics('no.png')\n```",
    ],
)
def test_a_reference_leads_to_a_figure_without_its_image(written: str, article: Callable) -> None:
    text, _ = article(f"# Tides\n\n{written}\n\nSee @fig-map.\n", "quarto")
    assert "(fig-map)=\n[no.png](no.png){.external}\n\nA map" in text
    assert "See {ref}`Figure <fig-map>`." in text


GATED = """\
```{exercise-start} High water
:label: sea_ex1
```

When is it *high*?

```{exercise-end}
```

```{solution-start} sea_ex1
:class: dropdown
```

```{code-cell} python
print(12)
```

```{solution-end}
```

See {ref}`sea_ex1`, {ref}`this <sea_ex1>` and {prf:ref}`No. %s <sea_ex1>`.

```{exercise}
:label: sea_ex2
Where?
```

```{solution} sea_ex2
:class: dropdown
There.
```

```{prf:Theorem} Ebb
It ebbs.
```
"""


EXERCISES = """\
```{rubric} Exercise 1 (High water)
:class: exercise
:name: sea-ex1
```

When is it *high*?

```{rubric} Solution to Exercise 1
:class: solution
```

```{code-cell} python
print(12)
```

See {ref}`Exercise 1 <sea-ex1>`, {ref}`this <sea-ex1>` and {ref}`Exercise 1 <sea-ex1>`.

```{admonition} Exercise 2
:class: exercise
:name: sea-ex2
Where?
```

```{dropdown} Solution to Exercise 2
There.
```

```{admonition} Theorem 1 (Ebb)
:class: theorem
It ebbs.
```
"""


def test_an_exercise_with_cells_is_a_heading_above_them(article: Callable) -> None:
    text, result = article(f"# Tides\n\n{GATED}", "myst")
    assert re.sub(r"\n{3,}", "\n\n", text.partition("# Tides\n\n")[2]) == EXERCISES
    assert {e.kind for e in result.report.entries if "stars" in e.file} <= {"attributes"}


@pytest.mark.parametrize("title", ["# High water", "# High *water*\n\nA.", "High water\n===="])
def test_a_reference_leads_to_the_title_of_another_chapter(title: str, imported: Callable) -> None:
    files = {
        "_bookdown.yml": "book_filename: tides\n",
        "index.Rmd": "# Start\n\nSee \\@ref(high-water) and [it](#high-water).\n",
        "02-sea.Rmd": f"\\clearpage\n\n{title}\n\nB.\n",
    }
    new = imported(files)
    assert "See {numref}`{number} <sea>` and [it](#sea)." in new.read("index.md")
    assert new.report.counts["unresolved"] == 0


def test_signs_that_are_indented_as_code_end_no_fence(article: Callable) -> None:
    raw = "```{=html}\n<!--\n1.  Low\n\n    ```{r}\n    sea()\n    ```\n-->\n```"
    text, _ = article(f"# Tides\n\n{raw}\n\n## High {{#high}}\n\nSee \\@ref(high).\n", "bookdown")
    assert "-->\n\n(high)=\n## High\n\nSee {numref}`{number} <high>`." in text


@pytest.mark.parametrize("dialect", ["quarto", "bookdown"])
def test_text_after_the_end_of_an_element_is_no_part_of_it(dialect: str, article: Callable) -> None:
    text, _ = article("# Tides\n\n<div>\nLow.\n</div>\nHigh *water*\nrises.\n", dialect)
    assert "</div>\n\nHigh *water*\nrises." in text


@pytest.mark.parametrize(("default", "article_"), [("en", "Sea."), ("de", "Meer.")])
def test_a_translation_of_hugo_has_its_language_in_its_name(
    default: str, article_: str, imported: Callable
) -> None:
    languages = "[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n"
    other = "de" if default == "en" else "en"
    files = {
        "hugo.toml": f"defaultContentLanguage = '{default}'\n{languages}",
        f"content/sea.{default}.md": f"{article_}\n",
        f"content/sea.{other}.md": "Other.\n",
        f"content/en/_index.{default}.md": "See [it](../sea).\n",
        "content/de.md": "A.\n",
        "content/v1.2.md": "B.\n",
    }
    new = imported(files)
    assert new.files == {"sea.md", "de.md", "v1.2.md", "en/index.md", "en/_block.yaml"}
    assert article_ in new.read("sea.md")
    assert "[it](../sea.md)" in new.read("en/index.md")
    skipped = [entry.file for entry in new.report.lines() if entry.kind == "skipped"]
    assert skipped == [f"content/sea.{other}.md"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{{% notice style="warning" %}}\nHigh.\n{{% /notice %}}', ":::{warning}\nHigh.\n:::"),
        (
            '{{< tabs items="Low tide,High" >}}\n{{< tab >}}A.{{< /tab >}}\n{{< tab >}}B.{{< /tab >}}'
            "\n{{< /tabs >}}",
            "::::{tab-set}\n:::{tab-item} Low tide\nA.\n:::\n\n:::{tab-item} High\nB.\n:::\n::::",
        ),
        (
            '{{< button href="https://a.org" >}}The *sea*{{< /button >}}',
            "[The *sea*](https://a.org)",
        ),
        ('A {{< button url="https://a.org" text="sea" >}}.', "A [sea](https://a.org)."),
        (
            '{{< card link="https://a.org" title="Sea" subtitle="high water" icon="x" >}}',
            "[Sea](https://a.org): high water",
        ),
        ('{{% card header="**Sea**" %}}\nHigh.\n{{% /card %}}', ":::{card} **Sea**\nHigh.\n:::"),
        ('A{{< icon "star" >}} tide {{< badge content="new" >}}.', "A tide new."),
        ('See {{< x user="sea" id="12" >}}.', "See [x 12](https://x.com/i/status/12)."),
        ('{{< cite page="/sea" >}}', '`{{< cite page="/sea" >}}`'),
        (
            "1. A\n\n   {{< highlight go >}}\n   if x {\n     y\n   }\n   {{< /highlight >}}",
            "1. A\n\n   ```go\n   if x {\n     y\n   }\n   ```",
        ),
    ],
)
def test_a_shortcode_of_a_theme_of_hugo_becomes(
    written: str, expected: str, article: Callable
) -> None:
    text, _ = article(f"---\ntitle: Stars\n---\n\n{written}\n", "hugo")
    assert text.partition("# Stars\n\n")[2] == f"{expected}\n"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('.content-visible when-format="html"', ":::{only} html\nHigh *water*.\n:::"),
        ('.content-visible when-format="pdf"', ":::{only} latex\nHigh *water*.\n:::"),
        ('.content-visible unless-format="html:js"', ":::{only} not html\nHigh *water*.\n:::"),
        ('.content-hidden when-format="latex"', ":::{only} not latex\nHigh *water*.\n:::"),
        ('.content-hidden unless-format="epub"', ":::{only} epub\nHigh *water*.\n:::"),
        ('.content-visible when-profile="sea"', "High *water*."),
        (".content-hidden", "High *water*."),
    ],
)
def test_a_div_for_some_formats_is_shown_in_those_only(
    condition: str, expected: str, article: Callable
) -> None:
    text, _ = article(f"# Tides\n\n::: {{{condition}}}\nHigh *water*.\n:::\n\nEnd.\n", "quarto")
    assert f"# Tides\n\n{expected}\n\nEnd.\n" in text


def test_a_section_for_some_formats_stays_a_section(article: Callable) -> None:
    div = '::: {.content-visible when-format="html"}\n## High\n\nA.\n:::\n'
    text, _ = article(f"# Tides\n\n{div}", "quarto")
    assert text.endswith("# Tides\n\n(high)=\n## High\n\nA.\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{{< video https://a.org/x_y >}}", "[https://a.org/x\\_y](https://a.org/x_y)"),
        ("A.\n\n{{< pagebreak >}}\n\nB.", "A.\n\nB."),
        ("Press {{< kbd Ctrl-S >}} or [{{< fa star >}}b](https://a.org).",
         "Press {kbd}`Ctrl-S` or [b](https://a.org)."),
        ("{{< var tide >}}", "`{{< var tide >}}`"),
    ],
)  # fmt: skip
def test_a_shortcode_of_quarto_becomes(written: str, expected: str, article: Callable) -> None:
    text, _ = article(f"# Tides\n\n{written}\n", "quarto")
    assert text.endswith(f"# Tides\n\n{expected}\n")


@pytest.mark.parametrize("dialect", ["quarto", "bookdown"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a. Low\nb. High", "- a. Low\n- b. High"),
        ("(a) Low\n(b) High", "- (a) Low\n- (b) High"),
        ("i) Low\n\n   *More*.\n\nii) High", "- i) Low\n\n   *More*.\n\n- ii) High"),
        ("1. Sea\n   A.  Low\n   B.  High\n2. Land",
         "1. Sea\n   - A.  Low\n   - B.  High\n2. Land"),
        ("> a. Low\n> b. High", "> - a. Low\n> - b. High"),
        ("#. Low\n#. High", "1. Low\n1. High"),
        ("(@sea) Low\n\n(@) High, not `(@sea)` as in (@sea).",
         "- (1) Low\n\n- (2) High, not `(@sea)` as in (1)."),
        ("I. Reed wrote it.\nK. Moon did not.", "I. Reed wrote it.\nK. Moon did not."),
        ("Low\na. sea\nb. tide", "Low\na. sea\nb. tide"),
        ("a. Low\n\nEnd.\n\nb. High", "a. Low\n\nEnd.\n\nb. High"),
        ("```\na. Low\nb. High\n```", "```\na. Low\nb. High\n```"),
    ],
)  # fmt: skip
def test_a_list_with_other_signs_is_a_list(
    dialect: str, written: str, expected: str, article: Callable
) -> None:
    text, result = article(f"# Tides\n\n{written}\n", dialect)
    assert text.endswith(f"# Tides\n\n{expected}\n")
    assert "lost-words" not in {entry.kind for entry in result.report.entries}


@pytest.mark.parametrize("dialect", ["quarto", "bookdown", "tufte-jekyll", "hugo"])
@pytest.mark.parametrize(
    ("environment", "inner"),
    [
        *(("align", "aligned"), ("align*", "aligned"), ("alignat", "aligned")),
        *(("flalign", "aligned"), ("eqnarray", "aligned"), ("gather", "gathered")),
        *(("equation", ""), ("multline", "")),
    ],
)
def test_a_formula_with_a_label_has_an_environment_that_may_be_in_another(
    dialect: str, environment: str, inner: str, article: Callable
) -> None:
    argument = "{2}" if environment == "alignat" else ""
    tex = f"\\begin{{{environment}}}{argument}\na \\label{{sea}} \\\\\nb\n\\end{{{environment}}}"
    text, _ = article(f"# Tides\n\n{tex}\n\nEnd.\n", dialect)
    directive = text.partition(":::{math}\n")[2].partition("\n:::")[0]
    expected = f"\\begin{{{inner}}}\na \\\\\nb\n\\end{{{inner}}}" if inner else "a \\\\\nb"
    assert "".join(directive.partition("\n\n")[2].split()) == "".join(expected.split())
