"""An author–year style for ``sphinxcontrib-bibtex`` that distinguishes works of one year.

Its own author–year style writes “Gao et al. (2025)” for every work of Gao and others of that year.
Here they get letters in the order of the bibliography, as in most author–year styles. The entry in
the bibliography begins with the same words.

The classes are entry points of this package: ``pyproject.toml`` names them ``marginalia``.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from copy import copy
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from pybtex.database import Entry
from pybtex.plugin import PluginNotFound, find_plugin
from pybtex.richtext import Text
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.formatting.unsrt import date, pages
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from pybtex.style.template import (
    Node,
    field,
    first_of,
    href,
    join,
    optional,
    optional_field,
    sentence,
    tag,
    words,
)
from sphinxcontrib.bibtex.plugin import find_plugin as find_reference_style
from sphinxcontrib.bibtex.style.names.last import LastNameStyle
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import year

from sphinx_marginalia.core.diagnostics import did_you_mean
from sphinx_marginalia.core.diagnostics import sentence as joined
from sphinx_marginalia.core.links import is_allowed, scheme_of
from sphinx_marginalia.works.latex_text import index_order, plain_text
from sphinx_marginalia.works.options import OWN_STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


#: The plugins that are styles of bibliographies.
FORMATTING = "pybtex.style.formatting"


class AuthorYearLabels(BaseLabelStyle):  # type: ignore[misc]  # pybtex has no types
    """Labels such as “Arditi et al. 2024”, with a letter where two would be the same."""

    def format_labels(self, sorted_entries: list[Entry]) -> Iterator[str]:
        """Yield a label for each entry, all different."""
        labels = [
            f"{authors_of(entry)} {plain_text(entry.fields.get('year') or 'n.d.')}"
            for entry in sorted_entries
        ]
        often = Counter(labels)
        seen: Counter[str] = Counter()
        for label in labels:
            lettered = label
            while often[label] > 1 and lettered in often:  # a year may have a letter of its own
                lettered = label + _letters(seen[label])
                seen[label] += 1
            yield lettered


class AuthorYearSorting(BaseSortingStyle):  # type: ignore[misc]  # pybtex has no types
    """The order of an index, by the words of the label: pybtex compares the LaTeX they are in."""

    def sorting_key(self, entry: Entry) -> tuple[str, ...]:
        """Return what the label says, then all names and the title, as an index sorts them."""
        fields = entry.fields
        names = " ".join(map(str, entry.persons.get("author") or entry.persons.get("editor") or ()))
        words = (
            authors_of(entry),
            fields.get("year", ""),
            names,
            plain_text(fields.get("title", "")),
        )
        return tuple(map(index_order, words))


class AuthorYearStyle(UnsrtStyle):  # type: ignore[misc]  # pybtex has no types
    """The entries of pybtex's plain style, sorted by author and labelled by author and year."""

    # The class, not its name, which would be one more entry point.
    default_sorting_style = AuthorYearSorting
    default_label_style = OWN_STYLE

    def format_names(self, role: str, as_sentence: bool = True) -> Node:
        """Return the names of *role*, with “et al.” for those that are not named."""
        names = _NAMES[super().format_names(role, as_sentence=False)]
        return sentence[names] if as_sentence else names

    def format_title(self, e: Entry, which_field: str, as_sentence: bool = True) -> Node:
        """Return a title as its author wrote it."""
        title = field(which_field)
        return sentence[title] if as_sentence else title

    def get_article_template(self, e: Entry) -> Node:
        """Return the template of an article, with its volume and number if it has no pages too."""
        volume = join[field("volume"), optional["(", field("number"), ")"]]
        number = optional[words["number", field("number")]]
        place = first_of[
            optional[volume, ":", first_of[optional[pages], field("eid")]],
            optional[volume],
            join(sep=", ")[
                number, first_of[optional[words["pages", pages]], optional_field("eid")]
            ],
        ]
        return toplevel[
            self.format_names("author"),
            self.format_title(e, "title"),
            sentence[tag("em")[field("journal")], place, date],
            sentence[optional_field("note")],
            self.format_web_refs(e),
        ]

    def get_misc_template(self, e: Entry) -> Node:
        """Return the template of a work of any other type, by its author or editor."""
        names = optional[self.format_author_or_editor(e)]
        return toplevel[[names, *super().get_misc_template(e).children[1:]]]

    def get_incollection_template(self, e: Entry) -> Node:
        """Return the template of a chapter, with its note: only this one of pybtex has none."""
        *parts, addresses = super().get_incollection_template(e).children
        return toplevel[[*parts, sentence[optional_field("note")], addresses]]

    def format_web_refs(self, e: Entry) -> Node:
        """Return the addresses of the work, each once.

        A preprint server's DOI and address say the same as its identifier.
        """
        eprint, doi = e.fields.get("eprint", ""), e.fields.get("doi", "")
        refs = []
        if doi and not (eprint and doi.casefold().endswith(eprint.casefold())):
            refs.append(self.format_doi(e))
        if eprint:
            refs.append(self.format_eprint(e))
        if "url" in e.fields and not doi and not (eprint and eprint in e.fields["url"]):
            visited = optional[join["(visited on ", field("urldate"), ")"]]
            refs.append(words[self.format_url(e), visited])
        return sentence[refs]

    def format_url(self, e: Entry) -> Node:
        """Return the address, as a link if its scheme is safe."""
        address, url = field("url", raw=True), e.fields.get("url", "")
        return href(address)[address] if scheme_of(url) and is_allowed(url) else address


@dataclass
class LetteredAuthorYear(AuthorYearReferenceStyle):
    """References by author and year, where the year has the letter of the label."""

    bracket_textual: BracketStyle = dataclasses.field(
        default_factory=lambda: BracketStyle("(", ")")
    )
    bracket_parenthetical: BracketStyle = dataclasses.field(
        default_factory=lambda: BracketStyle("(", ")", "; ")
    )
    bracket_year: BracketStyle = dataclasses.field(default_factory=lambda: BracketStyle("(", ")"))
    # The class, not its name: to find that, pybtex reads the metadata of all installed packages.
    person: PersonStyle = dataclasses.field(
        default_factory=lambda: PersonStyle(style=LastNameStyle, other=" et al.")  # type: ignore[arg-type]
    )
    author_year_sep: str = " "

    def inner(self, role_name: str) -> Node:
        """Return the template of the author–year style, with our year instead of its own."""
        return _with_letters(super().inner(role_name))


def unknown_style(name: str, is_reference: bool) -> str:
    """Return what is wrong with the name of a style, or an empty text.

    :param is_reference: it is one for references, not for the entries of a bibliography
    """
    group, find_style = FORMATTING, find_plugin
    if is_reference:
        group, find_style = "sphinxcontrib.bibtex.style.referencing", find_reference_style
    try:
        find_style(group, name)
    except (PluginNotFound, ImportError):
        hint = did_you_mean(name, entry_points(group=group).names)
        return joined("no style of that name is installed", hint)
    return ""


def authors_of(entry: Entry) -> str:
    """Return the short name of the author of *entry*, the last names of all, or the title."""
    if "shortauthor" in entry.fields:
        return plain_text(entry.fields["shortauthor"])
    persons = entry.persons.get("author") or entry.persons.get("editor") or []
    named = [person for person in persons if str(person) != "others"]
    # A work may have hundreds of authors: only those that are shown.
    names = [
        " ".join(map(plain_text, person.prelast_names + person.last_names)) for person in named[:2]
    ]
    if not names:
        return plain_text(entry.fields.get("title") or entry.key)
    if len(named) > 2 or len(named) < len(persons):
        return f"{names[0]} et al."
    return " and ".join(names)


def _letters(n: int) -> str:
    """Return the letters for the *n*-th work, from 0: ``a`` to ``z``, then ``aa``."""
    first, last = divmod(n, 26)
    return (_letters(first - 1) if first else "") + chr(ord("a") + last)


def _lettered_year(children: list[Any], data: dict[str, Any]) -> Text:
    authors = authors_of(data["entry"])
    # A bibliography may have a prefix for its labels.
    label = data["formatted_entry"].label
    return Text(label.partition(f"{authors} ")[2] or label)


def _names_and_others(children: list[Any], data: dict[str, Any]) -> Any:
    """Format names; pybtex would print “others”, which stands for those not named, as a name."""
    (names,) = children
    roles = [*names.args, *filter(None, [names.kwargs.get("role")])] or ["author", "editor"]
    role = next((role for role in roles if role in data["entry"].persons), "")
    persons = data["entry"].persons.get(role, ())
    shortened = names.kwargs.get("other")
    if shortened and "shortauthor" in data["entry"].fields:
        return Text(authors_of(data["entry"]))
    if len(persons) < 2 or str(persons[-1]) != "others":
        if shortened and len(persons) > 3:  # three give the same words as hundreds
            data = {**data, "entry": Entry(data["entry"].type, persons={role: persons[:3]})}
        return names.format_data(data)
    commas = copy(names)
    commas.kwargs = {**names.kwargs, "sep2": ", ", "last_sep": ", "}
    named = persons[:1] if shortened else persons[:-1]
    entry = Entry(data["entry"].type, persons={role: named})
    return Text(commas.format_data({**data, "entry": entry}), " et al.")


_NAMES = Node("names_and_others", _names_and_others)
_LETTERED_YEAR = Node("lettered_year", _lettered_year)


def _with_letters(template: Any) -> Any:
    if template is year:
        return _LETTERED_YEAR
    if not isinstance(template, Node):
        return template
    if template.name in {"names", "author_or_editor_or_title"}:
        return _NAMES[template]
    changed = copy(template)
    changed.children = [_with_letters(child) for child in template.children]
    return changed
