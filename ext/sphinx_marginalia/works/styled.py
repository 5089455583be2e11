"""Put citations and bibliographies in a style of CSL into documents.

sphinxcontrib-bibtex's roles, directives and files stay: what is rendered replaces the text of an
entry and of a citation, and the links lead where they led. In a style for notes each citation
becomes a footnote when its document is read; the feature ``sidenotes`` makes a sidenote of it.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import AS_SIDENOTE, ancestors, find
from sphinx_marginalia.core.stages import ReadStage, WriteStage
from sphinx_marginalia.works.citation_style import clusters_of, renamed
from sphinx_marginalia.works.csl_styles import StyleError
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.pandoc_nodes import (
    AUTHORS,
    TEXTUAL,
    WORD,
    YEARS,
    cut_at_comma,
    numbered,
    part_of_role,
    to_nodes,
)
from sphinx_marginalia.works.rendering import citations_in, give_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.builders import Builder
    from sphinxcontrib.bibtex.domain import Citation

    from sphinx_marginalia.works.csl import Cluster
    from sphinx_marginalia.works.pandoc_nodes import Inlines

#: Class of an entry of a style that does not number works.
UNNUMBERED = "marginalia-works-entry"
#: The characters of the longest label in text.
LONGEST_LABEL = 40
#: Attribute of a citation: what its style makes of it at this place, each work on its own.
IN_PLACE = "rendered_citation"
#: The elements that are notes, of docutils and of the feature ``sidenotes``, by their names.
NOTES = frozenset("footnote sidenote marginnote pending_note".split())
NOTES_AND_TITLES = NOTES | {"title", "subtitle", "rubric"}


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

    A citation within a note or a title stays where it is.
    """

    default_priority = ReadStage.CITATION_NOTES

    def apply(self, **kwargs: Any) -> None:
        """Move each citation into a footnote."""
        renderer = domain_of(self.env, WorksDomain).renderer
        if renderer is None or not renderer.is_for_notes:
            return
        for number, xref in enumerate(citations_in(self.document), start=1):
            around = {node.tagname for node in ancestors(xref)}
            if around.isdisjoint(NOTES_AND_TITLES) and xref["reftype"] not in AUTHORS | YEARS:
                self._move(xref, f"cited-{number}")

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


def _tuck_in(reference: nodes.footnote_reference) -> None:
    """Put the number of a note close to its word, and behind the sign that ends the sentence."""
    parent = reference.parent
    place = parent.index(reference)
    siblings: list[nodes.Node] = parent.children
    before = siblings[place - 1] if place else None
    after = siblings[place + 1] if place + 1 < len(siblings) else None
    text = str(before).rstrip() if isinstance(before, nodes.Text) else None
    sign = after[:1] if isinstance(after, nodes.Text) and after[:1] in {*".,;:!?"} else ""
    if text is not None:
        parent[place - 1] = nodes.Text(text + sign)
        if isinstance(after, nodes.Text) and sign:
            parent[place + 1] = nodes.Text(after[1:])


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
            clusters = clusters_of(xref["reftype"], xref["reftarget"])
            named = [renamed(cluster, keys) for cluster in clusters]
            # The name of an author in the text, before its own note, is no mention of the work.
            is_note = any(node.tagname in NOTES for node in ancestors(xref))
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
    """Return *inlines* without the point at their end, if the sentence around has one."""
    after = xref.next_node(descend=False, siblings=True)
    last = inlines[-1] if inlines else {}
    if not isinstance(after, nodes.Text) or not after.startswith(".") or last.get("t") != "Str":
        return inlines
    return [*inlines[:-1], {"t": "Str", "c": last["c"].removesuffix(".")}]


class RenderBibliographies(SphinxPostTransform):
    """Replace the entries of a bibliography by what the style renders, in its order.

    Before::

        <citation ids="ref-doe">
            <label>
                Doe 2020
            <paragraph>
                J. Doe. Lakes. 2020.

    After, in a style that does not number works::

        <citation ids="ref-doe" classes="marginalia-works-entry">
            <label>
                Doe, 2020
            <paragraph>
                Doe, J. (2020). Lakes.
    """

    # Registered before, and so run before, the transform that adds lines to entries.
    default_priority = WriteStage.PAGE_FACTS

    def run(self, **kwargs: Any) -> None:
        """Rewrite each entry, and put them in order."""
        works = domain_of(self.env, WorksDomain)
        if works.style is None or not works.style.rendered.entries:
            return
        style = works.style
        bibliographies: dict[int, tuple[nodes.Element, list[tuple[int, nodes.Element]]]] = {}
        for node in find(self.document, nodes.citation, nodes.list_item):
            key = next((works.key_of(id_) for id_ in node["ids"] if works.key_of(id_)), None)
            if key in style.order:
                self._rewrite(node, style.entry(key), style.label(key))
                of_parent = bibliographies.setdefault(id(node.parent), (node.parent, []))
                of_parent[1].append((style.order[key], node))
        for parent, ordered in bibliographies.values():
            places = [parent.index(node) for _order, node in ordered]
            ordered.sort(key=itemgetter(0))
            for place, (_order, node) in zip(places, ordered, strict=True):
                parent.children[place] = node

    def _rewrite(self, entry: nodes.Element, inlines: Inlines, label: str) -> None:
        number, text = numbered(inlines)
        if isinstance(entry, nodes.citation) and not number:
            entry["classes"] = [UNNUMBERED]
        for child in list(entry.children):
            # Some styles leave works out of the bibliography: those stay as they were.
            if isinstance(child, nodes.paragraph) and text:
                child[:] = to_nodes(text, lambda _key, words: words)
            elif isinstance(child, nodes.label) and (number or label):
                child[:] = [nodes.Text(number or label)]


class RemoveLabels(SphinxPostTransform):
    """Remove the labels of entries whose style has none. Other formats need them.

    Before::

        <citation ids="ref-doe" classes="marginalia-works-entry">
            <label>
                Doe, 2020
            <paragraph>
                Doe, J. (2020). Lakes.

    After::

        <citation ids="ref-doe" classes="marginalia-works-entry">
            <paragraph>
                Doe, J. (2020). Lakes.
    """

    default_priority = WriteStage.PAGE_FACTS
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Remove the label of each entry."""
        for entry in find(self.document, nodes.citation):
            if UNNUMBERED in entry["classes"] and isinstance(entry[0], nodes.label):
                entry.pop(0)


class ShortenLabels(SphinxPostTransform):
    """Cut long labels, such as a title for an author, in text: there is no room beside them.

    Before::

        <label>
            What lakes do in a winter that follows a wet summer, 2020

    After::

        <label>
            What lakes do in a winter that follows…
    """

    default_priority = WriteStage.PAGE_FACTS
    formats = ("text",)

    def run(self, **kwargs: Any) -> None:
        """Cut the label of each entry: Sphinx fails if the text beside it has no width."""
        for label in find(self.document, nodes.label):
            if isinstance(label.parent, nodes.citation) and len(label.astext()) > LONGEST_LABEL:
                label[:] = [nodes.Text(f"{label.astext()[: LONGEST_LABEL - 1].rstrip()}…")]


def citation_nodes(
    works: WorksDomain,
    xref: nodes.Element,
    cited: Sequence[Citation],
    builder: Builder,
    here: str,
) -> nodes.inline | None:
    """Return a citation as the style renders it, or ``None`` if that has nothing for its role.

    :param cited: the entries it leads to
    :param here: the document that is being written
    """
    role, target = xref["reftype"], xref["reftarget"]
    rendered = xref.get(IN_PLACE) or (works.style and works.style.citation(role, target, cited))
    if not rendered:
        return None
    by_key = {one.entry.key: one for one in cited}

    def link(key: str, words: list[nodes.Node]) -> list[nodes.Node]:
        # A whole reference in a note is long: who wrote it is the link.
        linked, rest = cut_at_comma(words) if IN_PLACE in xref else (words, [])
        return [*entry_link(by_key[key], linked, builder, here), *rest]

    inline = nodes.inline(target, "", classes=["bibtex-citation"])
    for number, inlines in enumerate(rendered):
        made = to_nodes(inlines, link)
        if not any(WORD.search(node.astext()) for node in made):
            return None
        if not any(isinstance(node, nodes.Element) for node in made):
            made = link(next(iter(by_key)), made)
        inline += [nodes.Text(", " if number else ""), *made]
    if inline.next_node(nodes.math):
        # For MathJax, which Sphinx loads on pages with formulas.
        works.env.domains.math_domain.data["has_equations"][here] = True
    return inline


def entry_link(
    entry: Citation, words: list[nodes.Node], builder: Builder, here: str
) -> list[nodes.Node]:
    """Return *words* as a link to an *entry*, as sphinxcontrib-bibtex makes it."""
    # Imported here because a project may not have the package.
    from sphinxcontrib.bibtex.nodes import raw_latex  # noqa: PLC0415

    there = entry.bibliography_key.docname
    if builder.format == "latex":
        start = rf"\hyperlink{{cite.{there}:{entry.citation_id}}}{{"
        return [raw_latex(start), *words, raw_latex("}")]
    link = make_refnode(builder, here, there, entry.citation_id, nodes.inline("", "", *words))
    link[:] = link[0].children
    return [link]
