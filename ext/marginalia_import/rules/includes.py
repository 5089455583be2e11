"""The rules for figures and images, and for includes, which are known by the name of their file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import myst
from marginalia_import.placeholders import Block, Inline
from marginalia_import.report import Kind
from marginalia_import.rules import NoRuleError, TagError, named_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page, Tag

#: The path of an image.
IMAGE_PATH = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|pdf)$", re.IGNORECASE)
#: The names of the arguments that hold a caption.
CAPTIONS = ("caption", "description", "desc", "title", "text")
#: The names of those that follow it.
CREDITS = ("credit", "attribution")


#: The tags that include a file of the site.
INCLUDES = frozenset({"include", "include_relative", "include_cached", "render"})
LENGTH = re.compile(r"\d+(?:px|%)?")


# The names of includes


def included_file(body: str) -> str:
    """Return the file that an include names.

    >>> included_file('"figure.liquid", src: "a.png"')
    'figure.liquid'
    """
    match = re.match(r"""["']?([^\s"',]+)""", body)
    return match[1] if match else ""


#: The rule of an include by its name: the first that is in it counts.
FILE_KINDS = (
    ("marginfigure", re.compile(r"(?:margin|side)[-_]?(?:fig|im)", re.IGNORECASE)),
    ("marginnote", re.compile(r"margin[-_]?note", re.IGNORECASE)),
    ("sidenote", re.compile(r"side[-_]?note", re.IGNORECASE)),
    (
        "figure",
        re.compile(r"(?:^|[-_])(?:fig(?:ure)?|maincolumn|fullwidth)(?:$|[-_])", re.IGNORECASE),
    ),
    ("image", re.compile(r"(?:^|[-_])(?:image|img|picture|photo)(?:$|[-_])", re.IGNORECASE)),
)


def include_names(file: str) -> list[str]:
    """Return the names under which an include may have a rule, the most particular first.

    >>> include_names("maincolumn_img.html")
    ['include maincolumn_img.html', 'include figure', 'include']
    """
    stem = file.rpartition("/")[2].partition(".")[0]
    kinds = [f"include {kind}" for kind, pattern in FILE_KINDS if pattern.search(stem)]
    return [f"include {file}", *kinds[:1], "include"]


CONDITION = re.compile(
    r"\{%-?\s*if\s+include\.(\w+)\s*-?%\}((?:(?!\{%-?\s*(?:if|else|elsif|endif)\b).)*)"
    r"(?:\{%-?\s*else\s*-?%\}((?:(?!\{%-?\s*(?:if|endif)\b).)*))?\{%-?\s*endif\s*-?%\}",
    re.DOTALL,
)
FIELD = re.compile(r"\{\{-?\s*include\.([\w-]+)[^{}]*\}\}")


def fill_include(text: str, arguments: Mapping[str, str]) -> str | None:
    """Return an include with its arguments; None if it has other tags or expressions.

    >>> fill_include("<b>{{ include.a }}</b>{% if include.b %}!{% endif %}", {"a": "x"})
    '<b>x</b>'
    """
    text = re.sub(r"\A---\s*\n(?:.*?\n)?---\s*\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*comment\b.*?endcomment\s*-?%\}", "", text, flags=re.DOTALL)
    before = ""
    while before != text:  # from the innermost condition to the outermost
        before = text
        text = CONDITION.sub(lambda m: m[2] if arguments.get(m[1]) else m[3] or "", text)
    text = re.sub(r"\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\}", "", text)
    text = FIELD.sub(lambda match: arguments.get(match[1], ""), text)
    return None if re.search(r"\{%|\{\{|<script\b|<style\b", text) else text


# Figures and images


def figure(tag: Tag, page: Page) -> list[Fragment]:
    """Convert a figure: ``{% figure "a.png", "caption" %}``, ``{% include figure.html path=… %}``.

    :raises NoRuleError: it names no image
    """
    named = tag.named
    names = ("path", "src", "url", "image", "image_path", "file", "filename", "img")
    path, caption, alt = tag.argument(*names), tag.argument(*CAPTIONS), tag.argument("alt")
    if not path and not named and tag.name not in INCLUDES:
        arguments = [word for word in tag.arguments if word.strip()]
        path = next((word for word in arguments if IMAGE_PATH.search(word)), "")
        caption, alt = [*arguments[arguments.index(path) + 1 :], "", ""][:2] if path else ("", "")
    if tag.content is not None:
        caption = caption or tag.content.strip()
    if not path or "{{" in path:
        raise NoRuleError(f"{tag.name} names no image")
    for name in CREDITS:
        if credit := named.get(name):
            caption = f"{caption} ({credit})" if caption else credit
    is_include = tag.name in INCLUDES
    is_margin = "margin" in (included_file(tag.body) if is_include else tag.name.lower())
    if not caption and not is_margin:
        image = page.image(path, alt)
        return [Block(image, image)] if tag.own_line else [Inline(image)]
    if is_margin:
        page.count("figures")
        image = page.image(path, alt or myst.plain_text(caption))
        text = f"{image}\n\n{page.inline(caption)}".strip()
        return [page.myst_note("marginnote", text if tag.own_line else " ".join(text.split()))]
    width = named.get("width", "")
    options = {"width": width} if LENGTH.fullmatch(width) else {}
    if alt:
        options["alt"] = alt
    return [page.figure(path, caption, options)]


def image(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% image "a.png", "description" %}``.

    :raises NoRuleError: it names no image
    """
    arguments = [] if named_arguments(tag.body) else tag.arguments
    if not arguments or not IMAGE_PATH.search(arguments[0]):
        return figure(tag, page)
    written = page.image(arguments[0], (arguments[1:] or [""])[0])
    return [Block(written, written)] if tag.own_line else [Inline(written)]


def shortcode_figure(tag: Tag, page: Page) -> list[Fragment]:
    """Return a figure with all its words.

    :raises TagError: it names no image
    """
    path = tag.argument("src", "link", "path", "url", "image", position=0)
    if not path:
        raise TagError(f"{tag.name} names no image")
    title, caption = tag.argument("title"), tag.argument("caption", position=1)
    attribution = tag.argument("attr")
    if link := tag.argument("attrlink"):
        attribution = f"[{attribution or link}]({link})"
    words = [title, caption, (tag.content or "").strip(), attribution]
    alt = tag.argument("alt", position=2)
    lengths = {name: tag.argument(name) for name in ("width", "height")}
    options = {name: value for name, value in lengths.items() if LENGTH.fullmatch(value)}
    if "margin" in tag.argument("class"):
        options["figclass"] = "margin"
    used = set("src link path url image title caption attr attrlink alt width height".split())
    others = [f"{key}={value}" for key, value in tag.named.items() if key not in used]
    if others:
        page.report(Kind.ATTRIBUTES, f"{{: {' '.join(others)}}} left out")
    caption = " ".join(filter(None, words))
    if not caption and not tag.own_line:
        return [Inline(page.image(path, alt))]
    return [page.figure(path, caption, options | ({"alt": alt} if alt else {}))]


def picture(tag: Tag, page: Page) -> list[Fragment]:
    """Return ``<Image src={photo} alt="…" />`` or ``<Figure>``; around an image it is a frame.

    :raises NoRuleError: it has neither an image nor content
    """
    try:
        return figure(tag, page)
    except NoRuleError:
        if not tag.content:
            raise
    text = "\n\n".join([tag.content, *(tag.named[n] for n in ["caption"] if n in tag.named)])
    return [Block(page.blocks(text), page.inline(text))]


# Includes


def include_note(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% include sidenote.html text="…" %}``.

    :raises NoRuleError: it has no text
    """
    names = ("note", "text", "content", "body", "caption")
    text = tag.argument(*names)
    if not text:
        raise NoRuleError("it has no text")
    file = included_file(tag.body).lower()
    name = "marginnote" if "margin" in file else "sidenote"
    page.count(f"{name}s")
    return [page.note(name, text)]


def include(tag: Tag, page: Page) -> list[Fragment]:
    """Convert an include whose file holds only Markdown, HTML and ``{{ include.name }}``.

    :raises NoRuleError: the file is missing, or only the old site can fill it in
    """
    text = page.included(included_file(tag.body), named_arguments(tag.body))
    if text is None:
        raise NoRuleError("only the old site can fill it in")
    if tag.own_line:
        return [Block(page.blocks(text.strip()), page.inline(text))]
    return [Inline(page.inline(text))]
