"""Which sections cite a work: listed under its entry in the bibliography, and in a file.

A section is recorded when its page is read, once for each work that it cites. A citation in a note
belongs to the section with the number of the note; one above the first heading belongs to the page.
What the bibliography and the list at the end of a page say of a work is no citation: both are made
later, when a page is written. Nor is ``cite:empty``, which shows a reader nothing.

``cited-by.json`` beside the site says the same to programs::

    {"schema": 1, "works": {"deep": [
        {"page": "methods/probing", "id": "controls", "title": "Controls", "number": "3.2",
         "url": "methods/probing.html#controls"}]}}

Works are ordered by key; sections are in reading order. ``id`` is empty for a page that cites above
its first heading; ``number`` is left out if sections have none.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core import _
from sphinx_marginalia.core.builders import link_to
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain, domain_of
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.publish import Publication
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.works.citing_sections import Citing, citing_sections
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.mentions import Mention, additions, cited_by_data, entry_lines
from sphinx_marginalia.works.options import CITED_BY, REPORT_UNCITED, WorksProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.builders import Builder

FILE = "cited-by.json"
CLASS = "marginalia-cited-by"
#: What an entry is: in a bibliography with labels, and in one that is a list.
ENTRIES = (nodes.citation, nodes.list_item)


class CitedByDomain(IndexDomain[Citing]):
    """The sections that cite, by the document they are in."""

    name = "marginalia-cited-by"
    label = "cited by"
    # A bibliography lists the works that are cited, not all records: it is no list of the engine.
    initial_data: ClassVar[dict[str, Any]] = {**IndexDomain.initial_data, "bibliographies": {}}

    @property
    def works(self) -> WorksDomain:
        """The works of the project."""
        return domain_of(self.env, WorksDomain)

    def collect(self, document: nodes.document) -> list[Citing]:
        """Return the sections of *document* that cite."""
        return citing_sections(self.env, document)

    def note(self, docname: str, document: nodes.document) -> None:
        """Record the sections of *document* that cite, and whether it has a bibliography."""
        super().note(docname, document)
        bibtex = self.works.bibtex
        # The last one that was noted: to ask all would be slow if each page has its own.
        last = next(reversed(bibtex.bibliographies), None) if bibtex else None
        if last is not None and last.docname == docname:
            self.data["bibliographies"][docname] = True

    @cached_property
    def sections(self) -> dict[str, list[tuple[str, Citing]]]:
        """The documents and their sections that cite each work, in reading order, by its key."""
        sections: dict[str, dict[tuple[str, str], Citing]] = {}
        keys = self._keys() if self.works.is_used else {}
        for docname, citing in self.in_reading_order():
            if citing.key in keys and citing.is_shown(self.tags):
                of_work = sections.setdefault(keys[citing.key], {})
                # A page that cites above and below its first heading is listed once.
                of_work.setdefault((docname, "" if citing.is_page else citing.node_id), citing)
        return {
            key: [(docname, citing) for (docname, _), citing in of_work.items()]
            for key, of_work in sections.items()
        }

    def _keys(self) -> dict[str, str]:
        """Return the key of each work as it is in its file, by all the keys it is cited with."""
        bibtex = self.works.bibtex
        keys = {key: key for key in bibtex.bibdata.data.entries}
        return keys | {entry.key: entry.entry.key for entry in bibtex.citations}

    @cached_property
    def entries(self) -> dict[str, dict[str, str]]:
        """The key of the work that each entry of a bibliography is about, by document and id."""
        if not self.works.is_used:
            return {}
        # Also of a bibliography without entries: at the last build it may have had some.
        entries = {key.docname: dict[str, str]() for key in self.works.bibtex.bibliographies}
        for entry in self.works.bibtex.citations:
            entries[entry.bibliography_key.docname][entry.citation_id] = entry.entry.key
        return entries

    @cached_property
    def mentions(self) -> dict[str, list[Mention]]:
        """What each of :attr:`sections` is called, in words, by the key of the work."""
        # A section is listed under each work that it cites.
        mentions: dict[tuple[str, str, bool], Mention] = {}

        def mention(docname: str, citing: Citing) -> Mention:
            section = (docname, citing.node_id, citing.is_page)
            if section not in mentions:
                mentions[section] = self._mention(docname, citing)
            return mentions[section]

        return {key: [mention(*one) for one in each] for key, each in self.sections.items()}

    def _mention(self, docname: str, citing: Citing) -> Mention:
        title = "".join(node.astext() for node in citing.title)
        if not all(isinstance(node, nodes.Text) for node in citing.title):
            copy = nodes.title("", "", *(node.deepcopy() for node in citing.title))
            self.works.fill_words(copy)
            title = copy.astext()
        page_title = "" if citing.is_page else self.env.titles[docname].astext()
        return Mention(docname, citing.node_id, title or docname, page_title)

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what each page with a bibliography shows of the sections that cite its works."""
        return {
            docname: [(key, self.mentions.get(key)) for key in works.values()]
            for docname, works in self.entries.items()
        }

    def resolve_xref(self, *args: Any, **kwargs: Any) -> nodes.reference | None:
        """Return a link to a section of ``node["todoc"]``."""
        _env, here, builder, _type, target, node, content = args
        docname: str = node["todoc"]
        if builder.format == "man":
            # A manual has no links, but would show where they lead.
            return cast("nodes.reference", content)
        if builder.format == "latex":
            # It prints the entries after all documents, where no id is of the same document; and
            # the id of the root document's title nowhere.
            here, target = "", "" if node["is_page"] else target
        return link_to(builder, here, docname, target, content)

    def check_consistency(self) -> None:
        """Report the works that nothing cites, if the project asks for that."""
        if not REPORT_UNCITED.value(self.env.config) or not self.works.is_used:
            return
        uncited = list(self._uncited())
        if uncited:
            listed = ", ".join(f"{key} ({Path(line).name})" for key, line in uncited)
            # One for all: if a bibliography has just begun there are many.
            message = (
                f"nothing cites {len(uncited)} of the works: {listed}; "
                "cite them, or take them out of the file"
            )
            warn(WorksProblem.UNCITED_WORK, message, location=uncited[0][1])

    def _uncited(self) -> Iterator[tuple[str, str]]:
        """Yield key and line, as ``works.bib:12``, of each work that nothing cites."""
        bibtex, keys = self.works.bibtex, self._keys()
        cited = {target.key for ref in bibtex.citation_refs for target in ref.targets}
        cited |= {citing.key for _, citing in self.in_reading_order()}
        cited = {keys[key] for key in cited if key in keys}
        files = [file for value in bibtex.bibliographies.values() for file in value.bibfiles]
        for file in dict.fromkeys(files):
            missing = [key for key in bibtex.bibdata.bibfiles[file].keys if key not in cited]
            lines = (
                entry_lines(file.read_text(bibtex.bibdata.encoding, "replace")) if missing else {}
            )
            yield from ((key, f"{file}:{lines.get(key, 1)}") for key in missing)


class ListCitingSections(SphinxPostTransform):
    """List under each work of a bibliography the sections that cite it.

    Before::

        <citation ids="ref-deep">
            <label>
                Ada and Bell 2020
            <paragraph>
                Alice Ada and Bob Bell. A Deep Look.

    After::

        <citation ids="ref-deep">
            <label>
                Ada and Bell 2020
            <paragraph>
                Alice Ada and Bob Bell. A Deep Look.
            <paragraph classes="marginalia-cited-by">
                Cited in:
                <pending_xref reftarget="what-a-probe-shows">
                    What a probe shows
    """

    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        """Add a line to each entry of this document."""
        domain = domain_of(self.env, CitedByDomain)
        docname = self.env.current_document.docname
        if not CITED_BY.value(self.config) or not domain.may_show(docname, "bibliographies"):
            return
        for entry, key in self._entries(domain):
            if key in domain.sections:
                # sphinxcontrib-bibtex keeps its nodes: in the second of two PDFs an entry has the
                # line of the first, whose links lead into that.
                for child in list(entry.children):
                    if isinstance(child, nodes.paragraph) and CLASS in child["classes"]:
                        entry.remove(child)
                line = _line(domain, key, entry["docname"])
                entry += line

    def _entries(self, domain: CitedByDomain) -> Iterator[tuple[nodes.Element, str]]:
        """Yield the entries of bibliographies, each with the key of its work."""
        for entry in find(self.document, *ENTRIES):
            # An entry knows its document, also if a PDF puts many documents into one.
            works = domain.entries.get(entry.get("docname", ""), {})
            yield from ((entry, works[id_]) for id_ in entry["ids"] if id_ in works)


def _line(domain: CitedByDomain, key: str, here: str) -> nodes.paragraph:
    """Return the line under the entry of the work *key* in the document *here*."""
    # Not for translators: it consists of titles, which they have elsewhere.
    line = nodes.paragraph("", _("Cited in:"), classes=[CLASS], translatable=False)
    separator = " "
    sections, added = domain.sections[key], additions(domain.mentions[key])
    for (docname, citing), addition in zip(sections, added, strict=True):
        title = [node.deepcopy() for node in citing.title] or [nodes.Text(docname)]
        if addition:
            title.append(nodes.Text(f" ({addition})"))
        link = domain.reference(docname, citing.node_id, title, here)
        link["is_page"] = citing.is_page
        line += [nodes.Text(separator), link]
        separator = "; "  # A title may contain commas.
    return line


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield ``cited-by.json``, if something is cited."""
    domain = domain_of(app.env, CitedByDomain)
    sections = domain.sections if CITED_BY.value(app.config) else {}
    works = {
        key: [
            _addressed(app, mention, citing)
            for mention, (_docname, citing) in zip(domain.mentions[key], sections[key], strict=True)
        ]
        for key in sections
    }
    if works:
        # Encoded only when it has changed: the fast encoder, which is in C, cannot indent.
        yield Publication((FILE,), works, lambda: [_json(works)])


def _json(works: Mapping[str, Sequence[Mention]]) -> str:
    return json.dumps(cited_by_data(works), indent=2, ensure_ascii=False) + "\n"


def _addressed(app: Sphinx, mention: Mention, citing: Citing) -> Mention:
    """Return *mention* with the number of the section and its address."""
    anchor = f"#{mention.id}" if mention.id else ""
    url = app.builder.get_target_uri(mention.page)
    # If all documents are one page, each has an anchor itself.
    url = anchor or url if url.startswith("#") else url + anchor
    number = ".".join(map(str, _number(app, mention.page, "" if citing.is_page else anchor)))
    return mention._replace(number=number, url=url)


def _number(app: Sphinx, docname: str, anchor: str) -> tuple[int, ...]:
    """Return the number of a section; Sphinx keeps that of a page under an empty anchor."""
    numbers = app.env.toc_secnumbers
    if app.builder.name == "singlehtml":
        # It has put the numbers of all documents together.
        return numbers.get(app.config.root_doc, {}).get(f"{docname}/{anchor}", ())
    return numbers.get(docname, {}).get(anchor, ())
