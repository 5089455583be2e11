"""What is measured: the same text for plain Sphinx and for our extensions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bench import citable, claims, everything
from bench.corpus import Page, Shape, essays, put_in
from sphinx_marginalia import EXTRAS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


#: As much text as an essay has.
ONE_PAGE = Shape(1)


@dataclass(frozen=True)
class Variant:
    """One way to write and to build the same text."""

    name: str
    extensions: tuple[str, ...]
    write: Callable[[Page], str]
    #: Further settings of ``conf.py``, by name.
    settings: tuple[tuple[str, object], ...] = ()
    #: Further files beside ``conf.py``, by name.
    files: Callable[[Shape], Mapping[str, str]] = lambda _: {}


@dataclass(frozen=True)
class Contest:
    """The same text in two variants."""

    #: What is compared, for people.
    summary: str
    plain: Variant
    marginalia: Variant
    #: How much text a page has.
    page: Shape = ONE_PAGE

    def with_words(self, words: int | None) -> Contest:
        """Return the contest with so many words a page, if they are given."""
        return replace(self, page=replace(self.page, words=words)) if words else self

    def shape(self, pages: int) -> Shape:
        """Return the shape of a corpus of so many pages."""
        return replace(self.page, pages=pages)


def with_footnotes(page: Page) -> str:
    """Return *page* in MyST with Markdown's footnotes."""
    names = [f"[^{n}]" for n in range(1, len(page.notes) + 1)]
    definitions = [f"{name}: {note}\n" for name, note in zip(names, page.notes, strict=True)]
    return "\n".join([put_in(page, names), *definitions])


def with_sidenotes(page: Page) -> str:
    """Return *page* in MyST with our role."""
    return put_in(page, [f"{{sidenote}}`{note}`" for note in page.notes])


def as_article(page: Page) -> str:
    """Return *page* as an article with front matter, which defines a term."""
    title = page.text.partition("\n")[0].removeprefix("# ")
    glossary = [{"term": f"term {page.number}", "definition": title}]
    return f"{everything.front_matter(page, glossary=glossary)}\n{with_footnotes(page)}"


PLAIN = Variant("plain", ("myst_parser",), with_footnotes)
MARGINALIA = Variant("marginalia", ("myst_parser", "sphinx_marginalia"), with_sidenotes)

#: The contests by name.
CONTESTS = {
    # Navigation and formulas too, which a project has to ask for.
    "all": Contest(
        "everything on, on essays with notes, pauses, citations, claims, formulas and front "
        "matter, against footnotes, admonitions, links and lists",
        Variant(
            "plain",
            ("myst_parser",),
            everything.with_plain,
            everything.PLAIN_SETTINGS,
            everything.plain_files,
        ),
        Variant(
            "marginalia",
            ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia", *EXTRAS),
            everything.with_ours,
            everything.SETTINGS,
            everything.our_files,
        ),
        Shape(1, notes=8),
    ),
    "notes": Contest("all features, on pages with notes", PLAIN, MARGINALIA),
    "articles": Contest(
        "articles alone, on pages with front matter",
        Variant("plain", ("myst_parser",), as_article),
        Variant("marginalia", ("myst_parser", "sphinx_marginalia.articles"), as_article),
    ),
    # Plain Sphinx has the same files, which it does not read.
    "citing": Contest(
        "citing alone, on shorter pages with 8 named sections; of 20 names one has moved from "
        "another page, and one has a retired name beside it",
        Variant("plain", ("myst_parser",), citable.with_names, files=citable.files),
        Variant(
            "marginalia",
            ("myst_parser", "sphinx_marginalia.citing"),
            citable.with_names,
            citable.SETTINGS,
            citable.files,
        ),
        Shape(1, words=800, notes=0, sections=8),
    ),
    # Plain Sphinx has the same words, labels, links and citations.
    "claims": Contest(
        "claims alone, ten on each shorter page and a table of all, against definition lists and "
        "a plain table",
        Variant(
            "plain",
            ("myst_parser", "sphinxcontrib.bibtex"),
            claims.with_lists,
            claims.SETTINGS,
            claims.plain_files,
        ),
        Variant(
            "marginalia",
            ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia.ledger"),
            claims.with_claims,
            claims.SETTINGS,
            claims.our_files,
        ),
        Shape(1, words=800, notes=0),
    ),
}


def write_project(folder: Path, shape: Shape, variant: Variant, theme: str) -> None:
    """Write ``conf.py``, the pages, an index and what *variant* has beside them into *folder*."""
    folder.mkdir(parents=True)
    settings = {
        "project": "Essays",
        "extensions": [*variant.extensions],
        "html_theme": theme,
        **dict(variant.settings),
    }
    conf = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    pages = {f"essay-{page.number:04}": variant.write(page) for page in essays(shape)}
    # The label is for those who cite; to others it is one line.
    index = ["(essays)=", "# Essays", "", "```{toctree}", ":maxdepth: 1", *pages, "```", ""]
    files = {
        "conf.py": conf,
        "index.md": "\n".join(index),
        **{f"{name}.md": text for name, text in pages.items()},
        **variant.files(shape),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
