"""What can be cited: one section of a book, or the book itself. Pure: records only."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A person or an organisation, in the parts that CSL 1.0.2 and CFF 1.2.0 know.

    A person has *family* and *given*; one with a single name, and an organisation, only *literal*.
    """

    family: str = ""
    given: str = ""
    #: Before the family name and not part of its order, as in “van der Berg”.
    particle: str = ""
    #: Behind the name, as in “Martin Luther King, Jr.”.
    suffix: str = ""
    #: The whole name of an organisation, or of a person with one name; the others are then empty.
    literal: str = ""
    #: The full address, as ``https://orcid.org/0000-0002-1825-0097``.
    orcid: str = ""
    affiliation: str = ""


class Reference(NamedTuple):
    """One section of a book, or the whole book: then *title* and *section* are empty."""

    #: The citation key, as ``marginalia2026-superposition``: ``<project><year>-<id>``.
    key: str
    title: str = ""
    authors: tuple[Name, ...] = ()
    book: str = ""
    book_authors: tuple[Name, ...] = ()
    version: str = ""
    #: When this version came out: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or nothing.
    date: str = ""
    #: The number of the section in this version, as ``3.2``, or nothing.
    section: str = ""
    #: The permanent address in this version; percent-encoded by who makes it.
    url: str = ""
    #: The permanent address in the newest version, or nothing where it is the same.
    newest: str = ""
    publisher: str = ""
    #: Of what is cited, without ``https://doi.org/``: never the book's for one of its sections.
    doi: str = ""
    #: A tag of BCP 47, as ``en`` or ``pt-BR``.
    language: str = ""
    #: Identifiers of SPDX, as ``CC-BY-4.0 MIT``.
    licence: str = ""

    @property
    def whole(self) -> bool:
        """Whether this is the book and not a section of it."""
        return not self.title

    @property
    def one_hand(self) -> bool:
        """Whether the authors of the section are those of the book."""
        return self.authors == self.book_authors
