"""What the library makes, as pages can have it.

It writes style attributes, which a strict Content-Security-Policy refuses, and HTML within text,
which an EPUB refuses. Both become classes of the style sheet.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
#: A class for each declaration, and for each that begins so if it ends with a blank.
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
LEVELS = ("displaystyle", "scriptlevel")
SCRIPTED = ("msup", "msub", "msubsup")
SIZES = ("width", "height", "depth")
#: Accents that browsers put beside a letter, as those that they put above it.
ACCENTS = {"~": "\N{SMALL TILDE}", "\N{COMBINING RIGHT ARROW ABOVE}": "→"}


def adapt(math: Element) -> None:
    """Change *math* in place; no element has a namespace afterwards."""
    for element in math.iter():
        element.tag = element.tag.rpartition("}")[2]
    for element in list(math.iter()):
        style = element.attrib.pop("style", "")
        element.attrib.pop("class", None)
        classes = [*_styled(element, style), *_table(element), *_framed(element), *_text(element)]
        if classes:
            names = dict.fromkeys(f"marginalia-{name}" for name in classes)
            element.set("class", " ".join(names))
        for size in SIZES:
            # Of a length in centimetres the library makes one of the page.
            if element.get(size, "").endswith("rem"):
                element.set(size, element.get(size, "").replace("rem", "em"))
        _level(element)
        if element.tag == "mo":
            element.text = ACCENTS.get(element.text or "", element.text)
        if element.tag in SCRIPTED and "minsize" in element[0].attrib:
            _centre(element)


def _centre(scripted: Element) -> None:
    """Put a large delimiter into a row: alone below its script, Chromium lets it sink."""
    delimiter = scripted[0]
    base = Element("mrow")
    base.extend([Element("mi"), delimiter])
    scripted.remove(delimiter)
    scripted.insert(0, base)


def _styled(element: Element, style: str) -> list[str]:
    found = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "color":
            element.set("mathcolor", value)
        elif name == "margin-left":
            found += [f"back-{round(float(value.strip('-em')) * 18)}"]
        else:
            word = f"{name}:" if name.startswith("border") else f"{name}:{value}"
            found += [STYLES[word]] if word in STYLES else []
    return found


def _table(element: Element) -> list[str]:
    if element.tag != "mtable":
        return []
    for row in element:
        for cell in list(row):
            # These only fill the width of a page.
            if len(cell) == 0 and "width" in cell.get("style", ""):
                row.remove(cell)
    _rule_below(element)
    return ["lines"] if element.get("displaystyle") == "true" else []


def _rule_below(table: Element) -> None:
    """Put the rule that ends a table below its last row; the library makes a row of it."""
    if len(table) < 2 or len(table[-1]) != 1:
        return
    (cell,) = table[-1]
    if len(cell) == 0 and cell.get("style", "").startswith("border-top"):
        table.remove(table[-1])
        for last in table[-1]:
            last.set("style", f"{last.get('style', '')};border-bottom:0")


def _framed(element: Element) -> list[str]:
    if element.tag != "menclose":
        return []
    for part in list(element):
        if part.get("class", "").startswith("menclose"):
            element.remove(part)
    return element.get("notation", "").split()


def _level(element: Element) -> None:
    """Put *element* into one that may say how large things are: not all may, in HTML or EPUB."""
    # A table may, of its style; without it browsers take the small one.
    names = LEVELS[element.tag == "mtable" :]
    said = {name: element.attrib.pop(name) for name in names if name in element.attrib}
    if not said or element.tag in ("mstyle", "mrow", "math"):
        element.attrib.update(said)
        element.tag = "mstyle" if said and element.tag == "mrow" else element.tag
        return
    inner = Element(element.tag, element.attrib)
    inner.extend(list(element))
    for part in list(element):
        element.remove(part)
    element.attrib.clear()
    element.tag = "mstyle"
    element.attrib.update(said)
    element.append(inner)


def _text(element: Element) -> list[str]:
    if element.tag != "mtext":
        return []
    found = [
        TEXTS[part.tag] if part.get("class") != "math-core-serif-font" else "serif"
        for part in element.iter()
        if part.tag in TEXTS
    ]
    element.text = "".join(element.itertext())
    for written, meant in QUOTES:
        element.text = element.text.replace(written, meant)
    for part in list(element):
        element.remove(part)
    return [name for name in found if name != "serif"]
