"""Put citations and bibliographies in a style of CSL into documents.

sphinxcontrib-bibtex's roles, directives and files stay: what is rendered replaces the text of an
entry and of a citation, and the links lead where they led. In a style for notes each citation
becomes a footnote when its document is read; the feature ``sidenotes`` makes a sidenote of it.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.core.builders import builder_of, link_to
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.stages import WriteStage
from sphinx_marginalia.works.domain import WorksDomain
from sphinx_marginalia.works.options import OWN_STYLE
from sphinx_marginalia.works.pandoc_nodes import WORD, cut_at_comma, numbered, to_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.builders import Builder
    from sphinxcontrib.bibtex.domain import Citation

    from sphinx_marginalia.works.pandoc_nodes import Inlines

#: Class of an entry of a style that does not number works.
UNNUMBERED = "marginalia-works-entry"
#: The characters of the longest label in text.
LONGEST_LABEL = 40
#: Attribute of a citation: what its style makes of it at this place, each work on its own.
IN_PLACE = "rendered_citation"


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
            if builder_of(self.env).format == "html":  # other formats need a label
                entry.remove(entry[0])
        for child in list(entry.children):
            # Some styles leave works out of the bibliography: those stay as they were.
            if isinstance(child, nodes.paragraph) and text:
                child[:] = to_nodes(text, lambda _key, words: words)
            elif isinstance(child, nodes.label) and (number or label):
                child[:] = [nodes.Text(number or label)]


class KeepEntriesInPlace(SphinxPostTransform):
    r"""Make paragraphs of the entries of our styles in LaTeX, where the author has put them.

    Sphinx moves all ``citation`` nodes to the end of the document, so the bibliography of a chapter
    would leave it, and prints labels that some styles do not have.

    Before::

        <citation docname="works" ids="ref-doe">
            <label>
                1
            <paragraph>
                J. Doe, “Lakes,” 2020.

    After::

        <container>
            <paragraph>
                <raw format="latex">   \hypertarget{cite.works:ref-doe}{}\hangindent2em\hangafter1
                [1] J. Doe, “Lakes,” 2020.
    """

    # The sections that cite a work have been added to its entry.
    default_priority = WriteStage.CITATIONS
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Replace each entry by its paragraphs, indented below their first line."""
        works = domain_of(self.env, WorksDomain)
        if not works.is_used:
            return
        is_ours = works.style is not None or self.config.bibtex_default_style == OWN_STYLE
        for entry in find(self.document, nodes.citation) if is_ours else ():
            if not works.key_of(entry["ids"][0]):
                continue
            target = rf"\hypertarget{{cite.{entry['docname']}:{entry['ids'][0]}}}{{}}"
            paragraphs = [child for child in entry if isinstance(child, nodes.paragraph)]
            for number, paragraph in enumerate(paragraphs):
                layout = rf"\hangindent2em\hangafter{0 if number else 1} "
                latex = layout if number else target + layout
                has_label = not number and UNNUMBERED not in entry["classes"]
                label = [nodes.Text(f"[{entry[0].astext()}] ")] if has_label else []
                paragraph[:0] = [nodes.raw("", latex, format="latex"), *label]
            entry.replace_self(nodes.container("", *paragraphs))


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
    link = link_to(builder, here, there, entry.citation_id, nodes.inline("", "", *words))
    link[:] = link[0].children
    return [link]
