"""Links and images: where they lead in the new project.

A heading gets its label, and a link to it that label, when all articles are read. Until then a
placeholder of noncharacters stands for each.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from posixpath import basename, dirname, relpath
from typing import TYPE_CHECKING

from marginalia_import import addresses, myst
from marginalia_import.crossrefs import NUMBERED, Label, Reference
from marginalia_import.myst import Directive
from marginalia_import.placeholders import Block
from marginalia_import.report import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marginalia_import.context import ArticleContext
    from marginalia_import.markdown import Link
    from marginalia_import.report import Report
    from marginalia_import.sites.site import Article, Site

#: Around the number of a label to be chosen. Unicode keeps noncharacters out of texts.
OPENING, CLOSING = "\ufdd0", "\ufdd1"
PENDING = re.compile(f"{myst.ROLE}?{OPENING}(\\d+){CLOSING}")
#: The labels of Sphinx's pages and of the project's own.
RESERVED_LABELS = frozenset(
    {"genindex", "modindex", "py-modindex", "search", "bibliography", "contents", "glossary"}
)


@dataclass
class Heading:
    """A heading that can be linked to."""

    article: Article
    #: Its possible anchors in the old site; the first is derived from its text.
    anchors: list[str]
    #: Its label in the new project.
    label: str = ""


@dataclass(frozen=True)
class HeadingLink:
    """A link to a heading."""

    article: Article
    anchor: str
    #: The address to write if there is no such heading; empty for the page with the link.
    fallback: str
    #: What follows the address: a title, the closing bracket.
    tail: str
    file: str
    line: int


@dataclass
class Links:
    """The links and headings of all articles."""

    site: Site
    #: By number: the headings that get a label, and the links that need one.
    pending: list[Heading | HeadingLink | Reference] = field(default_factory=list)
    #: What references lead to besides headings, by its id in the old site.
    labels: dict[str, Label] = field(default_factory=dict)
    #: The labels that footnotes have: docutils keeps both in one table.
    footnotes: set[str] = field(default_factory=set)
    #: The headings by document and anchor, when labels are assigned.
    by_anchor: dict[tuple[str, str], Heading] = field(default_factory=dict)
    #: The first heading of the site with an anchor: in a book, ids are those of all chapters.
    by_id: dict[str, Heading] = field(default_factory=dict)

    def add_heading(self, article: Article, anchors: list[str]) -> str:
        """Return a placeholder for the label of a heading."""
        return self._add(Heading(article, anchors))

    def refer(self, reference: Reference) -> str:
        """Return a placeholder for a reference by id, which becomes a role."""
        return f"{myst.ROLE}{self._add(reference)}"

    def write(self, context: ArticleContext, link: Link) -> str:
        """Return a link in MyST."""
        address = context.address(link.destination)
        tail = f"{addresses.format_title(link.title)})"
        return f"[{link.text}]({self._target(context, address, tail)}"

    def _target(self, context: ArticleContext, address: str, tail: str) -> str:
        """Return the address of a link in the new project, and *tail* after it.

        An address that MyST would take for that of a document is marked as external.
        """
        path, fragment = addresses.split_address(address)
        bases = tuple(base for base in self.site.contents.bases if "//" in base)
        if addresses.is_external(address) and not (bases and address.startswith(bases)):
            is_known = bool(addresses.MYST_SCHEMES.match(address))
            return _plain(address, tail, external=not is_known)
        article = self.site.find_article(context.article, path) if path else context.article
        if article is not None and (path or fragment):
            context.count("links")
            folder = dirname(context.article.docname)
            document = relpath(article.target, folder) if path else ""
            if not fragment:
                return _plain(document, tail)
            source, line = context.article.source, context.source_line(context.line)
            return self._add(HeadingLink(article, fragment, document, tail, source, line))
        file, outside = self.site.find_file(context.article, path)
        if self.site.contents.has_global_ids and re.fullmatch(r"[\w-]+\.html", path) and not file:
            # bookdown names the page of a chapter after its id.
            anchor, source = fragment or path.removesuffix(".html"), context.article.source
            link = HeadingLink(context.article, anchor, address, tail, source, context.line)
            return self._add(link)
        if file:
            context.count("links")
            return _plain(self.site.copy_file(file, context.article), tail)
        if outside:
            context.report(Kind.OUTSIDE, f"the link to {address} leads out of the site")
        else:
            message = f"{address or 'an empty address'} is not in the site"
            context.report(Kind.UNRESOLVED_LINK, message)
        return _plain(address or "#", tail, external=True)

    def _add(self, item: Heading | HeadingLink | Reference) -> str:
        self.pending.append(item)
        return f"{OPENING}{len(self.pending) - 1}{CLOSING}"

    # When all articles are read

    def resolve(self, report: Report) -> None:
        """Choose a label for each heading, and find the heading of each link."""
        headings = [item for item in self.pending if isinstance(item, Heading)]
        # The title of an article is labelled after all its other headings.
        titles = {heading.article: heading for heading in headings}
        labels = [addresses.label_for(heading.anchors[0]) for heading in headings]
        wanted = Counter(labels)
        reserved = RESERVED_LABELS | self.footnotes
        used = dict.fromkeys(reserved, 1)
        used.update({label.label: 1 for label in self.labels.values()})
        anchors: Counter[tuple[str, str]] = Counter()
        for heading, label in zip(headings, labels, strict=True):
            if not label or wanted[label] > 1 or label in reserved:
                article = addresses.label_for(heading.article.slug) or "article"
                label = f"{article}-{label or 'section'}"
            heading.label = _unique(label, used)
            self._index(heading, anchors)
            old = addresses.site_address(heading.article.url)
            if heading is not titles[heading.article]:
                old += f"#{addresses.anchor_variants(heading.anchors[0])[0]}"
            report.addresses.setdefault(old, f"{heading.article.docname}#{heading.label}")
        self.resolved = [self._resolve(item, report) for item in self.pending]

    def _index(self, heading: Heading, anchors: Counter[tuple[str, str]]) -> None:
        """Register a heading under its anchors; generators number the anchors that repeat."""
        docname = heading.article.docname
        for text in heading.anchors:
            for anchor in addresses.anchor_variants(text):
                number = anchors[docname, anchor]
                anchors[docname, anchor] += 1
                numbered = f"{anchor}-{number}" if number else anchor
                self.by_anchor[docname, numbered] = heading
                self.by_id.setdefault(anchor, heading)

    def heading(self, article: Article, anchor: str) -> Heading | None:
        """Return the heading with an anchor; of a book, also one in another chapter."""
        variants = addresses.anchor_variants(anchor)
        named = (self.by_anchor.get((article.docname, variant)) for variant in variants)
        heading = next(filter(None, named), None)
        if heading is None and self.site.contents.has_global_ids:
            heading = next(filter(None, map(self.by_id.get, variants)), None)
        return heading

    def _resolve(self, item: Heading | HeadingLink | Reference, report: Report) -> str:
        if isinstance(item, Heading):
            return item.label
        if isinstance(item, Reference):
            return self._resolve_reference(item, report)
        if heading := self.heading(item.article, item.anchor):
            is_page = item.fallback and not item.fallback.endswith(".html")
            other = heading.article is not item.article or is_page
            if other and heading.label == basename(heading.article.docname):
                # As the name of a document, the label would be ambiguous.
                target = relpath(heading.article.target, dirname(item.article.docname) or ".")
                return _plain(item.fallback if is_page else target, item.tail)
            return f"#{heading.label}{item.tail}"
        if label := self.labels.get(item.anchor):
            return f"#{label.label}{item.tail}"
        message = f"#{item.anchor} is not a heading of {item.article.source}"
        report.add(Kind.UNRESOLVED_LINK, item.file, item.line, message)
        if item.fallback:
            return _plain(item.fallback, item.tail)
        return _plain(f"#{item.anchor}", item.tail, external=True)

    def _resolve_reference(self, reference: Reference, report: Report) -> str:
        """Return a reference in MyST, or its source if there is no such thing."""
        label = self.labels.get(reference.identifier)
        if label is None and reference.keep_unknown:
            return reference.source
        if label is None:
            if heading := self.heading(reference.article, reference.identifier):
                if heading.article.docname not in self.site.contents.facts.numbered:
                    return f"{{ref}}`{heading.label}`"
                number_only = reference.number_only or reference.source.startswith("\\")
                return _numbered(heading.label, number_only)
            message = f"{reference.source} refers to nothing that was converted"
            source = reference.article.source
            report.add(Kind.UNRESOLVED_LINK, source, reference.line, message)
            return myst.escape(reference.source)
        if label.kind == "equation":
            return f"{{eq}}`{label.label}`"
        if label.kind in NUMBERED:
            return _numbered(label.label, reference.number_only)
        text = label.text.rpartition(" ")[2] if reference.number_only else label.text
        return f"{{ref}}`{reference.words or text} <{label.label}>`"

    def replace_pending(self, text: str) -> str:
        """Return *text* with the labels that :meth:`resolve` has chosen."""

        def replaced(match: re.Match[str]) -> str:
            number = int(match[1])
            return self.resolved[number] if number < len(self.resolved) else match[0]

        return PENDING.sub(replaced, text)


def _numbered(label: str, number_only: bool) -> str:
    """Return a reference that shows ``Section 2`` or the like, or the number alone."""
    return f"{{numref}}`{f'{{number}} <{label}>' if number_only else label}`"


def _plain(address: str, tail: str, *, external: bool = False) -> str:
    return f"{addresses.encode(address)}{tail}{'{.external}' if external else ''}"


def _unique(label: str, used: dict[str, int]) -> str:
    """Return an unused label. *used* keeps the last number, so that none is tried twice."""
    unique = label
    while unique in used:
        used[label] += 1
        unique = f"{label}-{used[label]}"
    used[unique] = 1
    return unique


# Images


def figure(
    context: ArticleContext, path: str, caption: str, alt: str, options: Mapping[str, str]
) -> Block:
    """Return a figure.

    :param caption: the caption in MyST
    :param alt: the alternative text, by default the words of the caption
    """
    address = _image_address(context, path)
    if address is None:
        label = f"({options['name']})=\n" if options.get("name") else ""
        link = label + _image_link(path, alt)
        return Block("\n\n".join(part for part in (link, caption) if part), f"{link} {caption}")
    context.count("figures")
    values = {"alt": " ".join(alt.split()) or myst.plain_text(caption), **options}
    values = {name: value for name, value in values.items() if value}
    directive = Directive("figure", address, values)
    inline = f"{_image(address, alt)} {caption}".strip()
    return Block(myst.directive_block(directive, myst.escape_block_starts(caption)), inline)


def has_image(context: ArticleContext, path: str) -> bool:
    """Whether there is an image, which a figure needs."""
    path = context.address(path)
    return addresses.is_external(path) or bool(context.site.find_file(context.article, path)[0])


def inline_image(context: ArticleContext, path: str, alt: str, title: str = "") -> str:
    """Return an inline image, or a link to one that the site does not have."""
    address = _image_address(context, path)
    return _image_link(path, alt, title) if address is None else _image(address, alt, title)


def _image_link(path: str, alt: str, title: str = "") -> str:
    text = " ".join(alt.split()) or path.rsplit("/", 1)[-1]
    tail = addresses.format_title(title)
    return f"[{myst.escape(text)}]({addresses.encode(path)}{tail}){{.external}}"


def _image_address(context: ArticleContext, path: str) -> str | None:
    """Return the address of an image as seen from the article; None if there is no image."""
    # An entity in an attribute may be a line break.
    path = re.sub(r"\s*[\x00-\x1f]\s*", " ", context.address(path)).strip()
    if addresses.is_external(path):
        context.report(Kind.REMOTE_IMAGE, path)
        return f"https:{path}" if path.startswith("//") else path
    file, outside = context.site.find_file(context.article, path)
    if file:
        return context.site.copy_file(file, context.article)
    if outside:
        context.report(Kind.OUTSIDE, f"the image {path} is outside the site")
    else:
        context.report(Kind.UNRESOLVED_IMAGE, f"the image {path} is not in the site")
    return None


def _image(address: str, alt: str, title: str = "") -> str:
    text = myst.escape(" ".join(alt.split()))
    return f"![{text}]({addresses.encode(address)}{addresses.format_title(title)})"
