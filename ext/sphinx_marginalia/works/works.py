"""The works that citations point at, and what a page shows of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.citations import Bibliography, CitedWork
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import element, find, html_block, html_inline, html_text
from sphinx_marginalia.core.outdated import fingerprint
from sphinx_marginalia.works.options import PAGE_LIST, PREVIEW

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from pybtex.database import Entry
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.docutils import SphinxDirective

#: The fields that can name where a work appeared, the most telling first.
VENUES = ("journal", "booktitle", "howpublished", "organization", "institution", "publisher")


#: The role that shows authors and year without parentheses.
BARE_ROLE = "alp"


class Work(NamedTuple):
    """A work in the bibliography, in the words a reader needs to recognise it."""

    #: What citations show, as “Arditi et al. 2024”.
    label: str
    title: str
    #: Where and when it appeared, as “Advances in Neural Information Processing Systems, 2024”.
    published: str
    #: Where it is, as its entry says: an address, a DOI.
    url: str = ""
    doi: str = ""


class WorksDomain(Bibliography):
    """The works of all bibliographies, by the id of their entry."""

    name = "marginalia-works"
    label = "works cited"

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._keys: frozenset[str] | None = None
        #: The works by the id of their entry in a bibliography.
        self.works: dict[str, Work] = {}

    @property
    def _bibtex(self) -> Any:
        """The domain of sphinxcontrib-bibtex."""
        return self.env.domains["cite"]

    @property
    def is_used(self) -> bool:
        """Whether sphinxcontrib-bibtex is loaded."""
        return "cite" in self.env.domains

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all works; pybtex compares keys without case, a citation does not."""
        if self._keys is None:
            entries = self._bibtex.bibdata.data.entries.values()
            self._keys = frozenset(entry.key for entry in entries)
        return self._keys

    @property
    def files(self) -> list[Path]:
        """The files of the bibliography."""
        return [Path(name) for name in self._bibtex.bibdata.bibfiles]

    def cite(
        self, directive: SphinxDirective, keys: Sequence[str], line: int, *, parentheses: bool
    ) -> list[nodes.Node]:
        """Return a citation of *keys* as the role of sphinxcontrib-bibtex makes it."""
        name = "p" if parentheses else BARE_ROLE
        text = ",".join(keys)
        role = self._bibtex.role(name)
        inliner = directive.state.inliner
        made, messages = role(f"cite:{name}", text, text, line, inliner, {}, [])
        return [*made, *messages]

    def cite_again(self, keys: Sequence[str], here: str) -> list[nodes.Node]:
        """Return a citation that sphinxcontrib-bibtex resolves, and has not recorded."""
        target = ",".join(keys)
        xref = addnodes.pending_xref(
            "",
            nodes.inline("", target),
            refdomain="cite",
            reftype=BARE_ROLE,
            reftarget=target,
            refdoc=here,
            refexplicit=False,
            refwarn=True,
        )
        return [xref]

    def cited_in(self, document: nodes.document) -> list[CitedWork]:
        """Return the works that *document* cites, each once."""
        cited = [self.works[entry] for entry in cited_entries(document) if entry in self.works]
        return [CitedWork(work.title, work.url, work.doi) for work in cited]

    def fields(self, key: str) -> dict[str, str]:
        """Return the fields of a work and its type."""
        return _fields(self._bibtex.bibdata.data.entries[key])

    def parse(self, text: str) -> dict[str, dict[str, str]]:
        """Return the fields of all works in a BibTeX file."""
        # Imported here because pybtex is there only where sphinxcontrib-bibtex is.
        from pybtex.database import PybtexError, parse_string  # noqa: PLC0415

        try:
            entries = parse_string(text, "bibtex").entries
        except PybtexError as error:
            raise ValueError(str(error)) from error
        return {entry.key: _fields(entry) for entry in entries.values()}

    def fingerprints(self) -> dict[str, str]:
        """Return a digest of what pages show of each work: its names, its label, its address."""
        if not self.is_used:
            return {}
        return {citation.key: _fingerprint(citation) for citation in self._bibtex.citations}

    def depend(self) -> None:
        """Have the document being read read again when a file of the bibliography changes."""
        for file in self._bibtex.bibdata.bibfiles:
            self.env.note_dependency(str(file))

    def shows(self, builder: Builder) -> dict[str, object]:
        """Return what each page shows of the works that it cites."""
        prints = self.fingerprints()
        cited: dict[str, set[str]] = {}
        for reference in self._bibtex.citation_refs if prints else ():
            cited.setdefault(reference.docname, set()).update(t.key for t in reference.targets)
        return {
            docname: [(key, prints.get(key)) for key in sorted(keys)]
            for docname, keys in cited.items()
        }

    def note_works(self) -> None:
        """Describe the works of the bibliographies, when their entries are known."""
        self.works = {
            one.citation_id: describe(one.formatted_entry.label, one.entry)
            for one in (self._bibtex.citations if self.is_used else ())
        }

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Do nothing: works are described when all documents are read."""

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: works are cited, not referred to."""
        return []


def note_works(app: Sphinx, env: BuildEnvironment) -> None:
    """Describe the works of the bibliographies."""
    domain_of(env, WorksDomain).note_works()


def _fields(entry: Any) -> dict[str, str]:
    return {"type": entry.type, **entry.fields}


def _fingerprint(citation: Any) -> str:
    entry = citation.entry
    persons = {role: [*map(str, people)] for role, people in entry.persons.items()}
    label, docname = citation.formatted_entry.label, citation.bibliography_key.docname
    return fingerprint((citation.citation_id, docname, label, persons, [*entry.fields.items()]))


def describe(label: str, entry: Entry) -> Work:
    """Return what to tell of a BibTeX *entry*."""
    fields = entry.fields
    venue = next((fields[name] for name in VENUES if name in fields), "")
    if not venue and fields.get("archiveprefix", "") == "arXiv" and "eprint" in fields:
        venue = f"arXiv:{fields['eprint']}"
    published = ", ".join(part for part in (_words(venue), fields.get("year", "")) if part)
    title, url = _words(fields.get("title", entry.key)), fields.get("url", "")
    return Work(label, title, published, url, fields.get("doi", ""))


def _words(text: str) -> str:
    """Return a BibTeX field without its braces and escapes."""
    # Imported here because pybtex is there only where sphinxcontrib-bibtex is.
    from pybtex.richtext import Text  # noqa: PLC0415

    return str(Text.from_latex(text)) if text else ""


class ShowWorks(SphinxPostTransform):
    """Tell of each work that a page cites, where it is cited and at the end of the page."""

    # After references are resolved (10), before notes are laid out (150): a citation in a note is
    # still in the text here, and the list goes behind all of it.
    default_priority = 50
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Dress each citation; then list the works."""
        works = domain_of(self.env, WorksDomain).works
        if not works:
            return
        cited: dict[str, nodes.reference] = {}
        for reference in citations(self.document):
            entry_id = _entry_id(reference)
            if work := works.get(entry_id):
                cited.setdefault(entry_id, reference)
                if PREVIEW.value(self.config):
                    _dress(reference, work)
        if cited and PAGE_LIST.value(self.config):
            self.document += _works_cited(
                [(works[entry_id], reference) for entry_id, reference in cited.items()]
            )


def citations(document: nodes.document) -> list[nodes.reference]:
    """Return the links of the citations in *document*."""
    return [
        reference
        for group in find(document, nodes.inline)
        if "bibtex-citation" in group["classes"]
        for reference in find(group, nodes.reference)
    ]


def cited_entries(document: nodes.document) -> list[str]:
    """Return the ids of the entries that *document* cites, each once."""
    return list(dict.fromkeys(_entry_id(reference) for reference in citations(document)))


def _entry_id(reference: nodes.reference) -> str:
    # In one page of several documents an address has two: ``#document-bibliography#ref-key``.
    return reference.get("refid") or str(reference.get("refuri", "")).rpartition("#")[2]


def _dress(reference: nodes.reference, work: Work) -> None:
    """Put *reference* into an element that carries what there is to tell of *work*."""
    words = ". ".join(part for part in (work.title, work.published) if part)
    card = element(html_inline, "span", classes=["marginalia-citation"], data_work=words)
    reference.parent.replace(reference, card)
    # The card says more than the tooltip that sphinxcontrib-bibtex makes.
    reference.attributes.pop("reftitle", None)
    card += reference


def _works_cited(cited: list[tuple[Work, nodes.reference]]) -> nodes.Element:
    """Return the folded list of works, in the order of their labels."""
    items = []
    for work, reference in sorted(cited, key=lambda pair: pair[0].label.casefold()):
        link = reference.copy()
        link["ids"] = []
        link += nodes.Text(work.label)
        title = nodes.emphasis("", work.title)
        rest = f". {work.published}." if work.published else "."
        items.append(
            nodes.list_item(
                "", nodes.paragraph("", "", link, nodes.Text(". "), title, nodes.Text(rest))
            )
        )
    words = _("Works cited on this page (%d)") % len(items)
    summary = element(html_text, "summary", nodes.Text(words))
    works = nodes.bullet_list("", *items)
    return element(html_block, "details", summary, works, classes=["marginalia-works"])
