"""The rules for figures and images, and for includes, which are known by the name of their file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marginalia_import import myst
from marginalia_import.placeholders import Block, Inline
from marginalia_import.rules import INCLUDES, NoRuleError, included_file, named_arguments

if TYPE_CHECKING:
    from marginalia_import.placeholders import Fragment
    from marginalia_import.rules import Page, Tag

#: The path of an image.
IMAGE_PATH = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|pdf)$", re.IGNORECASE)
#: The names of the arguments that hold a caption.
CAPTIONS = ("caption", "description", "desc", "title", "text")
#: The names of those that follow it.
CREDITS = ("credit", "attribution")


def figure(tag: Tag, page: Page) -> list[Fragment]:
    """Convert a figure: ``{% figure "a.png", "caption" %}``, ``{% include figure.html path=… %}``.

    :raises NoRuleError: it names no image
    """
    named = tag.named
    names = ("path", "src", "url", "image", "image_path", "file", "filename", "img")
    path = next((named[name] for name in names if named.get(name)), "")
    caption = next((named[name] for name in CAPTIONS if named.get(name)), "")
    alt = named.get("alt", "")
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
    is_margin = "margin" in (included_file(tag.body) if is_include else tag.name)
    if not caption and not is_margin:
        image = page.image(path, alt)
        return [Block(image, image)] if tag.own_line else [Inline(image)]
    if is_margin:
        page.count("figures")
        image = page.image(path, alt or myst.plain_text(caption))
        text = f"{image}\n\n{page.inline(caption)}".strip()
        return [page.myst_note("marginnote", text if tag.own_line else " ".join(text.split()))]
    width = named.get("width", "")
    options = {"width": width} if re.fullmatch(r"\d+(?:px|%)?", width) else {}
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


def include_note(tag: Tag, page: Page) -> list[Fragment]:
    """Convert ``{% include sidenote.html text="…" %}``.

    :raises NoRuleError: it has no text
    """
    named = named_arguments(tag.body)
    names = ("note", "text", "content", "body", "caption")
    text = next((named[name] for name in names if named.get(name)), "")
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
