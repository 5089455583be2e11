"""The pages around the articles of the new project: its front page, and the glossary."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

from marginalia_import.myst import Directive, directive_block, escape, escape_block_starts, role

if TYPE_CHECKING:
    from marginalia_import.sites.site import Site


@dataclass(frozen=True)
class IndexEntry:
    """An article as the index lists it."""

    docname: str
    #: The name of its block, or of its folder.
    block: str
    order: float
    date: str
    description: str = ""
    #: Whether block and order are those of the old navigation.
    in_part: bool = False


def index_entry(docname: str, values: dict[str, Any]) -> IndexEntry:
    """Return the entry of an article.

    :param values: its front matter
    """
    order = values.get("order", values.get("chapter", values.get("nav_order")))
    block = values.get("block")
    if not isinstance(block, str | int):
        # The folder it is in, unless it has the folder for itself.
        block = dirname(re.sub(r"/index$", "", docname)).split("/")[0]
    description = " ".join(str(values.get("description") or "").split())
    date = str(values.get("date") or "")
    return IndexEntry(docname, str(block), _number(order), date, description)


def _ordered(site: Site, entries: list[IndexEntry]) -> list[IndexEntry]:
    """Return the entries in the order and the parts of the old navigation, if it had any."""
    places: dict[str, tuple[str, int]] = {}
    for caption, docnames in site.contents.facts.parts:
        for docname in docnames:
            places[docname] = (caption, len(places))
    return [
        replace(entry, block=places[entry.docname][0], order=places[entry.docname][1], in_part=True)
        if entry.docname in places
        else entry
        for entry in entries
    ]


def front_page(
    site: Site,
    title: str,
    entries: list[IndexEntry],
    blocks: dict[str, dict[str, Any]],
    reference: list[str],
) -> str:
    """Return the page with the tables of contents: the blocks in their order, then the rest.

    :param title: the title of the site
    :param reference: the documents that follow the articles
    """
    facts, entries = site.contents.facts, _ordered(site, entries)
    settings = {basename(folder): values for folder, values in blocks.items()}

    def order(entry: IndexEntry) -> tuple[bool, float, str, float, str, str]:
        block = _number(settings.get(entry.block, {}).get("order"))
        name = "" if entry.in_part else entry.block
        return not entry.in_part, block, name, entry.order, entry.date, entry.docname

    parts = [f"(contents)=\n# {escape(title)}"]
    if about := " ".join(facts.description.split()):
        parts.append(escape_block_starts(escape(about)))
        # The first page of a book often has the description of the book.
        entries = [replace(e, description="") if e.description == about else e for e in entries]
    for block, group in groupby(sorted(entries, key=order), attrgetter("block")):
        caption = str(settings.get(block, {}).get("title") or _caption(block))
        in_part = [entry.in_part for entry in entries if entry.block == block]
        if block and all(in_part):
            caption = block
        # Chapters without a number have a table of contents of their own.
        for is_numbered, run in groupby(group, lambda entry: entry.docname in facts.numbered):
            parts.append(_toctree(caption, list(run), is_numbered))
            caption = ""
    if reference:
        parts.append(_toctree("Reference", [index_entry(name, {}) for name in reference]))
    return "\n\n".join(parts) + "\n"


def _number(order: object) -> float:
    """Return a position; what is not a number comes last."""
    try:
        number = float(order) if isinstance(order, int | float) else math.inf
    except OverflowError:
        return math.inf
    return math.inf if math.isnan(number) else number


def _caption(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else "Articles"


def _toctree(caption: str, entries: list[IndexEntry], is_numbered: bool = False) -> str:
    """Return a table of contents; of articles with descriptions, hidden below a list with those."""
    options = {"caption": caption} if caption else {}
    options |= {"maxdepth": "1", **({"numbered": ""} if is_numbered else {})}
    described = any(entry.description for entry in entries)
    if described:
        options["hidden"] = ""
    contents = "\n".join(f"/{entry.docname}" for entry in entries)
    block = directive_block(Directive("toctree", options=options), contents)
    if not described:
        return block
    lines = [directive_block(Directive("rubric", escape(caption))), ""] if caption else []
    for entry in entries:
        words = f"  \n  {escape(entry.description)}" if entry.description else ""
        lines.append(f"- {role('doc', f'/{entry.docname}')}{words}")
    # A PDF has the articles themselves.
    return f"{directive_block(Directive('only', 'html'), chr(10).join(lines))}\n\n{block}"


def glossary(site: Site) -> str:
    """Return the glossary; a term of several articles has the definition of each."""
    parts = ["(glossary)=\n# Glossary\n\n:::{glossary}"]
    for _, definitions in sorted(site.terms.items()):
        texts = dict.fromkeys(escape_block_starts(definition.text) for definition in definitions)
        # A colon between spaces would begin a class of the term, two dots a comment.
        term = re.sub(r"(?<=\s):(?=\s)", r"\:", escape(definitions[0].term))
        term = re.sub(r"^(?=\.\.)", r"\\", term)
        body = "\n\n  ".join(texts)
        parts.append(f"{term}\n  {body}\n")
    return "\n".join([*parts, ":::", ""])
