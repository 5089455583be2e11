"""Liquid's ``{% highlight python linenos %}…{% endhighlight %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marginalia_import.marks import Block
from marginalia_import.markup import code_block, code_span
from marginalia_import.rule import Form, Rule

if TYPE_CHECKING:
    from marginalia_import.marks import Thing
    from marginalia_import.rule import Page, Tag


def convert(tag: Tag, page: Page) -> list[Thing]:
    """Return a fenced code block with its language."""
    content = tag.content or ""
    language = page.language(tag.body.split()[0] if tag.body.split() else "")
    return [Block(code_block(content, language), code_span(content))]


RULE = Rule("highlight", convert, Form.VERBATIM, becomes="a fenced code block")
