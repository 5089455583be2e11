"""The works that citations point at, and what a page shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from sphinx.domains import Domain
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.citing.options import PREVIEW, WORKS_CITED
from sphinx_marginalia.core.digests import fingerprint
from sphinx_marginalia.core.elements import element, html_block, html_inline, html_text
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.tree import find

if TYPE_CHECKING:
    from collections.abc import Set

    from pybtex.database import Entry
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: The fields that can name where a work appeared, the most telling first.
VENUES = ("journal", "booktitle", "howpublished", "organization", "institution", "publisher")


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


class WorksDomain(Domain):
    """The works of all bibliographies, by the id of their entry."""

    name = "marginalia-works"
    label = "works cited"
    # By builder, fingerprints of what was told of each work, by its key, and of what that was of.
    initial_data: ClassVar[dict[str, Any]] = {"works": {}, "shown": {}, "made_of": {}}
    data_version = 2

    @property
    def works(self) -> dict[str, Work]:
        """The works by the id of their entry in a bibliography."""
        return cast("dict[str, Work]", self.data["works"])

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over nothing: works are noted when all documents are read."""

    def resolve_any_xref(self, *args: Any, **kwargs: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: what is here has labels where an author gave it a name."""
        return []


def note_works(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Note the works of the bibliographies, and return the pages that cite one that has changed."""
    if "cite" not in env.domains:
        return []
    cite: Any = env.domains["cite"]
    domain = cast("WorksDomain", env.domains[WorksDomain.name])
    shown: dict[str, dict[str, str]] = domain.data["shown"]
    builder = app.builder.name
    if cite.unchanged and domain.data["made_of"].get(builder) == cite.made_of:
        return []
    domain.data["made_of"][builder] = cite.made_of
    if not cite.unchanged or not domain.works:
        domain.data["works"] = {
            one.citation_id: describe(one.formatted_entry.label, one.entry)
            for one in cite.citations
        }
    before = shown.get(builder, {})
    now = {one.key: _told(one) for one in cite.citations}
    shown[builder] = now
    changed = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    return sorted(
        {
            reference.docname
            for reference in cite.citation_refs
            if changed.intersection(target.key for target in reference.targets)
        }
    )


def _told(citation: Any) -> str:
    """Return a digest of all that a page may show of a work: names, label, words."""
    entry = citation.entry
    persons = {role: [*map(str, people)] for role, people in entry.persons.items()}
    made_of = (
        citation.citation_id,
        citation.bibliography_key.docname,
        citation.formatted_entry.label,
        persons,
        [*entry.fields.items()],
    )
    return fingerprint(made_of)


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
        works = cast("WorksDomain", self.env.domains[WorksDomain.name]).works
        if not works:
            return
        cited: dict[str, nodes.reference] = {}
        for reference in citations(self.document):
            entry_id = _entry_id(reference)
            if work := works.get(entry_id):
                cited.setdefault(entry_id, reference)
                if PREVIEW.value(self.config):
                    _dress(reference, work)
        if cited and WORKS_CITED.value(self.config):
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
