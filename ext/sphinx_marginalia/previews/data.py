"""The files with the previews of a page, which stand beside it.

``essay.html`` has ``essay.previews.json``, which a script derives from the address of a link::

    {
        "title": "An essay",
        "ids": {"": 0, "essay": 0, "fig-tide": 1},
        "previews": ["<p class=…", "<figure …"],
        "words": ["Go there", "Close"]
    }

A page with many places, such as a bibliography, has its previews in several files. The first then
says how many there are, and the id of a place says in which one it is::

    {"parts": 3}                        works.previews.json
    {"title": …, "ids": …, …}           works.previews-0.json, works.previews-1.json, …

They are written with the page, in whatever process writes it, and from nothing but the page. So
they are outdated exactly when the page is.
"""

from __future__ import annotations

import glob
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils import new_document
from sphinx.util.logging import suppress_logging

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import makes_site
from sphinx_marginalia.core.options import Option
from sphinx_marginalia.core.outdated import output_of, write_atomically
from sphinx_marginalia.previews.excerpts import excerpts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx

LENGTH = Option(
    "previews_length",
    default=400,
    rebuild="html",
    minimum=40,
    help="The most characters of text that a preview shows.",
)
OPTIONS = (LENGTH,)

#: What follows the name of a page, without its suffix, in the name of its file.
SUFFIX = ".previews"
#: The characters in one file, before it is compressed to about a fifth.
MOST = 40_000
#: Between the excerpts of a page while they are rendered together.
MARK = "<!--marginalia-preview-->"


def write_previews(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: Mapping[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the previews of the places on a page. Called before the page is written."""
    if doctree is None or not makes_site(app.builder):
        return
    shown = excerpts(doctree, LENGTH.value(app.config))
    distinct = list({id(content): content for content in shown.values()}.values())
    rendered = render(app, distinct)
    html = {id(content): text for content, text in zip(distinct, rendered, strict=True)}
    title = app.env.titles[pagename].astext() if pagename in app.env.titles else ""
    previews = {name: html[id(content)] for name, content in shown.items()}
    path = _path(app, pagename)
    texts = {f"{path.name}{end}.json": text for end, text in _files(title, previews)}
    for old in set(_written(path)) - texts.keys():
        path.with_name(old).unlink()
    for name, text in texts.items():
        file = path.with_name(name)
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file, text.encode())


def _path(app: Sphinx, docname: str) -> Path:
    """Return where the previews of a document are, without the end of the name."""
    builder: Any = app.builder
    page = Path(builder.get_outfilename(docname))
    return page.with_name(page.name.removesuffix(builder.out_suffix) + SUFFIX)


def _written(path: Path) -> list[str]:
    """Return the names of the files that *path* has in the output."""
    parts = path.parent.glob(f"{glob.escape(path.name)}-*.json")
    return [f"{path.name}.json"] * path.with_name(f"{path.name}.json").is_file() + [
        part.name for part in parts
    ]


def render(app: Sphinx, contents: Sequence[Sequence[nodes.Node]]) -> list[str]:
    """Return the HTML of each of *contents*, as the page being written would have it."""
    mark = nodes.raw("", MARK, format="html")
    frame = nodes.container("", mark)
    for content in contents:
        frame += [*content, mark.deepcopy()]
    builder: Any = app.builder
    document = new_document("previews", builder.docsettings)
    document.reporter.report_level = 4  # nothing below severe
    document += frame
    links = builder.add_permalinks
    builder.add_permalinks = False
    try:
        # Not builder.render_partial(), which would transform the nodes once more: it knows the
        # admonitions of docutils alone. What is wrong has been reported: the page was rendered.
        with suppress_logging():
            visitor = builder.create_translator(document, builder)
            document.walkabout(visitor)
    finally:
        builder.add_permalinks = links
    return [part.strip() for part in "".join(visitor.fragment).split(MARK)[1:-1]]


def _files(title: str, previews: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the end of the name and the text of each file with *previews*."""
    count = 1 + sum(map(len, set(previews.values()))) // MOST
    if count == 1:
        yield "", _text(title, previews)
        return
    yield "", json.dumps({"parts": count})
    parts: list[dict[str, str]] = [{} for _number in range(count)]
    for name, html in previews.items():
        parts[part_of(name, count)][name] = html
    for number, part in enumerate(parts):
        yield f"-{number}", _text(title, part)


def part_of(name: str, count: int) -> int:
    """Return in which of *count* files the preview of *name* is. The script computes the same."""
    return sum(name.encode()) % count


def _text(title: str, previews: Mapping[str, str]) -> str:
    texts = list(dict.fromkeys(previews.values()))
    ids = {name: texts.index(html) for name, html in previews.items()}
    words = [_("Go there"), _("Close")]
    data = {"title": title, "ids": ids, "previews": texts, "words": words}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def remove_previews(app: Sphinx, exception: Exception | None) -> None:
    """Remove the previews of documents that are gone."""
    if exception is None and makes_site(app.builder):
        for docname in output_of(app.env).state.documents - app.env.found_docs:
            path = _path(app, docname)
            for name in _written(path):
                path.with_name(name).unlink()
