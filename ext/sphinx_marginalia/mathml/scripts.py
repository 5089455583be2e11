"""Indices, exponents, primes, and what stands under and over an operator."""

# Characters that look like others are the subject here.
# ruff: noqa: RUF001

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sphinx_marginalia.mathml.atoms import Atom, element, row
from sphinx_marginalia.mathml.symbols import Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from sphinx_marginalia.mathml.parser import Parser

PRIMES = {1: "′", 2: "″", 3: "‴", 4: "⁗"}
SCRIPTS = ("_", "^", "'", "\\limits", "\\nolimits", "\\displaylimits")


def take_scripts(parser: Parser, atom: Atom) -> Atom:
    """Read the scripts that follow *atom*, and return it with them."""
    below: Element | None = None
    above: list[Element] = []
    forced = None
    while (sign := parser.reader.peek()) in SCRIPTS:
        at = parser.reader.take().at
        if sign == "_":
            if below is not None:
                parser.fail("two indices on one thing; write braces, as in {x_a}_b", at)
            below = parser.argument(script=True)
        elif sign == "^":
            if any(part.get("class") != "prime" for part in above):
                parser.fail("two exponents on one thing; write braces, as in {x^a}^b", at)
            above.append(parser.argument(script=True))
        elif sign == "'":
            above.append(_primes(parser))
        elif atom.kind is not Kind.OPERATOR:
            parser.fail(f"{sign} can only follow an operator such as \\sum", at)
        else:
            forced = sign == "\\limits"
    for part in above:
        part.attrib.pop("class", None)
    return _with(atom, below, above, forced=forced)


def _primes(parser: Parser) -> Element:
    number = 1
    while parser.reader.take_if("'"):
        number += 1
    # The class tells a prime from an exponent until all scripts are read.
    return element(
        "mo", text=PRIMES.get(number, "′" * number), lspace="0", rspace="0", class_="prime"
    )


def _with(atom: Atom, below: Element | None, above: list[Element], *, forced: bool | None) -> Atom:
    if forced is not None and atom.element.tag == "mo":
        atom.element.set("movablelimits", "false")
    if below is None and not above:
        return atom
    limits = atom.limits if forced is None else forced
    over = row([Atom(part) for part in above]) if above else None
    tag = ("munder", "mover", "munderover") if limits else ("msub", "msup", "msubsup")
    parts = [part for part in (below, over) if part is not None]
    name = tag[2] if len(parts) == 2 else tag[0] if below is not None else tag[1]
    base = atom.element
    if base.get("minsize"):
        # Chromium centres a large delimiter in a row, but not where it is all that has the script.
        base = element("mrow", element("mi"), base)
    return replace(atom, element=element(name, base, *parts), joins="", limits=False)
