"""What makes a Sphinx project of the articles: ``conf.py``, an index, the pages around them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import resources
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

import yaml

from sphinx_marginalia.importer.frontmatter import Dumper
from sphinx_marginalia.importer.markup import escape, escape_line_starts

if TYPE_CHECKING:
    from sphinx_marginalia.importer.site import Site

#: The Markdown that the articles are written in; `conf.py` of another project needs these as well.
EXTENSIONS = ("amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath")


@dataclass(frozen=True)
class Page:
    """An article that was written."""

    docname: str
    #: The name of its block, or of the folder it is in.
    block: str
    order: float
    date: str


def block(values: dict[str, Any]) -> str:
    """Return a ``_block.yaml`` with the entries of a ``_block.json``."""
    return yaml.dump(values, Dumper=Dumper, sort_keys=False, allow_unicode=True)


def page_of(docname: str, values: dict[str, Any]) -> Page:
    """Return what the index has to know of an article."""
    order = values.get("order", values.get("chapter", values.get("nav_order")))
    number = (
        float(order) if isinstance(order, int | float) and not math.isnan(order) else float("inf")
    )
    block = values.get("block")
    place = str(block) if isinstance(block, str | int) else dirname(docname).split("/")[0]
    return Page(docname, place, number, str(values.get("date") or ""))


def files(site: Site, pages: list[Page], blocks: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return the project's own files by their paths."""
    title = site.settings.title or site.root.resolve().name
    made = {
        "_static/imported.css": resources.files(__package__)
        .joinpath("imported.css")
        .read_text("utf-8")
    }
    extra = []
    taken = {page.docname for page in pages}
    if site.works:
        made["bibliography.md"] = "(bibliography)=\n# Bibliography\n\n:::{bibliography}\n:::\n"
        extra.append("bibliography")
    if site.terms:
        made["glossary.md"] = _glossary(site)
        extra.append("glossary")
    extra = [name for name in extra if name not in taken]
    index = _index(title, pages, blocks, extra)
    made["index.md" if "index" not in taken else "contents.md"] = index
    made["conf.py"] = _conf(site, title, "contents" if "index" in taken else "index")
    return {path: text for path, text in made.items() if path.removesuffix(".md") not in taken}


def _index(
    title: str, pages: list[Page], blocks: dict[str, dict[str, Any]], extra: list[str]
) -> str:
    """Return the page with the tables of contents: the blocks in their order, then the rest."""
    titles = {basename(folder): values for folder, values in blocks.items()}
    groups: dict[str, list[Page]] = {}
    for page in pages:
        groups.setdefault(page.block, []).append(page)
    parts = [f"(contents)=\n# {escape(title)}"]
    for block in sorted(groups, key=lambda name: _place(name, titles)):
        caption = str(titles.get(block, {}).get("title") or _words(block))
        entries = sorted(groups[block], key=lambda page: (page.order, page.date, page.docname))
        parts.append(_toctree(caption, [page.docname for page in entries]))
    if extra:
        parts.append(_toctree("Reference", extra))
    return "\n\n".join(parts) + "\n"


def _place(block: str, titles: dict[str, dict[str, Any]]) -> tuple[float, str]:
    order = titles.get(block, {}).get("order")
    return (float(order) if isinstance(order, int | float) else float("inf"), block)


def _words(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else "Articles"


def _toctree(caption: str, docnames: list[str]) -> str:
    entries = "\n".join(f"/{docname}" for docname in docnames)
    return f":::{{toctree}}\n:caption: {' '.join(caption.split())}\n:maxdepth: 1\n\n{entries}\n:::"


def _glossary(site: Site) -> str:
    """Return the glossary; a term of several articles has the definition of each."""
    parts = ["(glossary)=\n# Glossary\n\n:::{glossary}"]
    for _, definitions in sorted(site.terms.items()):
        texts = dict.fromkeys(escape_line_starts(definition.text) for definition in definitions)
        body = "\n\n  ".join(texts)
        parts.append(f"{escape(definitions[0].term)}\n  {body}\n")
    return "\n".join([*parts, ":::", ""])


def _conf(site: Site, title: str, root: str) -> str:
    """Return ``conf.py``."""
    works = [
        "",
        "# Citations",
        "",
        'bibtex_bibfiles = ["references.bib"]',
        'bibtex_default_style = "marginalia"',
        'bibtex_reference_style = "marginalia"',
    ]
    extensions = ["myst_parser", "sphinx_design"]
    if site.works:
        extensions.append("sphinxcontrib.bibtex")
    listed = "".join(f"    {json.dumps(name)},\n" for name in [*extensions, "sphinx_marginalia"])
    marks = "True" if site.dialect == "tufte-jekyll" else "False"
    silent = ["bibtex.missing_field"] if site.works else []
    lines = [
        '"""Settings of Sphinx for the imported articles."""',
        "",
        f"project = {json.dumps(title, ensure_ascii=False)}",
        f"author = {json.dumps(site.settings.author, ensure_ascii=False)}",
        f"extensions = [\n{listed}]",
        "",
        "# Sources",
        "",
        f'root_doc = "{root}"',
        f"myst_enable_extensions = {json.dumps(list(EXTENSIONS))}",
        "# Long notes are written as footnotes.",
        "sidenotes_from_footnotes = True",
        "# Whether -- becomes a dash and quotes become round, as it was in the old site.",
        f"smartquotes = {marks}",
        "# Code that does not keep to its language is shown as it is; so is an incomplete work.",
        f"suppress_warnings = {json.dumps(['misc.highlighting_failure', *silent])}",
        *(works if site.works else []),
        "",
        "# HTML",
        "",
        'html_static_path = ["_static"]',
        'html_css_files = ["imported.css"]',
        "",
    ]
    return "\n".join(lines)
