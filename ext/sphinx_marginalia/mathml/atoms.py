r"""The parts of a row, and the space between them.

Browsers space operators by a dictionary of characters, TeX by classes and neighbours. Where the two
differ, what TeX does is written into the attributes ``lspace`` and ``rspace``.
"""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import name
from xml.etree.ElementTree import Element

from sphinx_marginalia.mathml.symbols import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

THIN, THICK, MEDIUM = "0.1667em", "0.2778em", "0.2222em"
#: Operators that every browser spaces as TeX does.
SPACED_WELL = frozenset("=+−×±<>≤≥≠≈≡∼∈∉⊂⊆→←↦⇒⇔∪∩∧∨⊗⊕")
#: What would grow with the row that it stands in; in TeX only a delimiter does.
GROWING = frozenset("()[]{}|‖/\\⟨⟩⌊⌋⌈⌉⟦⟧∣∤∥∦↑↓↕⇑⇓⇕↾⇂↿⇃⌜⌝⌞⌟∖")
#: How far back a step goes, in eighteenths of an em.
STEPS = (18, 3, 1)
APPLY = "\N{FUNCTION APPLICATION}"


@dataclass
class Atom:
    """An element and what it is to its neighbours."""

    element: Element
    kind: Kind = Kind.ORDINARY
    #: The operator whose attributes space the whole, where there is one.
    core: Element | None = None
    #: ``True``: scripts stand over and under it. For ``∑``, browsers do so in displayed formulas.
    limits: bool = False
    #: Whether it is a word such as *log*, to be kept off its argument.
    word: bool = False
    #: The alphabet of a letter that may be joined with the next one to a word.
    joins: str = ""


def element(tag: str, *children: Element, text: str = "", **attributes: str) -> Element:
    """Return ``<tag>`` with *children*; ``class_`` is the attribute ``class``."""
    made = Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    made.text = text or None
    made.extend(children)
    return made


def operator(char: str, kind: Kind, **attributes: str) -> Atom:
    """Return ``<mo>`` with *char*, at its usual height."""
    if char in GROWING or "ARROW" in name(char[0], "") or "HARPOON" in name(char[0], ""):
        attributes["stretchy"] = "false"
    made = element("mo", text=char, **attributes)
    return Atom(made, kind, made)


def space(width: float) -> Atom:
    """Return an empty space of *width* em, or a step back if that is negative.

    MathML Core knows no negative width, so the style sheet makes steps of 1, 3 and 18 parts.
    """
    if width >= 0:
        return Atom(element("mspace", width=f"{width:.4g}em"), Kind.SPACE)
    left, steps = round(-width * 18), []
    for size in STEPS:
        number, left = divmod(left, size)
        steps += [element("mspace", class_=f"marginalia-back-{size}") for _ in range(number)]
    return Atom(steps[0] if len(steps) == 1 else element("mrow", *steps), Kind.SPACE)


def row(atoms: Sequence[Atom], *, script: bool = False) -> Element:
    """Return *atoms* as one element, a ``<mrow>`` if there are several."""
    found = elements(atoms, script=script)
    return found[0] if len(found) == 1 else element("mrow", *found)


def elements(atoms: Sequence[Atom], *, script: bool = False) -> list[Element]:
    """Return the elements of *atoms*, spaced as TeX would.

    :param script: whether the row is an index, in which TeX leaves most spaces out
    """
    atoms = _joined(atoms)
    _unmake_binary(atoms)
    for atom in atoms:
        _space_operator(atom, script=script)
    _close_relations(atoms)
    if not atoms:
        return []
    found = [atoms[0].element]
    for before, after in pairwise(atoms):
        found += _between(before, after)
        found.append(after.element)
    return found


def _joined(atoms: Sequence[Atom]) -> list[Atom]:
    """Join upright letters that stand side by side to one word."""
    found: list[Atom] = []
    for atom in atoms:
        last = found[-1] if found else None
        if last and atom.joins and atom.joins == last.joins and atom.element.tag == "mi":
            last.element.text = f"{last.element.text}{atom.element.text}"
            last.element.attrib.pop("mathvariant", None)
        else:
            found.append(atom)
    return found


def _seen(atoms: Sequence[Atom]) -> list[Atom]:
    return [atom for atom in atoms if atom.kind is not Kind.SPACE]


def _unmake_binary(atoms: Sequence[Atom]) -> None:
    """Treat a sign with nothing on one side as ordinary: the minus of -1."""
    seen = _seen(atoms)
    before_sign = (Kind.BINARY, Kind.OPERATOR, Kind.RELATION, Kind.OPENING, Kind.PUNCTUATION)
    after_sign = (Kind.RELATION, Kind.CLOSING, Kind.PUNCTUATION)
    for number, atom in enumerate(seen):
        if atom.kind is not Kind.BINARY:
            continue
        before = seen[number - 1].kind if number else Kind.OPENING
        after = seen[number + 1].kind if number + 1 < len(seen) else Kind.CLOSING
        if before in before_sign or after in after_sign:
            atom.kind = Kind.ORDINARY
            if atom.core is not None:
                atom.core.set("form", "prefix")
                atom.core.set("lspace", "0")
                atom.core.set("rspace", "0")


def _close_relations(atoms: Sequence[Atom]) -> None:
    """Leave no space between relations: the two signs of := are one."""
    for before, after in pairwise(_seen(atoms)):
        if before.kind is after.kind is Kind.RELATION:
            for atom, side in ((before, "rspace"), (after, "lspace")):
                if atom.core is not None:
                    other = {"lspace": "rspace", "rspace": "lspace"}[side]
                    atom.core.attrib.setdefault(other, THICK)
                    atom.core.set(side, "0")


def _space_operator(atom: Atom, *, script: bool) -> None:
    core = atom.core
    if core is None or core.tag != "mo" or "lspace" in core.attrib:
        return
    if atom.kind in (Kind.RELATION, Kind.BINARY):
        if script:
            width = "0"
        elif core is atom.element and core.text in SPACED_WELL:
            return
        else:
            width = THICK if atom.kind is Kind.RELATION else MEDIUM
        core.set("lspace", width)
        core.set("rspace", width)
    elif atom.kind is Kind.PUNCTUATION:
        core.set("lspace", "0")
        core.set("rspace", "0" if script else THIN)
    elif core.text in {"|", "‖", "/", "\\", ":", "!", "?", "∗", "."}:
        core.set("lspace", "0")
        core.set("rspace", "0")


def _between(before: Atom, after: Atom) -> list[Element]:
    """Return what stands between two atoms of which one is a word, such as *log*."""
    found = []
    solid = (Kind.ORDINARY, Kind.OPERATOR, Kind.INNER)
    if before.word and after.kind not in (Kind.RELATION, Kind.BINARY, Kind.PUNCTUATION):
        if after.kind not in (Kind.CLOSING, Kind.SPACE):
            found.append(element("mo", text=APPLY))
        if after.kind in solid:
            found.append(element("mspace", width=THIN))
    elif after.word and before.kind in (*solid, Kind.CLOSING):
        found.append(element("mspace", width=THIN))
    return found
