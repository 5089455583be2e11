"""The sizes of pictures, and when they are loaded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.images import get_image_size

from sphinx_marginalia.core.builders import makes_web_pages
from sphinx_marginalia.core.nodes import find
from sphinx_marginalia.large_sites.options import PICTURE_SIZES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The class of a picture that got its size here.
PICTURE_CLASS = "marginalia-picture"

#: Characters that fill the first screen, below a heading and what the theme puts above.
FIRST_SCREEN = 2000
#: Characters that would fill the area of a picture.
PICTURE = 600

#: A length in pixels. Every other length depends on what is around the picture.
PIXELS = re.compile(r"(\d+)\s*(px)?")


def size_pictures(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Give pictures the size of their file, and load those further down lazily.

    Before::

        <image uri="stars.svg" candidates="…">

    After::

        <image uri="stars.svg" candidates="…" width="560" height="420" loading="lazy"
               classes="marginalia-picture no-scaled-link">

    The second class is Sphinx's own: without it a picture with a size gets a link to itself. This
    runs on ``doctree-resolved``, when pictures have been downloaded and converted.
    """
    if not makes_web_pages(app.builder) or not PICTURE_SIZES.value(app.config):
        return
    before = 0
    words_and_pictures: list[nodes.Node] = find(doctree, nodes.Text, nodes.image)
    for node in words_and_pictures:
        if isinstance(node, nodes.Text):
            before += len(node)
        elif isinstance(node, nodes.image):
            _set_size(app, node)
            if before > FIRST_SCREEN:
                node.setdefault("loading", "lazy")
            before += PICTURE


def _set_size(app: Sphinx, picture: nodes.image) -> None:
    candidates: dict[str, str] = picture.get("candidates", {})
    kinds = ("*", *app.builder.supported_image_types)
    # The file that the builder is going to use; none for one on another host.
    file = next((candidates[kind] for kind in kinds if kind in candidates), None)
    size = get_image_size(app.srcdir / file) if file else None
    # docutils itself applies the option ``scale``.
    if size is None or min(size) < 1 or "scale" in picture:
        return
    width, height = picture.get("width"), picture.get("height")
    if fitted := fitted_size(size, width, height):
        if not width and not height:
            picture["classes"].append("no-scaled-link")
        picture["width"], picture["height"] = map(str, fitted)
        picture["classes"].append(PICTURE_CLASS)


def fitted_size(
    size: tuple[int, int], width: str | None, height: str | None
) -> tuple[int, int] | None:
    """Return the width and height, in pixels, of a picture with the options its author set.

    :param size: of the file, in pixels
    :param width: the option ``width``, such as ``"300px"``
    :param height: the option ``height``
    :return: None if a length is not in pixels, or nothing is missing
    """
    if width and height:
        return None
    length = width or height
    if not length:
        return size
    match = PIXELS.fullmatch(length.strip())
    if not match:
        return None
    pixels = int(match[1])
    if width:
        return pixels, round(pixels * size[1] / size[0])
    return round(pixels * size[0] / size[1]), pixels
