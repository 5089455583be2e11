"""Citations in a style for notes: each becomes a footnote and looks at those before it.

The feature ``sidenotes`` makes sidenotes of these footnotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import AS_SIDENOTE, ancestors
from sphinx_marginalia.core.stages import ReadStage, WriteStage
from sphinx_marginalia.works.citation_style import clusters_of, renamed
from sphinx_marginalia.works.csl_styles import StyleError
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.pandoc_nodes import AUTHORS, TEXTUAL, YEARS, part_of_role
from sphinx_marginalia.works.rendering import citations_in, give_up
from sphinx_marginalia.works.styled import IN_PLACE

if TYPE_CHECKING:
    from sphinx_marginalia.works.csl import Cluster
    from sphinx_marginalia.works.pandoc_nodes import Inlines

#: The elements that are notes, of docutils and of the feature ``sidenotes``, by their names.
NOTES = frozenset("footnote sidenote marginnote pending_note".split())
TITLES = frozenset("title subtitle rubric".split())
#: The signs that the number of a note is behind.
SIGNS = frozenset(".,;:!?")


class CiteInNotes(SphinxTransform):
    """Make a footnote of each citation, if the style is one for notes.

    Before::

        <paragraph>
            Lakes are deep
            <pending_xref refdomain="cite" reftype="p" reftarget="doe">
            .

    After::

        <paragraph>
            Lakes are deep.
            <footnote_reference auto="1" refname="cited-1">
        …
        <footnote auto="1" names="cited-1">
            <paragraph>
                <pending_xref refdomain="cite" reftype="p" reftarget="doe">

    A citation within a note or a title stays where it is. If the style raises its numbers, each
    citation only moves behind the full stop.
    """

    default_priority = ReadStage.CITATION_NOTES

    def apply(self, **kwargs: Any) -> None:
        """Move each citation into a footnote, or a raised one close to its word."""
        renderer = domain_of(self.env, WorksDomain).renderer
        if renderer is None or not (renderer.is_for_notes or renderer.style.is_raised):
            return
        for number, xref in enumerate(citations_in(self.document), start=1):
            around = {node.tagname for node in ancestors(xref)}
            if around & TITLES or xref["reftype"] in AUTHORS | YEARS:
                continue
            if renderer.is_for_notes and around.isdisjoint(NOTES):
                self._move(xref, f"cited-{number}")
            elif renderer.style.is_raised and xref["reftype"] not in TEXTUAL:
                _tuck_in(xref)

    def _move(self, xref: addnodes.pending_xref, name: str) -> None:
        document, parent = self.document, xref.parent
        reference = nodes.footnote_reference(f"[#{name}]_", auto=1, refname=name)
        place = parent.index(xref)
        if xref["reftype"] in TEXTUAL:
            parent.insert(place + 1, reference)
            xref = xref.deepcopy()
            xref["ids"], xref["reftype"] = [], "p"
        else:
            parent[place] = reference
        _leave_link(reference)
        _tuck_in(reference)
        paragraph = nodes.paragraph("", "", xref, translatable=False)
        footnote = nodes.footnote("", paragraph, auto=1, names=[name], **{AS_SIDENOTE: True})
        footnote.source, footnote.line = xref.source, xref.line
        document += footnote
        document.note_autofootnote(footnote)
        document.note_explicit_target(footnote, footnote)
        document.note_autofootnote_ref(reference)
        document.note_footnote_ref(reference)


def _leave_link(reference: nodes.footnote_reference) -> None:
    """Move the number of a note behind the link in whose text it is, unless it is all the text."""
    kinds = (nodes.reference, addnodes.pending_xref)
    links = [node for node in ancestors(reference) if isinstance(node, kinds)]
    if links and links[-1].astext().strip():
        reference.parent.remove(reference)
        around = links[-1].parent
        around.insert(around.index(links[-1]) + 1, reference)


def _tuck_in(reference: nodes.Element) -> None:
    """Put a number close to its word, and behind the sign that ends the sentence."""
    parent = reference.parent
    place = parent.index(reference)
    siblings: list[nodes.Node] = parent.children
    before = siblings[place - 1] if place else None
    after = siblings[place + 1] if place + 1 < len(siblings) else None
    if not isinstance(before, nodes.Text):
        return
    text = before.rstrip()
    if isinstance(after, nodes.Text) and after[:1] in SIGNS and text[-1:] not in SIGNS:
        text += after[0]
        parent[place + 1] = nodes.Text(after[1:])
    parent[place - 1] = nodes.Text(text)


class RenderCitationNotes(SphinxPostTransform):
    """Render the citations of one page in a style for notes, which looks at those before each.

    Before::

        <pending_xref refdomain="cite" reftarget="doe">

    After::

        <pending_xref refdomain="cite" reftarget="doe" rendered_citation="[…]">
    """

    default_priority = WriteStage.CITATION_WORDS

    def run(self, **kwargs: Any) -> None:
        """Render all citations of the document."""
        works = domain_of(self.env, WorksDomain)
        style = works.style
        if style is None or not style.renderer.is_for_notes:
            return
        keys = {one.key: one.entry.key for one in works.bibtex.citations}
        in_notes: list[tuple[nodes.Element, Cluster]] = []
        in_text: list[tuple[nodes.Element, Cluster]] = []
        for xref in citations_in(self.document):
            # The name of an author in the text, before its own note, is no mention of the work.
            # In a note there is no other note for the rest of the reference.
            is_note = any(node.tagname in NOTES for node in ancestors(xref))
            role = "p" if is_note and xref["reftype"] in TEXTUAL else xref["reftype"]
            clusters = clusters_of(role, xref["reftarget"])
            named = [renamed(cluster, keys) for cluster in clusters]
            is_known = all(target.key for cluster in named for target in cluster.targets)
            if is_known and (is_note or xref["reftype"] in TEXTUAL):
                of_kind = in_notes if is_note else in_text
                of_kind += [(xref, cluster) for cluster in named]
        try:
            self._render(works, [*in_notes, *in_text])
        except StyleError as error:
            give_up(works, error)

    def _render(self, works: WorksDomain, cited: list[tuple[nodes.Element, Cluster]]) -> None:
        assert works.style is not None
        entries = {one.entry.key: one.entry for one in works.bibtex.citations}
        named = {target.key for _xref, cluster in cited for target in cluster.targets}
        items = works.items({key: entry for key, entry in entries.items() if key in named})
        rendered = works.style.renderer.in_sequence(items, [cluster for _xref, cluster in cited])
        for (xref, _cluster), inlines in zip(cited, rendered, strict=True):
            words = _without_point(part_of_role(inlines, xref["reftype"]), xref)
            xref[IN_PLACE] = [*xref.get(IN_PLACE, ()), words]


def _without_point(inlines: Inlines, xref: nodes.Element) -> Inlines:
    """Return *inlines* without the point at their end, if the sentence has one or goes on."""
    after = xref.next_node(descend=False, siblings=True)
    last = inlines[-1] if inlines else {}
    sign = after.lstrip()[:1] if isinstance(after, nodes.Text) else ""
    if not (sign.islower() or sign in {*".,;:)"}) or last.get("t") != "Str":
        return inlines
    return [*inlines[:-1], {"t": "Str", "c": last["c"].removesuffix(".")}]
