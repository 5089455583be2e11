"""Pages that are no documents, made with Jinja: they cost a site with thousands of sections little.

They have a style sheet of their own and not the theme's frame, which takes milliseconds a page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader

from sphinx_marginalia.citing.formats import biblatex, bibtex, csl, prose, ris
from sphinx_marginalia.citing.metadata import Alternate
from sphinx_marginalia.citing.site import head
from sphinx_marginalia.core.i18n import _

if TYPE_CHECKING:
    from sphinx_marginalia.citing.book.release import Release
    from sphinx_marginalia.citing.formats.reference import Reference
    from sphinx_marginalia.citing.site.facts import Facts

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


class Cited(NamedTuple):
    """A section with all that is told of it."""

    reference: Reference
    #: The whole book, for styles that list no sections of a book by one hand.
    book: Reference
    #: The address of the section from the root of the site.
    place: str


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
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
            "words": _words(),
        }

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
        values: dict[str, Any] = {
            **self.shared,
            "root": root,
            "title": title,
            "refresh": refresh,
            "text": text,
            "entries": entries,
        }
        return _environment().get_template("moved.html.jinja").render(values)

    def cite(self, facts: Facts, cited: Cited) -> tuple[str, dict[str, str]]:
        """Return the page that tells how to cite a section, and the files beside it by ending."""
        reference, name = cited.reference, cited.reference.key.removeprefix(f"{facts.key}-")
        files = {
            "bib": bibtex.render(reference),
            "ris": ris.render(reference),
            "json": csl.render(reference),
        }
        forms = [
            {"name": "BibTeX", "file": f"{name}.bib", "text": files["bib"]},
            {"name": "BibLaTeX", "file": "", "text": biblatex.render(reference)},
            {"name": "RIS", "file": f"{name}.ris", "text": files["ris"]},
            {"name": "CSL-JSON", "file": f"{name}.json", "text": files["json"]},
        ]
        alternates = tuple(Alternate(f"{name}.{form}", *kind) for form, kind in head.TYPES.items())
        page_path, _hash, anchor = cited.place.partition("#")
        values: dict[str, Any] = {
            **self.shared,
            **_draft(facts, reference),
            "head": head.tags(facts, reference, alternates, hidden=True),
            "title": reference.title,
            "number": reference.section,
            "place": cited.place,
            "url": reference.url,
            "newest": reference.newest,
            "version": reference.version,
            "page_url": f"{facts.version_url}{page_path}",
            "anchor": anchor,
            "in_text": prose.in_text(reference),
            "apa": prose.apa(reference),
            "chicago": prose.chicago(reference),
            "whole_apa": prose.apa(cited.book) if reference.one_hand else "",
            "forms": forms,
        }
        return _environment().get_template("cite.html.jinja").render(values), files


def _draft(facts: Facts, reference: Reference) -> dict[str, str]:
    """Return what a build that is no release says of itself."""
    if facts.release.is_release:
        return {}
    newest = facts.release.newest or (f"v{facts.book.version}" if facts.book.version else "")
    address = reference.newest or reference.url
    return {
        "draft": _reason(facts.release),
        "released": address if newest else "",
        "released_as": newest,
    }


def _reason(release: Release) -> str:
    """Return in the reader's language why what was built is no release."""
    return {
        "branch": _("This is a draft, built from the branch {name}."),
        "pull-request": _("This is a draft, built from pull request {name}."),
        "commit": _("This is a draft, built from commit {commit}."),
        "changed": _("This is a draft: files were changed after the release."),
    }.get(release.kind, _("This is a draft.")).format(
        name=release.version_name, commit=release.commit[:10]
    )


def _words() -> dict[str, str]:
    """Return the words of the pages in the language of the site."""
    return {
        "cite": _("Cite this section"),
        "links": _("Links that stay"),
        "this_version": _("This version"),
        "newest_version": _("The newest version"),
        "newest_release": _("The newest release is"),
        "in_text": _("In the text"),
        "in_list": _("In the list of references"),
        "programs": _("For programs"),
        "one_hand": _(
            "By APA’s rules a book whose chapters are all by its authors is listed as a whole, and "
            "the section is named in the text."
        ),
        "whole_apa": _("APA 7, the whole book"),
        "copy_it": _("Copy"),
        "quotation": _("Words of the section to link to"),
        "quoted": _("Link to these words"),
        "back": _("Back to the section"),
        "go_on": _("Go on to the section"),
    }
