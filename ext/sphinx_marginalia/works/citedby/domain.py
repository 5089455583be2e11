"""The sections that cite a work, over the whole book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2 import TemplateSyntaxError
from sphinx.util.nodes import make_refnode
from sphinx.util.tags import Tags

from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain
from sphinx_marginalia.works.citedby.citations import Citing, citing_sections
from sphinx_marginalia.works.citedby.mentions import Mention, entry_lines
from sphinx_marginalia.works.options import REPORT_UNCITED
from sphinx_marginalia.works.problems import WorksProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx import addnodes
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class CitedByDomain(IndexDomain[Citing]):
    """The sections that cite, by the document they are in."""

    name = "marginalia-cited-by"
    label = "cited by"
    #: The tags of the build, as the ``only`` directive sees them.
    tags = Tags()

    # --- what a document holds ---

    def collect(self, document: nodes.document) -> list[Citing]:
        """Return the sections of *document* that cite."""
        return citing_sections(self.env, document)

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* has a bibliography."""
        # The last one that sphinxcontrib-bibtex noted: to ask all would be slow where each page
        # has its own.
        last = next(reversed(self._bibtex.bibliographies), None) if self._bibtex else None
        return last is not None and last.docname == self.env.current_document.docname

    @property
    def _bibtex(self) -> Any:
        """The domain of sphinxcontrib-bibtex, where that is in use."""
        return self.env.domains.get("cite")

    # --- what cites what ---

    @property
    def places(self) -> dict[str, list[tuple[str, Citing]]]:
        """The documents and their sections that cite each work, in reading order, by its key."""
        return self.cached("places", self._places)

    @property
    def entries(self) -> dict[str, dict[str, str]]:
        """The key of the work that each entry of a bibliography is about, by document and id."""
        return self.cached("entries", self._entries)

    def _places(self) -> dict[str, list[tuple[str, Citing]]]:
        """Work out what cites what."""
        places: dict[str, dict[tuple[str, str], Citing]] = {}
        works = self._works() if self._bibtex is not None else {}
        for docname, citing in self.in_reading_order():
            if citing.key in works and all(_holds(self.tags, only) for only in citing.only):
                cited = places.setdefault(works[citing.key], {})
                # A page that cites above and below its first heading is named once.
                place = "" if citing.is_page else citing.node_id
                cited.setdefault((docname, place), citing)
        return {
            key: [(docname, citing) for (docname, _), citing in cited.items()]
            for key, cited in places.items()
        }

    def _entries(self) -> dict[str, dict[str, str]]:
        """Look which entry is about which work."""
        if self._bibtex is None:
            return {}
        # Also of a bibliography without entries: at the last build it may have had some.
        found = {key.docname: dict[str, str]() for key in self._bibtex.bibliographies}
        for entry in self._bibtex.citations:
            found[entry.bibliography_key.docname][entry.citation_id] = entry.entry.key
        return found

    def _works(self) -> dict[str, str]:
        """Return the key of each work as it is in its file, by all the keys it is cited with."""
        keys = {key: key for key in self._bibtex.bibdata.data.entries}
        return keys | {entry.key: entry.entry.key for entry in self._bibtex.citations}

    def mentions(self, key: str) -> list[Mention]:
        """Return the sections that cite the work *key*, in words."""
        return [self.mention(*place) for place in self.places.get(key, ())]

    def mention(self, docname: str, citing: Citing) -> Mention:
        """Return a section that cites, in words."""
        title = "".join(node.astext() for node in citing.title)
        of = "" if citing.is_page else self.env.titles[docname].astext()
        return Mention(docname, citing.node_id, title or docname, of)

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what each page with a bibliography shows of the sections that cite its works."""
        return {
            docname: [(key, self.mentions(key)) for key in works.values()]
            for docname, works in self.entries.items()
        }

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Return a link to the section *target* of ``node["todoc"]``."""
        todocname: str = node["todoc"]
        if builder.format == "man":
            # A manual has no links, but would show where they lead.
            return cast("nodes.reference", contnode)
        if builder.format == "latex":
            # It prints the entries behind all documents, where no id is of the same document; and
            # the id of the root document's title nowhere.
            fromdocname, target = "", "" if node["is_page"] else target
        elif builder.name == "singlehtml":
            fromdocname = todocname  # All documents are one page.
        return make_refnode(builder, fromdocname, todocname, target, contnode)

    # --- what is wrong ---

    def check_consistency(self) -> None:
        """Report the works that nothing cites, if that is asked for."""
        if not REPORT_UNCITED.value(self.env.config) or self._bibtex is None:
            return
        uncited = list(self._uncited())
        if uncited:
            listed = ", ".join(f"{key} ({Path(place).name})" for key, place in uncited)
            # One for all: where a bibliography has just begun there are many.
            message = (
                f"nothing cites {len(uncited)} of the works: {listed}; "
                "cite them, or take them out of the file"
            )
            warn(WorksProblem.UNCITED_WORK, message, location=uncited[0][1])

    def _uncited(self) -> Iterator[tuple[str, str]]:
        """Yield key and place, as ``works.bib:12``, of each work that nothing cites."""
        bibtex = self._bibtex
        works = self._works()
        cited = {target.key for ref in bibtex.citation_refs for target in ref.targets}
        cited |= {citing.key for _, citing in self.in_reading_order()}
        known = {works[key] for key in cited if key in works}
        files = [file for shown in bibtex.bibliographies.values() for file in shown.bibfiles]
        for file in dict.fromkeys(files):
            missing = [key for key in bibtex.bibdata.bibfiles[file].keys if key not in known]
            lines = entry_lines(file.read_text(bibtex.bibdata.encoding)) if missing else {}
            yield from ((key, f"{file}:{lines.get(key, 1)}") for key in missing)


def _holds(tags: Tags, condition: str) -> bool:
    """Return whether *condition* of an ``only`` directive holds.

    Sphinx shows what stands under a condition that is no condition, and warns of it.
    """
    try:
        return tags.eval_condition(condition)
    except (TemplateSyntaxError, TypeError, ValueError):
        return True
