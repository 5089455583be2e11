"""Import the checkout of a site, build the result, and print one row of a table about it.

    python tools/import_survey.py CHECKOUT [CHECKOUT …] [--keep FOLDER] [--pandoc NUMBER]

The words are counted here once more, without the importer: the words of the sources that Sphinx
does not show. A row says how many of them no line of the report names, and how many signs of other
dialects a reader of the new pages sees that no line names. Both should be 0. The columns ``import``
and ``build`` are CPU seconds of the two commands, with the start of Python and all libraries.

With ``--pandoc`` the largest articles of each site are also read by pandoc, and each gets a row:
how many notes, citations, formulas, tables, images and headings pandoc finds and the new page has,
and how many of pandoc's words are neither there nor in the report. Pandoc knows no tags of template
languages, so those that mean a note or the like are first written as Pandoc writes them.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypandoc
from docutils import nodes
from sphinx.addnodes import pending_xref

from marginalia_import.crossrefs import REFERENCE_KEY
from marginalia_import.importer import Options, import_site
from marginalia_import.report import InputError
from marginalia_import.sites.notebooks import MARK, SUFFIX, markdown_of
from sphinx_marginalia.sidenotes.nodes import marginnote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marginalia_import.report import Report

COLUMNS = ["site", "articles", "notes", "citations", "figures", "formulas"]
COLUMNS += ["words", "lost", "literal", "warnings", "import", "build", "ratio"]
WORD = re.compile(r"[^\W\d_]{2,}")
#: What a reader takes for markup of another dialect.
LITERAL = re.compile(
    r"\{%.*?%\}|\{\{.*?\}\}|^:{3,}.*|\^\[|\[!\w+\]|\[\[\w|\\@ref|<(?:d|dt)-\w+|==\w[^=]*=="
)
#: What shows no words: front matter, code of templates, tags, addresses.
HIDDEN = re.compile(
    # Cells of R that were run but not shown.
    r"^`{3,}\{r\b(?:[^\n}]|\n(?:#\|)?)*?include\s*[=:]\s*(?:FALSE|false).*?^`{3,}[ \t]*$|"
    r"\A---\s*\n.*?^---\s*$|\A\+\+\+\s*\n.*?^\+\+\+\s*$|<(script|style|head)\b.*?</\1>|<!--.*?-->|\{%.*?%\}|\{\{.*?\}\}"
    r"|</?[a-zA-Z][^<>]*>|\]\(\s*(?:\{\{.*?\}\}|\{%.*?%\}|\([^()]*\)|[^\s()])*|\]\[[^\]]*\]|^\s*\[[^\]]+\]:\s*\S+"
    r"|\{[:.#][^{}]*\}|^[ \t>]*(?:`{3,}|~{3,})[^\n]*$|\[\^[^\]]+\]|\[!\w+\]"
    r"|:{3,}[ \t]*(?:\{[^{}\n]*\}|[\w-]*)|<!\w[^<>]*>|!\[\[[^\[\]]*\]\]|\[\[[^\[\]|\n]*\|"
    # Options of cells, pictures, references.
    r"|^#\|\s*[\w.-]+\s*[:=](?:\s*(?:[\w.%-]+|[\"'][\w.%-]*[\"']),?[ \t]*$)?"
    r"|(?<![\w@])-?@(?:sec|fig|tbl|eq)-[\w-]+|%%(?=\S).*?%%|knitr::|\bfig-alt=\""
    r"|include_graphics\([^)]*\)|\\@ref\([^)]*\)|^\(ref:[\w-]+\)"
    # Labels, options and names of roles in MyST.
    r"|^\([\w-]+\)=|^[ \t]*:[\w-]+:[^\n]*$|\{(?:ref|numref|eq|cite)\w*(?::\w+)?\}`[^`]*`"
    r"|\{[\w:]+\}(?=`)",
    re.DOTALL | re.MULTILINE,
)

#: A cell and code within a sentence, of which Quarto's page shows as much as its settings say.
CELL = re.compile(r"^`{3,}\{.*?^`{3,}[ \t]*$|`r [^`]*`", re.DOTALL | re.MULTILINE)
#: What pandoc finds and we have, in the order of the columns.
KINDS = ("notes", "citations", "formulas", "tables", "images", "headings")
#: What Pandoc finds also within HTML.
NOTE, PICTURE = r"<span class='note'>\g<text></span>", "·<img>"
CITATION = "<wbr class=cite>"
RAW_NOTE = re.compile(r"class=[\"']?(?:note|sidenote|marginnote)\b")
#: The markup of template languages and of HTML, and what Pandoc has for it.
REWRITTEN = {
    # A figure within HTML is indented as HTML is: for the old site that was no code.
    r"(?m)^[ \t]{4,}(?=\{%-?\s*include (?:\w+/)*\w*(?:figure|image|img))": "",
    r"\A\+\+\+\s*\n.*?\n\+\+\+": "",
    r"\{%-?\s*(?:sidenote|marginnote)\b[^%]*%\}(?P<text>(?:(?!\{%).)*)\{%-?\s*end(?:side|margin)note"
    r"\s*-?%\}": NOTE,
    r"\{%-?\s*(?:sidenote|marginnote)\s+(?:(?:'[\w-]+'|\"[\w-]+\"|[\w-]+)\s+)?(['\"])"
    r"(?P<text>(?:\\.|(?!\1).)*)\1\s*-?%\}": NOTE,
    r"\{%-?\s*include (?:sidenote|marginnote)\.html\b.*?(?:note|text)=(['\"])"
    r"(?P<text>(?:(?!\1).)*)\1\s*-?%\}": NOTE,
    r"\{%-?\s*(?:include )?marginfigure\b.*?-?%\}": "<span class='note'><img></span>",
    r"\{%-?\s*(?:maincolumn|fullwidth|figure|image)\b[^%]*?['\"]\S+\.\w{3,4}['\"].*?%\}": PICTURE,
    r"\{%-?\s*include (?:\w+/)*\w*(?:figure|image|img)\w*\.\w+\s.*?-?%\}": PICTURE,
    r"\{%-?\s*cite\s+['\"]?[\w:,. -]+?['\"]?\s*-?%\}": CITATION,
    r"<d-cite\s+key=['\"][^'\"]+['\"]\s*/?>(?:</d-cite>)?|\{cite(?::\w+)?\}`[^`]*`": CITATION,
    r"<(?P<e>d-footnote|Sidenote|MarginNote|SideNote)\b[^<>]*>(?P<text>(?:(?!</?(?P=e)).)*)"
    r"</(?P=e)>": NOTE,
    r"\{%-?\s*m\s*-?%\}(.*?)\{%-?\s*em\s*-?%\}|\{math\}`([^`]*)`": r"$\1\2$",
    r"\{%-?\s*math\s*-?%\}(.*?)\{%-?\s*endmath\s*-?%\}": r"$$\1$$",
    r"\{%-?\s*highlight (\w+).*?%\}(.*?)\{%-?\s*endhighlight\s*-?%\}": r"``` \1\2```",
    r"\{\{[<%]\s*(?P<e>sidenote|marginnote)\b.*?[>%]\}\}(?P<text>.*?)\{\{[<%]\s*/\s*(?P=e)\s*[>%]"
    r"\}\}": NOTE,
    r"\{\{[<%]\s*figure\b.*?src=\"[^\"]+\".*?[>%]\}\}": PICTURE,
    r"<MarginFigure\b[^<>]*>": "<span class='note'><img></span>",
    r"<(?:Figure|Image)\b[^<>]*>": PICTURE,
    r"!\[\[[^\[\]|\n]+\.(?:png|jpe?g|gif|svg|webp)[^\[\]\n]*\]\]": PICTURE,
    r"(?m)^(?P<f>`{3,}|:{3,})\{(?:figure|image)\}[ \t]*\S+.*?^(?P=f)[ \t]*$": PICTURE,
    r"(?m)^(?P<f>`{3,})\{math\}\s*?\n(?::\w+:[^\n]*\n)*(.*?)^(?P=f)[ \t]*$": r"$$\n\2$$",
    # The directives of MyST with text in them.
    r"(?m)^(?P<f>`{3,})\{(?:note|tip|warning|important|admonition|exercise[\w-]*|solution[\w-]*|hint"
    r"|prf:\w+|margin|sidebar|dropdown|seealso)\}(.*?)^(?P=f)[ \t]*$": r"\n::: x\n\2\n:::\n",
    r"\\@ref\([^)]*\)": "",
    # Pandoc knows no header such as {r, echo=FALSE}: it would read the cell as text.
    r"(`{3,})\{[a-z][^}\n]*\}": r"\1code",
}
FORMATS = {
    "quarto": "markdown+tex_math_single_backslash",
    "bookdown": "markdown+tex_math_single_backslash",
    "tufte-html": "html",
    "tufte-jekyll": "markdown+lists_without_preceding_blankline-blank_before_header-citations"
    "-blank_before_blockquote-fancy_lists+tex_math_double_backslash",
}
NOTE_CLASSES = {"note", "aside", "column-margin", "sidenote", "marginnote", "margin-note", "margin"}


def words(text: str) -> Counter[str]:
    """Return how often each word occurs, in lower case."""
    return Counter(word.lower() for word in WORD.findall(unescape(text)))


def shown(document: nodes.document) -> str:
    """Return the text of a document that a reader sees, HTML without its tags."""
    parts = [
        re.sub(r"<[^<>]*>", " ", node.astext()) if isinstance(node.parent, nodes.raw) else node
        for node in document.findall(nodes.Text)
        if not isinstance(node.parent, nodes.comment)
    ]
    parts += [image.get("alt", "") for image in document.findall(nodes.image)]
    parts += [link.get("reftitle", "") for link in document.findall(nodes.reference)]
    return " ".join(parts)


def run(*arguments: object) -> float:
    """Run a module of Python as a command; return the CPU seconds of all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", *map(str, arguments)]
    subprocess.run(command, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def build(folder: Path) -> tuple[float, str, dict[str, nodes.document]]:
    """Build a project; return CPU seconds, warnings, and the documents as they were read."""
    out = folder / "_out"
    out.mkdir()
    options = ["-b", "html", "-w", out / "warnings.txt", "-d", out / "doctrees"]
    seconds = run("sphinx", *options, folder, out / "html")
    trees = {
        file.relative_to(out / "doctrees").with_suffix("").as_posix(): pickle.loads(
            file.read_bytes()
        )
        for file in sorted((out / "doctrees").rglob("*.doctree"))
    }
    return seconds, (out / "warnings.txt").read_text(encoding="utf-8"), trees


def text_of(file: Path) -> str:
    """Return an article of the old site; of a notebook, its Markdown."""
    text = file.read_text(encoding="utf-8", errors="replace")
    return MARK.sub("\n\n", markdown_of(text)[0]) if file.suffix == SUFFIX else text


def unreported(
    root: Path, report: Report, sources: dict[str, str], trees: dict[str, nodes.document]
) -> tuple[int, int, int]:
    """Return the words of the sources, those lost and not named, and the signs not named."""
    total = lost = literal = 0
    for path, docname in sources.items():
        text = text_of(root / path)
        entries = [entry for entry in report.entries if entry.file == path]
        named = words(" ".join(entry.message for entry in entries))
        if any("as Quarto executed" in entry.message for entry in entries):
            text = re.sub(
                r"^`{3,}\{.*?^`{3,}[ \t]*$|`r [^`]*`", "", text, flags=re.DOTALL | re.MULTILINE
            )
        before, after = words(HIDDEN.sub(" ", text)), words(shown(trees[docname]))
        total += before.total()
        lost += sum(n for word, n in (before - after).items() if word not in named)
        kinds = " ".join(f"{entry.kind} {entry.message}" for entry in entries)
        code = {nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw}
        code.add(nodes.comment)
        for node in trees[docname].findall(nodes.Text):
            if type(node.parent) not in code:
                literal += sum(match[0][:12] not in kinds for match in LITERAL.finditer(str(node)))
    return total, lost, literal


def elements(node: object) -> Iterator[dict[str, Any]]:
    """Yield all elements in the tree that pandoc writes as JSON; the alternatives of images not."""
    if isinstance(node, dict):
        if "t" in node:
            yield node
        if node.get("t") != "Image":
            yield from elements([*node.values()])
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)


def read_by_pandoc(text: str, dialect: str) -> tuple[Counter[str], Counter[str]]:
    """Return how many things of each kind pandoc finds in an article, and its words."""
    for pattern, replacement in REWRITTEN.items():
        text = re.sub(pattern, replacement, text, flags=re.DOTALL)
    name = FORMATS.get(dialect, "commonmark_x")
    # In a sandbox, or it would fetch what a page embeds.
    tree = json.loads(pypandoc.convert_text(text, "json", name, extra_args=["--sandbox"]))
    # Pictures that a cell of R includes: pandoc sees only its code.
    counts: Counter[str] = Counter(images=text.count("include_graphics("))
    texts: list[str] = []
    names = {"Note": "notes", "Math": "formulas", "Table": "tables", "Image": "images"}
    names |= {"Header": "headings", "Cite": "citations"}
    for element in elements(tree["blocks"]):
        kind, content = element["t"], element.get("c")
        if kind == "Cite" and REFERENCE_KEY.fullmatch(content[0][0]["citationId"]):
            content[1].clear()  # to a figure or section
            continue
        counts[names.get(kind, "")] += 1
        if kind in {"Span", "Div"}:
            counts["notes"] += bool({*content[0][1]} & NOTE_CLASSES)
        elif kind in {"RawBlock", "RawInline"} and content[0] == "html":
            counts["notes"] += len(RAW_NOTE.findall(content[1]))
            counts["citations"] += content[1].count(CITATION)
            counts["tables"] += len(re.findall("<table", content[1]))
            counts["images"] += len(re.findall("<img", content[1]))
        elif kind in {"RawBlock", "RawInline"} and re.match(r"\s*\\begin", content[1]):
            counts["formulas"] += 1
        elif kind in {"Str", "Code"}:
            texts.append(content if kind == "Str" else content[1])
        if kind in {
            "Space",
            "RawInline",
            "Span",
            "SoftBreak",
            "LineBreak",
            "Para",
            "Plain",
            "Header",
        }:
            texts.append(" ")
    # A first heading that is the title, or repeats it.
    headings = [element for element in elements(tree["blocks"]) if element["t"] == "Header"]
    if headings and headings[0]["c"][0] == 1:
        repeats = headings[0]["c"][2] == tree["meta"].get("title", {}).get("c")
        counts["headings"] -= repeats or name == "html" or "title" not in tree["meta"]
    return counts, words("".join(texts))


def ours(tree: nodes.document) -> Counter[str]:
    """Return how many things of each kind a new page has."""
    counts: Counter[str] = Counter(headings=-1)  # the title
    for node in tree.findall(nodes.Element):
        counts["notes"] += isinstance(node, nodes.footnote_reference | marginnote)
        counts["notes"] += isinstance(node, nodes.figure) and "margin" in node["classes"]
        counts["citations"] += isinstance(node, pending_xref) and node.get("refdomain") == "cite"
        counts["formulas"] += isinstance(node, nodes.math | nodes.math_block)
        counts["tables"] += isinstance(node, nodes.table)
        counts["images"] += isinstance(node, nodes.image)
        # MyST makes a rubric of a heading within a directive.
        is_nested = isinstance(node, nodes.rubric) and "level" in node
        is_title = isinstance(node, nodes.title) and isinstance(node.parent, nodes.section)
        counts["headings"] += is_nested or is_title
        if isinstance(node, nodes.raw):
            counts["tables"] += node.astext().count("<table")
            counts["images"] += node.astext().count("<img")
    return counts


def compare(
    site: str, root: Path, report: Report, trees: dict[str, nodes.document], number: int
) -> Iterator[list[object]]:
    """Yield a row for each of the largest articles, read by pandoc and as it came over."""
    sizes = {path: (root / path).stat().st_size for path in report.sources}
    for path in sorted(sizes, key=lambda path: (-sizes[path], path))[:number]:
        text = text_of(root / path)
        theirs, their_words = read_by_pandoc(text, report.dialect)
        tree = trees[report.sources[path]]
        entries = [entry for entry in report.entries if entry.file == path]
        named = words(" ".join(entry.message for entry in entries))
        # What became a link or code because it leads nowhere has a line of its own.
        kinds = Counter(entry.kind for entry in entries)
        nowhere = {"images": kinds["unresolved-image"], "citations": kinds["unresolved-citation"]}
        mine = ours(tree) + Counter(nowhere)
        missing = their_words - words(shown(tree))
        cells = [f"{theirs[kind]}/{mine[kind]}" for kind in KINDS]
        lost = [word for word in missing.elements() if word not in named]
        yield [f"{site}/{path}", *cells, their_words.total(), len(lost), " ".join(lost[:12])]


def row(checkout: Path, folder: Path, number: int) -> Iterator[list[object]]:
    """Yield the cells of a site's row, then of its articles that pandoc read."""
    report = import_site(Options(checkout, folder, project=True, dry_run=True))
    imported = run("marginalia_import", checkout, folder, "--project")
    built, warnings, trees = build(folder)
    total, lost, literal = unreported(report.root or checkout, report, report.sources, trees)
    counts, found = report.counts, sum(map(ours, trees.values()), Counter[str]())
    cells = [counts["articles"], found["notes"], found["citations"], counts["figures"]]
    cells.append(found["formulas"])
    lines = len([line for line in warnings.splitlines() if line.strip()])
    times = [f"{imported:.2f}", f"{built:.2f}", f"{imported / built:.2f}"]
    yield [checkout.name, *cells, total, lost, literal, lines, *times]
    yield from compare(checkout.name, report.root or checkout, report, trees, number)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Import, build and count the checkouts of sites.")
    parser.add_argument("checkout", type=Path, nargs="+")
    parser.add_argument("--keep", type=Path, help="keep the new projects in this folder")
    parser.add_argument("--pandoc", type=int, default=0, help="articles of each that it reads")
    arguments = parser.parse_args()
    print(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}")
    for checkout in arguments.checkout:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (arguments.keep or Path(temporary)) / checkout.name
            try:
                rows = [*row(checkout, folder, arguments.pandoc)]
            except InputError as error:
                rows = [[checkout.name, str(error)]]
            for cells in rows:
                print(f"| {' | '.join(map(str, cells))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
