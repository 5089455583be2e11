"""What makes a Sphinx project of the articles: ``conf.py``, an index, the pages around them."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from importlib import resources
from itertools import chain, count
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, PackageLoader

from marginalia_import.frontmatter import Dumper
from marginalia_import.markup import escape, escape_line_starts

if TYPE_CHECKING:
    from marginalia_import.site import Site

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
    number = _number(order)
    block = values.get("block")
    # The folder an article is in, but for one that is only its own.
    folder = dirname(re.sub(r"/index$", "", docname)).split("/")[0]
    place = str(block) if isinstance(block, str | int) else folder
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
    names = chain(("index", "contents"), (f"contents-{number}" for number in count(2)))
    root = next(name for name in names if name not in taken)
    made[f"{root}.md"] = _index(title, pages, blocks, extra)
    made["conf.py"] = _conf(site, title, root)
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
    return (_number(titles.get(block, {}).get("order")), block)


def _number(order: object) -> float:
    """Return a place in an order; what is no number is last."""
    try:
        number = float(order) if isinstance(order, int | float) else math.inf
    except OverflowError:
        return math.inf
    return math.inf if math.isnan(number) else number


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
        # A colon between blanks would begin a class of the term, two dots a comment.
        term = re.sub(r"(?<=\s):(?=\s)", r"\:", escape(definitions[0].term))
        term = re.sub(r"^(?=\.\.)", r"\\", term)
        parts.append(f"{term}\n  {body}\n")
    return "\n".join([*parts, ":::", ""])


def _conf(site: Site, title: str, root: str) -> str:
    """Return ``conf.py``."""
    loader = PackageLoader("marginalia_import", "")
    environment = Environment(loader=loader, keep_trailing_newline=True, autoescape=False)
    # A text of the old site becomes a text in Python, whatever is in it.
    environment.filters["literal"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment.get_template("conf.py.jinja").render(
        title=title,
        author=site.settings.author or title,
        root=root,
        works=bool(site.works),
        markdown=list(EXTENSIONS),
        typographer=site.dialect == "tufte-jekyll",
    )
