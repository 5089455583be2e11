"""The works of a project, as sphinxcontrib-bibtex has them."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes

from sphinx_marginalia.core import _
from sphinx_marginalia.core.citations import WORDS_OF, Bibliography, Work, is_resolved_citation
from sphinx_marginalia.core.diagnostics import warn
from sphinx_marginalia.core.index import IndexDomain, Place
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.works.latex_text import plain_text
from sphinx_marginalia.works.options import WorksProblem
from sphinx_marginalia.works.pandoc_nodes import numbered, to_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from pybtex.database import Entry
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxDirective

    from sphinx_marginalia.works.citation_style import CitationStyle
    from sphinx_marginalia.works.csl import Renderer

#: The fields that can name where a work appeared, the most telling first.
VENUES = ("journal", "booktitle", "howpublished", "organization", "institution", "publisher")
#: The role that shows authors and year without parentheses.
BARE_ROLE = "alp"


class WorksDomain(Bibliography):
    """The works of all bibliographies, which sphinxcontrib-bibtex keeps."""

    name = "marginalia-works"
    label = "works cited"
    data_version = 2
    #: What is wrong with entries, by their keys.
    #: What a citation style reads of works, by their keys, and what it has rendered of what.
    initial_data: ClassVar[dict[str, Any]] = {"problems": {}, "items": {}}
    #: What renders in the citation style of the project, and what it has rendered in this build.
    renderer: Renderer | None = None
    style: CitationStyle | None = None

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._keys: frozenset[str] | None = None
        #: The label and the entry of each work, by the id of its entry in a bibliography.
        self.entries: dict[str, tuple[str, Entry]] = {}
        self._described: dict[str, Work] = {}

    @property
    def bibtex(self) -> Any:
        """The domain of sphinxcontrib-bibtex; ``None`` if the project does not use it."""
        domain = self.env.domains.get("cite")
        return domain if hasattr(domain, "bibdata") else None  # not another's of that name

    @property
    def is_used(self) -> bool:
        """Whether sphinxcontrib-bibtex is loaded."""
        return self.bibtex is not None

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all works; pybtex compares keys without case, a citation does not."""
        if self._keys is None:
            entries = self.bibtex.bibdata.data.entries.values()
            self._keys = frozenset(entry.key for entry in entries)
        return self._keys

    @property
    def files(self) -> list[Path]:
        """The files of the bibliography."""
        return [Path(name) for name in self.bibtex.bibdata.bibfiles]

    def cite(
        self, directive: SphinxDirective, keys: Sequence[str], line: int, *, parentheses: bool
    ) -> list[nodes.Node]:
        """Return a citation of *keys* as the role of sphinxcontrib-bibtex makes it."""
        name = "p" if parentheses else BARE_ROLE
        text = ",".join(keys)
        role, inliner = self.bibtex.role(name), directive.state.inliner
        citation, messages = role(f"cite:{name}", text, text, line, inliner, {}, [])
        return [*citation, *messages]

    def cite_again(self, keys: Sequence[str], here: str) -> list[nodes.Node]:
        """Return a citation that sphinxcontrib-bibtex resolves, and has not recorded."""
        target = ",".join(keys)
        names = {"refdomain": "cite", "reftype": BARE_ROLE, "reftarget": target, "refdoc": here}
        flags = {"refexplicit": False, "refwarn": True}
        return [addnodes.pending_xref("", nodes.inline("", target), **names, **flags)]

    def words(self, kind: str, target: str) -> str:
        """Return a citation as text, or its keys if one of them is unknown."""
        # Imported here because a project may not have the package.
        from sphinxcontrib.bibtex.citation_target import parse_citation_targets  # noqa: PLC0415
        from sphinxcontrib.bibtex.style.referencing import format_references  # noqa: PLC0415
        from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo  # noqa: PLC0415

        targets = {one.key: one for one in parse_citation_targets(target)}
        cited = {one.key: one for one in self.bibtex.citations if one.key in targets}
        if cited.keys() != targets.keys():
            return ", ".join(targets)
        if self.style and (words := self.style.words(kind, target, [*cited.values()])):
            return words
        references = [
            # Without a builder: there will be no link.
            (one.entry, one.formatted_entry, SphinxReferenceInfo(
                None, "", "", one.citation_id, None, targets[key].pre, targets[key].post,  # type: ignore[arg-type]
            ))
            for key, one in cited.items()
        ]  # fmt: skip
        return str(format_references(self.bibtex.reference_style, kind, references))

    def fill_words(self, tree: nodes.Element) -> None:
        """Replace the placeholders of citations in *tree* by words."""
        for placeholder in find(tree, nodes.inline) if self.is_used else ():
            if WORDS_OF in placeholder:
                words = self.words(*placeholder[WORDS_OF])
                placeholder.parent.replace(placeholder, nodes.Text(words))

    def cited_works(self, document: nodes.document) -> list[Work]:
        """Return the works that *document* cites, each once."""
        entries = dict.fromkeys(map(entry_of, citation_links(document)))
        return [self.work(entry) for entry in entries if entry in self.entries]

    def read_files(self, files: Sequence[Path]) -> None:
        """Read the *files* of the bibliographies, if sphinxcontrib-bibtex would."""
        # Imported here because a project may not have the package.
        from sphinxcontrib.bibtex.bibfile import BibData, is_bibdata_outdated  # noqa: PLC0415

        from sphinx_marginalia.works.reading import read_files  # noqa: PLC0415

        encoding = self.env.config.bibtex_encoding
        if not is_bibdata_outdated(self.bibtex.bibdata, list(files), encoding):
            return
        self._keys = None
        data, bibfiles, wrong, problems = read_files(files, encoding)
        self.bibtex.data["bibdata"] = BibData(encoding, bibfiles, data)
        self.data["problems"] = problems
        self.data["items"] = {}
        for message, location in wrong:
            warn(WorksProblem.WORK_UNREAD, message, location)

    def note_entries(self) -> None:
        """Note the entries of all bibliographies, once they are known; report what they lack."""
        self._described.clear()
        keys = {one.entry.key for one in self.bibtex.citations} if self.is_used else set()
        for key, (message, location) in self.data["problems"].items():
            if key in keys:
                warn(WorksProblem.WORK_INCOMPLETE, message, location)
        self.entries = {
            one.citation_id: (one.formatted_entry.label, one.entry)
            for one in (self.bibtex.citations if self.is_used else ())
        }

    def items(self, entries: Mapping[str, Entry]) -> dict[str, dict[str, Any]]:
        """Return *entries* by key in CSL-JSON."""
        # Imported here because pybtex is there only where sphinxcontrib-bibtex is.
        from sphinx_marginalia.works.csl_json import csl_item  # noqa: PLC0415

        items: dict[str, dict[str, Any]] = self.data["items"]
        items.update({key: csl_item(key, entries[key]) for key in entries if key not in items})
        return {key: items[key] for key in entries}

    def key_of(self, entry: str) -> str:
        """Return the key of the work with this id of its entry; an empty text for no entry."""
        return self.entries[entry][1].key if entry in self.entries else ""

    def styled_entry(self, entry: str) -> list[nodes.Node]:
        """Return the entry with this id, and its number, as the citation style has them, if any."""
        number, text = numbered(self.style.entry(self.key_of(entry)) if self.style else [])
        label = [{"t": "Str", "c": f"[{number}] "}] if number and text else []
        return to_nodes([*label, *text], lambda _key, words: words)

    def work(self, entry: str) -> Work:
        """Return the work with this id of its entry, described when a page first shows it."""
        if entry not in self._described:
            label, described = self.entries[entry]
            label = (self.style and self.style.label(described.key)) or label
            self._described[entry] = describe(label, described)
        return self._described[entry]

    def places(self) -> Iterator[Place]:
        """Yield each entry of a bibliography, for a search of the site."""
        for one in self.bibtex.citations if self.is_used else ():
            work = self.work(one.citation_id)
            names = "; ".join(str(name) for name in one.entry.persons.get("author", ()))
            text = ". ".join(part for part in (plain_text(names), work.published) if part)
            yield Place(one.bibliography_key.docname, one.citation_id, _("work"), work.title, text)

    def fields(self, key: str) -> dict[str, str]:
        """Return the fields of a work and its type."""
        return _fields(self.bibtex.bibdata.data.entries[key])

    def parse(self, text: str) -> dict[str, dict[str, str]]:
        """Return the fields of all works in a BibTeX file."""
        # Imported here because pybtex is there only where sphinxcontrib-bibtex is.
        from sphinx_marginalia.works.reading import read_text  # noqa: PLC0415

        return {entry.key: _fields(entry) for entry in read_text(text).values()}

    def fingerprints(self) -> dict[str, str]:
        """Return a digest of what pages show of each work: its names, its label, its address."""
        if not self.is_used:
            return {}
        return {
            one.key: fingerprint(
                (
                    one.citation_id,
                    one.bibliography_key.docname,
                    one.formatted_entry.label,
                    self.style and self.style.fingerprint(one.entry.key),
                    [(role, *map(str, persons)) for role, persons in one.entry.persons.items()],
                    [*one.entry.fields.items()],
                )
            )
            for one in self.bibtex.citations
        }

    def depend(self) -> None:
        """Have the document being read read again when a file of the bibliography changes."""
        for file in self.files:
            self.env.note_dependency(str(file))

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what each page shows of the works that it cites or lists.

        A list shows records of other documents, and with them the citations there: in a definition,
        a claim, a question. So a page with a list depends on all works that are cited in documents
        with such records, whichever feature lists them.
        """
        prints = self.fingerprints()
        cited: dict[str, set[str]] = {}
        for reference in self.bibtex.citation_refs if prints else ():
            cited.setdefault(reference.docname, set()).update(one.key for one in reference.targets)
        keys = {docname: set(of_page) for docname, of_page in cited.items()}
        for domain in self.env.domains.values():
            if isinstance(domain, IndexDomain):
                for docname in domain.data["lists"]:
                    keys.setdefault(docname, set()).update(_cited_in(domain.records, cited))
        for citation in self.bibtex.citations if prints else ():
            keys.setdefault(citation.bibliography_key.docname, set()).add(citation.key)
        return {
            docname: [(key, prints.get(key)) for key in sorted(of_page)]
            for docname, of_page in keys.items()
        }

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: files are read before documents are."""

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: works are cited, not referred to."""
        return []


def citation_links(document: nodes.document) -> list[nodes.reference]:
    """Return the links of the resolved citations in *document*."""
    return [
        link
        for citation in filter(is_resolved_citation, find(document, nodes.inline))
        for link in find(citation, nodes.reference)
    ]


def entry_of(link: nodes.reference) -> str:
    """Return the id of the entry that the link of a citation leads to."""
    # In one page of several documents an address has two: ``#document-bibliography#ref-key``.
    return link.get("refid") or str(link.get("refuri", "")).rpartition("#")[2]


def _cited_in(
    records: Mapping[str, Sequence[NamedTuple]], cited: Mapping[str, Set[str]]
) -> Iterator[str]:
    """Yield the works *cited* in documents whose *records* contain lists of nodes."""
    for docname in records.keys() & cited.keys():
        fields = chain.from_iterable(records[docname])
        if any(isinstance(field, list) and field for field in fields):
            yield from cited[docname]


def _fields(entry: Any) -> dict[str, str]:
    return {"type": entry.type, **entry.fields}


def describe(label: str, entry: Entry) -> Work:
    """Return the title of a BibTeX *entry*, where and when it appeared, and its addresses."""
    fields = entry.fields
    venue = next((fields[name] for name in VENUES if fields.get(name)), "")
    if not venue and fields.get("archiveprefix", "") == "arXiv" and "eprint" in fields:
        venue = f"arXiv:{fields['eprint']}"
    published = ", ".join(filter(None, map(plain_text, (venue, fields.get("year", "")))))
    title, url = plain_text(fields.get("title", entry.key)), fields.get("url", "")
    return Work(label, title, published, url, fields.get("doi", ""))
