"""Pages that are no documents, made with Jinja: they cost a site with thousands of sections little.

They have a style sheet of their own and not the theme's frame, which takes milliseconds a page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader
from markupsafe import escape

from sphinx_marginalia.cite_as import head
from sphinx_marginalia.cite_as.facts import reason
from sphinx_marginalia.cite_as.formats import biblatex, bibtex, csl, prose, ris
from sphinx_marginalia.cite_as.head import TYPES
from sphinx_marginalia.cite_as.metadata import Alternate
from sphinx_marginalia.cite_as.references import whole_book
from sphinx_marginalia.core.i18n import _

if TYPE_CHECKING:
    from sphinx_marginalia.cite_as.facts import Facts
    from sphinx_marginalia.cite_as.formats.reference import Reference

TEMPLATES = Path(__file__).parent / "templates"


class Moved(NamedTuple):
    """A line of a page that leads on."""

    #: The id that old links have.
    id: str
    title: str
    #: From the root of the site; nothing where the section was removed.
    address: str
    #: What stands behind the title.
    more: str = ""


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # or it looks at the files of the templates for each page
    )


class Renderer:
    """All pages of one build."""

    def __init__(self, facts: Facts | None, book: str, home: str, language: str) -> None:
        self.facts = facts
        self.shared = {
            "root": "../",
            "book": facts.book.title if facts else book,
            "home": home,
            "language": language,
            # Escaped once, and not on each page.
            **{f"w_{name}": escape(word) for name, word in _words().items()},
        }
        self.whole_apa = prose.apa(whole_book(facts)) if facts else ""
        self.draft = _draft(facts) if facts and not facts.release.is_release else {}

    def moved(
        self,
        root: str,
        title: str,
        *,
        refresh: str = "",
        text: str = "",
        entries: tuple[Moved, ...] = (),
    ) -> str:
        """Return a page that leads on to the address *refresh*, or says why it does not."""
        values = {"title": title, "refresh": refresh, "text": text, "entries": entries}
        page = _environment().get_template("moved.html.jinja")
        return page.render({**self.shared, **values, "root": root})

    def cite(self, name: str, reference: Reference, place: str) -> tuple[str, dict[str, str]]:
        """Return the page that tells how to cite a section, and the files beside it by ending.

        :param place: the address of the section from the root of the site
        """
        assert self.facts is not None
        files = {
            "bib": bibtex.render(reference),
            "ris": ris.render(reference),
            "json": csl.render(reference),
        }
        forms = (
            ("BibTeX", f"{name}.bib", files["bib"]),
            ("BibLaTeX", "", biblatex.render(reference)),
            ("RIS", f"{name}.ris", files["ris"]),
            ("CSL-JSON", f"{name}.json", files["json"]),
        )
        alternates = tuple(Alternate(f"{name}.{form}", *kind) for form, kind in TYPES.items())
        page_path, _hash, anchor = place.partition("#")
        values: dict[str, Any] = {
            **self.draft,
            "head": head.tags(self.facts, reference, alternates, hidden=True),
            "title": reference.title,
            "number": reference.section,
            "place": place,
            "url": reference.url,
            "newest": reference.newest,
            "version": reference.version,
            "page_url": f"{self.facts.version_url}{page_path}",
            "anchor": anchor,
            "in_text": prose.in_text(reference),
            "apa": prose.apa(reference),
            "chicago": prose.chicago(reference),
            "whole_apa": self.whole_apa if reference.one_hand else "",
            "forms": forms,
        }
        page = _environment().get_template("cite.html.jinja")
        return page.render({**self.shared, **values}), files


def _draft(facts: Facts) -> dict[str, str]:
    """Return what a build that is no release says of itself."""
    return {
        "draft": reason(facts.release),
        "released": facts.released_url if facts.release.newest else "",
        "released_as": facts.release.newest,
    }


def _words() -> dict[str, str]:
    """Return the words of the pages in the language of the site."""
    return {
        "cite": _("Cite this section"),
        "links": _("Links that stay"),
        "this_version": _("This version"),
        "newest_version": _("The newest version"),
        "newest_release": _("The newest release is"),
        "lacks": _("The references below name the version in CITATION.cff, which may lack it."),
        "in_text": _("In the text"),
        "in_list": _("In the list of references"),
        "programs": _("For programs"),
        "one_hand": _(
            "By APA’s rules a book whose chapters are all by its authors is listed as a whole, and "
            "the section is named in the text."
        ),
        "whole_apa": _("APA 7, the whole book"),
        "copy_it": _("Copy"),
        "copied": _("Copied"),
        "quotation": _("Words of the section to link to"),
        "quoted": _("Link to these words"),
        "back": _("Back to the section"),
        "go_on": _("Go on to the section"),
    }
