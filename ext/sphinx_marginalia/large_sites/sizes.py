"""Sizes of pictures, and when they are loaded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.images import get_image_size

from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.core.publish import is_web_site
from sphinx_marginalia.large_sites.options import PICTURE_SIZES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The class of a picture that got its size here.
SIZED = "marginalia-picture"

#: So many characters of text fill a window, with a heading and what the theme puts above.
FIRST_SCREEN = 2000
#: So many would stand where a picture stands.
PICTURE = 600

#: What an author says in pixels; every other length depends on what is around the picture.
PIXELS = re.compile(r"(\d+)\s*(px)?")


def size_pictures(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Give pictures the size of their file, and let those further down wait.

    Before::

        <image uri="stars.svg" candidates="…">

    After::

        <image uri="stars.svg" candidates="…" width="560" height="420" loading="lazy"
               classes="marginalia-picture no-scaled-link">

    The second class is Sphinx's own: a picture with a size would get a link to itself otherwise.
    This is done at the end, when pictures have been fetched and converted and it is known how much
    a reader meets before each.
    """
    if not is_web_site(app) or not PICTURE_SIZES.value(app.config):
        return
    before = 0
    words_and_pictures: list[nodes.Node] = find(doctree, nodes.Text, nodes.image)
    for node in words_and_pictures:
        if isinstance(node, nodes.Text):
            before += len(node)
        elif isinstance(node, nodes.image):
            _give_size(app, node)
            if before > FIRST_SCREEN:
                node.setdefault("loading", "lazy")
            before += PICTURE


def _give_size(app: Sphinx, picture: nodes.image) -> None:
    file = _file_of(picture, app.builder.supported_image_types)
    size = get_image_size(app.srcdir / file) if file else None
    if size is None or min(size) < 1:
        return
    if given := fitted(size, picture.get("width"), picture.get("height"), "scale" in picture):
        if not {"width", "height"} & set(picture.attributes):
            picture["classes"].append("no-scaled-link")
        picture["width"], picture["height"] = map(str, given)
        picture["classes"].append(SIZED)


def _file_of(picture: nodes.image, supported: list[str]) -> str | None:
    """Return the file that the builder is going to choose, or None for one on another host."""
    candidates: dict[str, str] = picture.get("candidates", {})
    return next((candidates[kind] for kind in ("*", *supported) if kind in candidates), None)


def fitted(
    size: tuple[int, int], width: str | None, height: str | None, scaled: bool = False
) -> tuple[int, int] | None:
    """Return the width and height in pixels of a picture of *size*, as its author wants it.

    :param width: what the author says, such as ``"300px"``
    :param height: the same
    :param scaled: whether the author wants it scaled, which docutils works out by itself
    :return: None where it is not in pixels, or nothing is to be added
    """
    if scaled or (width and height):
        return None
    given = width or height
    if not given:
        return size
    match = PIXELS.fullmatch(given.strip())
    if not match:
        return None
    pixels = int(match[1])
    if width:
        return pixels, round(pixels * size[1] / size[0])
    return round(pixels * size[0] / size[1]), pixels
