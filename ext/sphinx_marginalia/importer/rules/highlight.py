"""Liquid's ``{% highlight python linenos %}…{% endhighlight %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx_marginalia.importer.marks import Block
from sphinx_marginalia.importer.markup import code_block, code_span
from sphinx_marginalia.importer.rule import Form, Rule

if TYPE_CHECKING:
    from sphinx_marginalia.importer.marks import Thing
    from sphinx_marginalia.importer.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return a fenced code block with its language."""
    content = tag.content or ""
    language = page.language(tag.body.split()[0] if tag.body.split() else "")
    return [Block(code_block(content, language), code_span(content))]


RULE = Rule("highlight", convert, Form.VERBATIM, becomes="a fenced code block")
