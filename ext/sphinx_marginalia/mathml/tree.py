"""What the library makes, as pages can have it, and its width. Pure.

The library writes style attributes, which a strict Content-Security-Policy refuses, and HTML within
text, which an EPUB refuses. Both become classes of the style sheet.
"""

from __future__ import annotations

from itertools import zip_longest
from xml.etree.ElementTree import Element

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
#: The end of the class for each declaration; of a border only the name counts.
STYLES = {
    "text-align:left": "left",
    "text-align:right": "right",
    "padding-left:0": "tight-start",
    "padding-right:0": "tight-end",
    "padding-top:0": "tight",
    "padding-left:1em": "case",
    "padding-left:0.1667em": "thin-start",
    "padding-right:0.1667em": "thin-end",
    "padding-left:0.2222em": "medium-start",
    "padding-right:0.2222em": "medium-end",
    "padding-left:0.2778em": "thick-start",
    "padding-right:0.2778em": "thick-end",
    "padding-top:0.1667em": "room",
    "border-left:": "line-start",
    "border-right:": "line-end",
    "border-top:": "line-above",
    "border-bottom:": "line-below",
}
TEXTS = {"b": "bold", "i": "italic", "em": "italic", "code": "mono", "span": "sans"}
QUOTES = (("‘‘", "“"), ("’’", "”"))
SCRIPTS = ("msub", "msup", "msubsup")
#: Accents that browsers put beside a letter, as those that they put above it.
ACCENTS = {"~": "\N{SMALL TILDE}", "\N{COMBINING RIGHT ARROW ABOVE}": "→"}


def adapt(math: Element) -> None:
    """Change *math* in place, and remove the namespaces of all elements."""
    for element in math.iter():
        element.tag = element.tag.rpartition("}")[2]
    for element in list(math.iter()):
        style = element.attrib.pop("style", "")
        element.attrib.pop("class", None)
        classes = [*_style(element, style), *_table(element), *_frame(element), *_text(element)]
        if classes:
            names = dict.fromkeys(f"marginalia-math-{name}" for name in classes)
            element.set("class", " ".join(names))
        for size in ("width", "height", "depth"):
            # The library converts absolute lengths to those of the page.
            if element.get(size, "").endswith("rem"):
                element.set(size, element.get(size, "").replace("rem", "em"))
        _level(element)
        if element.tag == "mo":
            element.text = ACCENTS.get(element.text or "", element.text)
        if element.tag in SCRIPTS and "minsize" in element[0].attrib:
            # Chromium lowers a large delimiter that is alone below its script.
            base = Element("mrow")
            base.extend([Element("mi"), element[0]])
            element[0] = base


def _style(element: Element, style: str) -> list[str]:
    classes = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "color":
            element.set("mathcolor", value)
        elif name == "margin-left":
            classes += [f"back-{round(float(value.strip('-em')) * 18)}"]
        else:
            word = f"{name}:" if name.startswith("border") else f"{name}:{value}"
            classes += [STYLES[word]] if word in STYLES else []
    return classes


def _table(element: Element) -> list[str]:
    if element.tag != "mtable":
        return []
    for row in element:
        # Empty cells with a width only fill that of a page.
        row[:] = [cell for cell in row if len(cell) or "width" not in cell.get("style", "")]
    if len(element) > 1 and len(element[-1]) == 1:
        (cell,) = element[-1]
        if len(cell) == 0 and cell.get("style", "").startswith("border-top"):
            # The library makes a row of the rule that ends a table.
            del element[-1]
            for last in element[-1]:
                last.set("style", f"{last.get('style', '')};border-bottom:0")
    return ["lines"] if element.get("displaystyle") == "true" else []


def _frame(element: Element) -> list[str]:
    if element.tag != "menclose":
        return []
    element[:] = [part for part in element if not part.get("class", "").startswith("menclose")]
    return element.get("notation", "").split()


def _level(element: Element) -> None:
    """Move display style and script level to an element that may have them in HTML and EPUB."""
    # A table may have a display style; without it browsers use the small one.
    names = ("displaystyle", "scriptlevel")[element.tag == "mtable" :]
    levels = {name: element.attrib.pop(name) for name in names if name in element.attrib}
    if not levels or element.tag in ("mstyle", "mrow", "math"):
        element.attrib.update(levels)
        element.tag = "mstyle" if levels and element.tag == "mrow" else element.tag
        return
    inner = Element(element.tag, element.attrib)
    inner.extend(list(element))
    element[:] = [inner]
    element.tag, element.attrib = "mstyle", levels


def _text(element: Element) -> list[str]:
    if element.tag != "mtext":
        return []
    classes = [
        TEXTS[part.tag]
        for part in element.iter()
        if part.tag in TEXTS and part.get("class") != "math-core-serif-font"
    ]
    element.text = "".join(element.itertext())
    for typed, printed in QUOTES:
        element.text = element.text.replace(typed, printed)
    element[:] = []
    return classes


# Width

#: Widths in em: of a character, and of the space that an operator has at both sides.
CHARACTER = {"mi": 0.55, "mn": 0.5, "mo": 0.5, "mtext": 0.48}
OPERATOR = 0.55
SCRIPT = 0.7
#: Elements whose parts are above each other, so that the widest counts.
STACKED = ("munder", "mover", "munderover")
SPACE = {"msqrt": 0.85, "mroot": 0.85, "mtd": 0.6, "mfrac": 0.2}
#: Classes from a width on: of a column of text, and about 1.5 and 2 times that.
WIDTH_CLASSES = {
    "marginalia-math-widest": 80,
    "marginalia-math-wider": 55,
    "marginalia-math-wide": 38,
}
PHONE = 18


def width(element: Element) -> float:
    """Return an estimate of the width of *element* in em.

    No page can find out without a script which formulas are too wide for it. By the characters, the
    estimate is right to about a fifth, enough to recognize the few that are wider than a column.
    """
    tag = element.tag
    if tag in CHARACTER:
        spaced = tag == "mo" and element.get("lspace") != "0" and element.get("stretchy") is None
        return CHARACTER[tag] * len(element.text or "") + (OPERATOR if spaced else 0)
    if tag == "mspace":
        return max(0.0, float(element.get("width", "0").removesuffix("em")))
    if tag == "mtable":
        columns = zip_longest(*element)
        return sum(max(width(cell) for cell in column if cell is not None) for column in columns)
    inner = [width(child) for child in element if child.tag != "annotation"]
    if tag == "mfrac":
        total = max(inner)
    elif tag in STACKED:
        total = max([inner[0], *(SCRIPT * part for part in inner[1:])])
    elif tag in SCRIPTS:
        total = inner[0] + SCRIPT * max(inner[1:])
    else:
        total = sum(inner) * (SCRIPT if element.get("scriptlevel") in ("1", "2") else 1)
    return total + SPACE.get(tag, 0)


def width_class(math: Element, *, displayed: bool) -> str:
    """Return the class of a formula that may be too wide, or nothing.

    :param displayed: an inline formula may be too wide for a phone already
    """
    total = width(math)
    for name, least in WIDTH_CLASSES.items():
        if total > least:
            return name
    return "marginalia-math-long" if not displayed and total > PHONE else ""
