"""Import the checkout of a site, build the result, and print one row of a table about it.

    python tools/import_survey.py CHECKOUT [CHECKOUT …] [--keep FOLDER]

The words are counted here once more, without the importer: the words of the sources that Sphinx
does not show. A row says how many of them no line of the report names, and how many signs of other
dialects a reader of the new pages sees that no line names. Both should be 0.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from marginalia_import.importer import Options, import_site
from marginalia_import.report import InputError

if TYPE_CHECKING:
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
    r"\A---\s*\n.*?^---\s*$|<(script|style|head)\b.*?</\1>|<!--.*?-->|\{%.*?%\}|\{\{.*?\}\}"
    r"|</?[a-zA-Z][^<>]*>|\]\(\s*(?:\{\{.*?\}\}|\{%.*?%\}|\([^()]*\)|[^\s()])*|\]\[[^\]]*\]|^\s*\[[^\]]+\]:\s*\S+"
    r"|\{[:.#][^{}]*\}|^[ \t>]*(?:`{3,}|~{3,})[^\n]*$|\[\^[^\]]+\]|\[!\w+\]"
    r"|:{3,}[ \t]*(?:\{[^{}\n]*\}|\w*)|<!\w[^<>]*>|!\[\[[^\[\]]*\]\]",
    re.DOTALL | re.MULTILINE,
)


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
    return " ".join(parts)


def build(folder: Path) -> tuple[str, dict[str, nodes.document]]:
    """Build a project; return the warnings, and the documents as they were read."""
    warnings = io.StringIO()
    trees: dict[str, nodes.document] = {}
    places = (folder, folder, folder / "_out" / "html", folder / "_out" / "doctrees")
    app = Sphinx(*places, "html", status=None, warning=warnings, parallel=2)
    app.build()
    for name in app.env.found_docs:
        trees[name] = app.env.get_doctree(name)
    (folder / "_out" / "warnings.txt").write_text(warnings.getvalue(), encoding="utf-8")
    return warnings.getvalue(), trees


def unreported(
    root: Path, report: Report, sources: dict[str, str], trees: dict[str, nodes.document]
) -> tuple[int, int, int]:
    """Return the words of the sources, those lost and not named, and the signs not named."""
    total = lost = literal = 0
    for path, docname in sources.items():
        text = (root / path).read_text(encoding="utf-8", errors="replace")
        entries = [entry for entry in report.entries if entry.file == path]
        named = words(" ".join(entry.message for entry in entries))
        before, after = words(HIDDEN.sub(" ", text)), words(shown(trees[docname]))
        total += before.total()
        lost += sum(n for word, n in (before - after).items() if word not in named)
        kinds = " ".join(f"{entry.kind} {entry.message}" for entry in entries)
        code = {nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw}
        for node in trees[docname].findall(nodes.Text):
            if type(node.parent) not in code:
                literal += sum(match[0][:12] not in kinds for match in LITERAL.finditer(str(node)))
    return total, lost, literal


def row(checkout: Path, folder: Path) -> list[object]:
    """Return the cells of a site's row."""
    started = time.process_time()
    report = import_site(Options(checkout, folder, project=True))
    imported = time.process_time() - started
    quiet = redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO())
    with quiet[0], quiet[1], patch_docutils(), docutils_namespace():
        warnings, trees = build(folder)
    built = time.process_time() - started - imported
    formulas = sum(
        len([*tree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block))])
        for tree in trees.values()
    )
    total, lost, literal = unreported(report.root or checkout, report, report.sources, trees)
    counts = report.counts
    notes = counts["sidenotes"] + counts["marginnotes"]
    cells = [counts["articles"], notes, counts["citations"], counts["figures"], formulas]
    lines = len([line for line in warnings.splitlines() if line.strip()])
    times = [f"{imported:.1f}", f"{built:.1f}", f"{imported / built:.2f}"]
    return [checkout.name, *cells, total, lost, literal, lines, *times]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Import, build and count the checkouts of sites.")
    parser.add_argument("checkout", type=Path, nargs="+")
    parser.add_argument("--keep", type=Path, help="keep the new projects in this folder")
    arguments = parser.parse_args()
    print(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}")
    for checkout in arguments.checkout:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (arguments.keep or Path(temporary)) / checkout.name
            try:
                cells = row(checkout, folder)
            except InputError as error:
                cells = [checkout.name, str(error)]
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
