"""For programs: meta tags in each page, and ``curriculum.json`` beside the site."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from docutils import nodes

from sphinx_marginalia.articles.domain import ArticlesDomain, translations
from sphinx_marginalia.articles.options import WORDS_PER_MINUTE
from sphinx_marginalia.articles.reading_time import minutes
from sphinx_marginalia.core.index import domain_of
from sphinx_marginalia.core.publish import Publication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

#: What sphinxext-opengraph writes: the first words of a page.
DESCRIPTION = re.compile(r'<meta name="description"[^>]*>\s*')
FILE = "curriculum.json"
#: The version of ``curriculum.json``; it grows when programs that read it have to change.
SCHEMA = 1


def description_of(env: BuildEnvironment, docname: str) -> str:
    """Return the description of a page, which need not be an article."""
    article = domain_of(env, ArticlesDomain).article(docname)
    if article is not None:
        return article.description
    text = " ".join(str(env.metadata.get(docname, {}).get("description") or "").split())
    # MyST writes lists and dictionaries as JSON.
    return "" if text[:1] in {"[", "{"} else text


def describe(app: Sphinx, document: nodes.document) -> None:
    """Translate the description of a page; give it to sphinxext-opengraph, if that is loaded."""
    docname = app.env.current_document.docname
    written = description_of(app.env, docname)
    if translation := translations(document).get(written):
        app.env.metadata[docname]["description"] = translation
    if description := description_of(app.env, docname):
        app.env.metadata[docname].setdefault("og:description", description)


def add_tags(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the description to the head of a page, unless its author or another extension does."""
    if doctree is None or app.builder.name == "epub":
        return
    description = description_of(app.env, pagename)
    if not description:
        return
    explicit = {
        tag.get("name") or tag.get("property")
        for tag in doctree.children
        if isinstance(tag, nodes.meta)
    }
    tags = str(context.get("metatags") or "")
    if "description" not in explicit:
        # The first words of the page say less.
        tags = DESCRIPTION.sub("", tags)
        tags += f'\n<meta name="description" content="{escape(description)}" />'
    properties = {
        # Without HTML's tags, with its entities resolved.
        "og:title": unescape(re.sub(r"<[^>]*>", "", str(context.get("title") or ""))),
        "og:type": "article",
        "og:description": description,
    }
    for name, content in properties.items():
        if name not in explicit and "sphinxext.opengraph" not in app.extensions:
            tags += f'\n<meta property="{name}" content="{escape(content)}" />'
    context["metatags"] = tags


def publications(app: Sphinx) -> Iterator[Publication]:
    """Yield ``curriculum.json``, if there are articles."""
    content = curriculum(app, domain_of(app.env, ArticlesDomain))
    if content["articles"]:
        yield Publication(
            (FILE,), content, lambda: [json.dumps(content, indent=2, ensure_ascii=False) + "\n"]
        )


def curriculum(app: Sphinx, domain: ArticlesDomain) -> dict[str, Any]:
    """Return the articles in their order, and what each requires, as values of JSON."""
    course = domain.curriculum
    speed = WORDS_PER_MINUTE.value(app.config)
    articles = [
        {
            "docname": docname,
            "url": app.builder.get_target_uri(docname),
            "title": app.env.titles[docname].astext(),
            "description": article.description,
            "block": article.block,
            "order": article.order,
            "category": article.category,
            "difficulty": article.difficulty,
            "updated": article.updated,
            "prerequisites": course.needs[docname],
            "words": article.words,
            "note_words": article.note_words,
            "code_lines": article.code_lines,
            "minutes": minutes(article.words, speed),
            "terms": [term.term for term in article.glossary],
        }
        for docname, article in course.articles.items()
    ]
    blocks = [{"name": block.name, "title": block.title} for block in course.blocks]
    edges = [[need, docname] for docname in course.articles for need in course.needs[docname]]
    return {"schema": SCHEMA, "blocks": blocks, "articles": articles, "edges": edges}
