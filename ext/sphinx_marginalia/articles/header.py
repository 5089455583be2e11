"""What an article's header and its end show, in every builder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.frontmatter import Article
from sphinx_marginalia.articles.nodes import (
    article_facts,
    article_next,
)
from sphinx_marginalia.articles.options import NEXT, WORDS_PER_MINUTE
from sphinx_marginalia.articles.places import Place
from sphinx_marginalia.articles.reading import minutes
from sphinx_marginalia.core.i18n import _
from sphinx_marginalia.core.nodes import document_of, find

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


class FillHeaders(SphinxPostTransform):
    """Fill the places for facts and for the next article."""

    # Before references are resolved (10): the links are references.
    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Fill every place; in one page of several documents there are several of each."""
        places: list[nodes.Element] = find(self.document, article_facts, article_next)
        if not places:
            return
        domain = cast("ArticlesDomain", self.env.domains[ArticlesDomain.name])
        current = self.env.current_document.docname
        following = domain.following if NEXT.value(self.config) else {}
        for place in places:
            docname = document_of(place, current)
            if isinstance(place, article_facts):
                place.parent.replace(place, facts(self.env, domain, docname))
            elif docname in following:
                words = nodes.inline("", _("Next:"), classes=["marginalia-kind"])
                link = link_to(self.env, Place(following[docname]))
                place += nodes.paragraph("", "", words, nodes.Text(" "), link)
            else:
                place.parent.remove(place)


class NameNavigation(SphinxPostTransform):
    """Say what the link to the next article is, to those who hear the page.

    Before::

        <article_next>

    After::

        <article_next html="{'aria-label': 'Next article'}">
    """

    default_priority = 60
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Name each; a page has more navigation than this."""
        for end in find(self.document, article_next):
            end["html"] = {"aria-label": _("Next article")}


def facts(env: BuildEnvironment, domain: ArticlesDomain, docname: str) -> list[nodes.Node]:
    """Return the lines under the description."""
    article = domain.article(docname) or Article()
    lines: list[nodes.Node] = [
        nodes.paragraph(
            "", "", *_joined(_badges(env, article), " · "), classes=["marginalia-facts"]
        )
    ]
    if links := _prerequisites(env, domain, docname, article):
        words = nodes.inline("", _("Read first:"), classes=["marginalia-kind"])
        content = [words, nodes.Text(" "), *_joined(links, ", ")]
        lines.append(nodes.paragraph("", "", *content, classes=["marginalia-read-first"]))
    return lines


def _badges(env: BuildEnvironment, article: Article) -> list[nodes.Node]:
    parts: list[nodes.Node] = []
    if article.difficulty:
        classes = ["marginalia-badge", f"marginalia-{article.difficulty}"]
        parts.append(nodes.inline("", difficulty(article.difficulty), classes=classes))
    if article.category:
        parts.append(nodes.inline("", article.category, classes=["marginalia-badge"]))
    speed = WORDS_PER_MINUTE.value(env.config)
    parts += [nodes.inline("", words) for words in reading_time(article, speed)]
    if article.updated:
        parts.append(nodes.inline("", _("updated {date}").format(date=article.updated)))
    return parts


def difficulty(name: str) -> str:
    """Return a difficulty in the reader's language."""
    return {
        "beginner": _("beginner"),
        "intermediate": _("intermediate"),
        "advanced": _("advanced"),
    }.get(name, name)


def reading_time(article: Article, speed: int) -> list[str]:
    """Return how long an article takes to read; notes and code are told apart."""
    found = [_("{minutes} min read").format(minutes=minutes(article.words, speed))]
    if article.note_words:
        found.append(_("{minutes} min of notes").format(minutes=minutes(article.note_words, speed)))
    if article.code_lines == 1:
        found.append(_("1 line of code"))
    elif article.code_lines:
        found.append(_("{lines} lines of code").format(lines=article.code_lines))
    return found


def _prerequisites(
    env: BuildEnvironment, domain: ArticlesDomain, docname: str, article: Article
) -> list[nodes.Node]:
    links: list[nodes.Node] = []
    for item, place in zip(article.prerequisites, domain.places.get(docname, ()), strict=False):
        if place is None:
            links.append(nodes.inline("", item.title or item.target))
        else:
            links.append(link_to(env, place, item.title))
    return links


def link_to(env: BuildEnvironment, place: Place, text: str = "") -> nodes.Element:
    """Return a reference, which the domain resolves for each builder; its text is the title."""
    if place.uri:
        return nodes.reference("", text or place.uri, refuri=place.uri, internal=False)
    title = env.titles.get(place.docname)
    words: list[nodes.Node] = [nodes.Text(text or place.title or place.docname)]
    if not text and not place.title and title is not None:
        words = [child.deepcopy() for child in title.children]
    return addnodes.pending_xref(
        "",
        nodes.inline("", "", *words),
        refdomain=ArticlesDomain.name,
        reftype="article",
        reftarget=place.node_id,
        refdoc=env.current_document.docname,
        refexplicit=True,
        todoc=place.docname,
    )


def _joined(parts: list[nodes.Node], between: str) -> list[nodes.Node]:
    """Return *parts* with a text between each two."""
    joined: list[nodes.Node] = []
    for part in parts:
        joined += [nodes.Text(between), part] if joined else [part]
    return joined
