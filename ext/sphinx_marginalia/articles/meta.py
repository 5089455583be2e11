"""What programs are told: meta tags in each page, and ``curriculum.json`` beside the site."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sphinx_marginalia.articles.domain import ArticlesDomain
from sphinx_marginalia.articles.header import minutes
from sphinx_marginalia.articles.options import WORDS_PER_MINUTE

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

DESCRIPTION = re.compile(r'<meta name="description"[^>]*>\s*')
#: The version of ``curriculum.json``; it grows when a reader of it would have to change.
SCHEMA = 1


def describe(app: Sphinx, document: nodes.document) -> None:
    """Give sphinxext-opengraph, where it is loaded, the description of the front matter."""
    metadata = app.env.metadata[app.env.current_document.docname]
    if description := metadata.get("description"):
        metadata.setdefault("og:description", str(description))


def add_tags(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Put the description into the head of a page, unless another extension does."""
    metadata = app.env.metadata.get(pagename, {})
    description = " ".join(str(metadata.get("description") or "").split())
    if not description or app.builder.name == "epub":
        return
    tags = [f'<meta name="description" content="{escape(description)}" />']
    if "sphinxext.opengraph" not in app.extensions:
        title = _plain(str(context.get("title") or ""))
        tags += [
            f'<meta property="og:title" content="{escape(title)}" />',
            '<meta property="og:type" content="article" />',
            f'<meta property="og:description" content="{escape(description)}" />',
        ]
    # One that was made of the first words of the page says less.
    have = DESCRIPTION.sub("", str(context.get("metatags") or ""))
    context["metatags"] = "\n".join([have, *tags])


def _plain(title: str) -> str:
    """Return a title without HTML's tags, with its entities resolved."""
    return unescape(re.sub(r"<[^>]*>", "", title))


def write_curriculum(app: Sphinx, exception: Exception | None) -> None:
    """Write ``curriculum.json``, where there are articles."""
    if exception is not None or app.builder.format != "html" or app.builder.name == "epub":
        return
    domain = cast("ArticlesDomain", app.env.domains[ArticlesDomain.name])
    if domain.articles:
        text = json.dumps(curriculum(app, domain), indent=2, ensure_ascii=False) + "\n"
        Path(app.outdir, "curriculum.json").write_text(text, encoding="utf-8")


def curriculum(app: Sphinx, domain: ArticlesDomain) -> dict[str, Any]:
    """Return the articles in their order, and what each needs, for programs."""
    found = domain.curriculum()
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
            "prerequisites": found.needs[docname],
            "words": article.words,
            "note_words": article.note_words,
            "code_lines": article.code_lines,
            "minutes": minutes(article.words, speed),
            "terms": [term.term for term in article.glossary],
        }
        for docname, article in found.articles.items()
    ]
    blocks = [block._asdict() for block in found.blocks]
    edges = [[need, docname] for docname in found.articles for need in found.needs[docname]]
    return {"schema": SCHEMA, "blocks": blocks, "articles": articles, "edges": edges}
