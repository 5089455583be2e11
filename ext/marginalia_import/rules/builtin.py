"""The rules for the tags that many sites use, by dialect.

To add a rule, write a function from a :class:`~marginalia_import.rules.Tag` and a
:class:`~marginalia_import.rules.Page` to what to write, and list a ``Rule`` below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import myst
from marginalia_import.myst import Directive
from marginalia_import.placeholders import Block, Inline
from marginalia_import.report import Kind
from marginalia_import.rules import Rule, TagError, TagForm
from marginalia_import.rules.includes import IMAGE_PATH, figure, image, include, include_note
from marginalia_import.rules.math_and_code import formula

if TYPE_CHECKING:
    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page, Tag


def note(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% sidenote "text" %}``; in Tufte-Jekyll an id precedes the text.

    Other arguments precede the note if readers of the old site saw them.
    """
    anchor, text, others = _note_text(tag, page)
    if not text.strip():
        raise TagError(f"{tag.name} has no text")
    page.count(f"{tag.name}s")
    visible = _visible_arguments(tag, page, others)
    before = [text for text in (anchor, visible) if text.strip()]
    fragment = page.note(tag.name, text)
    return [*(Inline(page.inline(text), spaced=True) for text in before), fragment]


def _note_text(tag: Tag, page: Page) -> tuple[str, str, list[str]]:
    """Return the words before a note, its text, and the other arguments."""
    arguments = tag.arguments
    if tag.content is not None:
        text = " ".join(word for word in arguments if not _is_id(word, len(arguments)))
        if not text:
            return "", tag.content, []
        # Short words around a note are its anchor; before a longer text they are its title.
        if len(text) < len(tag.content) / 2 or "\n" in tag.content.strip():
            return "", f"**{text.strip()}** {tag.content.strip()}", []
        return tag.content.strip(), text, []
    return "", *_argument_text(tag, page, arguments)


def _is_id(word: str, number: int) -> bool:
    """Whether an argument names a note: one word, with a sign or a digit unless others follow."""
    return bool(re.fullmatch(r"[\w.:-]+", word)) and (number > 1 or bool(re.search(r"[\d-]", word)))


def _argument_text(tag: Tag, page: Page, arguments: list[str]) -> tuple[str, list[str]]:
    if page.dialect == "eleventy" and len(arguments) > 2 and _is_id(arguments[0], 2):
        page.report(Kind.EXTRA_ARGUMENT, f"{tag.name} has several texts: {arguments[1:]!r}")
        return " ".join(arguments[1:]), []
    first, second = [*arguments, "", ""][:2]
    if page.dialect == "tufte-jekyll":
        has_id = len(arguments) > 1
        if not has_id and " " not in first.strip():
            raise TagError(f"{tag.name} has no text after its id")
    else:
        # Some sites of Eleventy write an id, one word or a number, before the text.
        has_id = " " not in first and (" " in second.strip() or bool(second and first.isdigit()))
    return arguments.pop(has_id) if arguments else "", arguments


def _visible_arguments(tag: Tag, page: Page, others: list[str]) -> str:
    """Return the other arguments as far as readers of the old site saw them, and report them."""
    is_jekyll = page.dialect == "tufte-jekyll"
    if is_jekyll and page.prints_id(tag.name):
        return " ".join(others)
    words = " ".join(argument for argument in others if " " in argument.strip())
    if words or len(others) > (1 if is_jekyll else 0):
        what = f"{words!r} is shown before it" if words else f"{others!r} left out"
        page.report(Kind.EXTRA_ARGUMENT, f"{tag.name} has more than an id and a text: {what}")
    return words


def cite(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% cite "key" %}``, and jekyll-scholar's ``{% cite key1 key2 --locator 5 %}``."""
    if page.dialect == "eleventy":
        words = [word for argument in tag.arguments[:1] for word in argument.split(",")]
        options = tag.arguments[1:]
    else:
        flags = [index for index, word in enumerate(tag.arguments) if word.startswith("-")]
        first = flags[0] if flags else len(tag.arguments)
        words, options = tag.arguments[:first], tag.arguments[first:]
    keys = [word.strip() for word in words if word.strip()]
    if not keys:
        raise TagError("cite has no key")
    around = (tag.content or "").strip()
    anchor = [Inline(page.inline(around), spaced=True)] if around else []
    citation = page.citation(keys, tag.source)
    if not options:
        return [*anchor, citation]
    message = f"cite {' '.join(keys)}: shown after the citation: {' '.join(options)}"
    page.report(Kind.EXTRA_ARGUMENT, message)
    locator = " ".join(word for word in options if not word.startswith("-"))
    shown = [Inline(f"({myst.escape(locator)})", spaced=True)] if locator else []
    return [*anchor, citation, *shown]


def bibliography(tag: Tag, page: Page) -> list[Fragment]:
    """Remove ``{% bibliography --cited %}``: the bibliography is a page of the project."""
    message = f"{tag.source} left out: the bibliography has its own page"
    page.report(Kind.LIST_OF_WORKS, message)
    return []


def newthought(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% newthought 'text' %}``, the first words of a section in small capitals."""
    text = " ".join(tag.arguments) if tag.content is None else tag.content
    if not text.strip():
        raise TagError("newthought has no text")
    return [Inline(f"[{page.inline(text.strip())}]{{.newthought}}")]


def epigraph(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% epigraph 'text' 'author' 'source' %}``; the last line is the attribution."""
    if not tag.arguments or not tag.arguments[0].strip():
        raise TagError("epigraph has no text")
    text, *names = (page.inline(argument.strip()) for argument in tag.arguments)
    lines = [myst.escape_block_starts(text)]
    author, source, *more = [*names, "", ""]
    parts = [author, f"*{source}*" if source and "*" not in source else source, *more]
    if any(parts):
        lines += ["", f"-- {', '.join(part for part in parts if part)}"]
    inline = f"{text} {', '.join(part for part in names if part)}".strip()
    return [Block(myst.directive_block(Directive("epigraph"), "\n".join(lines)), inline)]


def main_column(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% maincolumn 'path' 'caption' %}``; a third argument is the width."""
    path, caption, options = _figure_arguments(tag.arguments, tag.name)
    return [page.figure(path, caption, options)]


def full_width(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% fullwidth 'path' 'caption' %}``; a theme can style the class."""
    path, caption, options = _figure_arguments(tag.arguments, tag.name)
    return [page.figure(path, caption, {"width": "100%", **options, "figclass": "fullwidth"})]


def margin_figure(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% marginfigure 'id' 'path' 'caption' %}``; some sites leave out the id."""
    first, second = [*tag.arguments, "", ""][:2]
    without_id = IMAGE_PATH.search(first) and not IMAGE_PATH.search(second)
    arguments = tag.arguments if without_id else tag.arguments[1:]
    path, caption, _ = _figure_arguments(arguments, tag.name)
    page.count("figures")
    image = page.image(path, myst.plain_text(caption))
    text = page.inline(caption.strip())
    separator = "\n\n" if tag.own_line and text else " "
    return [page.myst_note("marginnote", f"{image}{separator}{text}".rstrip())]


def _figure_arguments(arguments: list[str], name: str) -> tuple[str, str, dict[str, str]]:
    """Return the path, the caption and the options of a figure; the caption may be missing."""
    if not arguments or not arguments[0].strip():
        raise TagError(f"{name} names no image")
    path, caption, width = [*arguments, "", ""][:3]
    options = {"width": width} if width.strip().rstrip("%px").isdigit() else {}
    words = [caption] if options or not width else [caption, width]
    return path.strip(), " ".join([*words, *arguments[3:]]).strip(), options


def highlight(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% highlight python linenos %}…{% endhighlight %}``."""
    content = tag.content or ""
    language = page.language(tag.body.split()[0].strip("\"',") if tag.body.split() else "")
    return [Block(myst.code_block(content, language), myst.code_span(content))]


def comment(tag: Tag, page: Page) -> list[Fragment]:
    """Show ``{% comment %}…{% endcomment %}`` as code, for the author to delete."""
    return [page.show_as_code(tag.source, Kind.COMMENT, "a comment of the template")]


def raw(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% raw %}…{% endraw %}``: Markdown in which no tag is read."""
    content = tag.content or ""
    page.report(Kind.RAW, f"{tag.name} kept: {myst.shorten(content)}")
    return [page.raw_markdown(content, own_line=tag.own_line)]


def article_address(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% link _posts/x.md %}`` and ``{% post_url 2020-04-13-x %}``."""
    path = tag.body.strip().strip("\"'")
    if not path:
        raise TagError(f"{tag.name} names no article")
    return [page.article_address(path, tag.source)]


RAW = Rule("raw", raw, TagForm.VERBATIM, becomes="its text, with no tag converted")

INCLUDED = "the text of the file, if nothing in it has to be computed"
COMMON = (
    Rule("sidenote", note, optional_end=True, becomes="a sidenote"),
    Rule("marginnote", note, optional_end=True, becomes="a margin note"),
    Rule("newthought", newthought, optional_end=True, becomes="words with the class `newthought`"),
    Rule("cite", cite, optional_end=True, becomes="a citation"),
    Rule("include figure", figure, becomes="a `figure`"),
    Rule("include marginfigure", figure, becomes="a margin note with the image"),
    Rule("include image", image, becomes="an image, or a `figure` if it has a caption"),
    Rule("include sidenote", include_note, becomes="a sidenote"),
    Rule("include marginnote", include_note, becomes="a margin note"),
    Rule("include", include, becomes=INCLUDED),
    Rule("highlight", highlight, TagForm.VERBATIM, becomes="a fenced code block"),
    Rule("comment", comment, TagForm.VERBATIM, becomes="code, for you to delete"),
    RAW,
)

ELEVENTY = (
    *COMMON,
    Rule("figure", figure, optional_end=True, becomes="a `figure`"),
    Rule("image", image, becomes="an image, or a `figure` if it has a caption"),
    Rule("verbatim", raw, TagForm.VERBATIM, becomes=RAW.becomes),
)

TUFTE_JEKYLL = (
    *COMMON,
    Rule("marginfigure", margin_figure, becomes="a margin note with the image"),
    Rule("maincolumn", main_column, becomes="a `figure`"),
    Rule("fullwidth", full_width, becomes="a `figure` with the class `fullwidth`"),
    Rule("epigraph", epigraph, becomes="an `epigraph`"),
    Rule("math", formula, TagForm.VERBATIM, becomes="a displayed formula"),
    Rule("m", formula, TagForm.VERBATIM, end="em", becomes="an inline formula"),
    Rule("bibliography", bibliography, becomes="nothing: the bibliography has its own page"),
    Rule("link", article_address, becomes="the address of the article"),
    Rule("post_url", article_address, becomes="the address of the article"),
)
