"""Import a site: find its articles, convert each, write the project."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pybtex.database import parse_string
from pybtex.errors import capture
from pybtex.exceptions import PybtexError
from pybtex.style.formatting.unsrt import Style

from marginalia_import import bibliography, discover, frontmatter, project, write
from marginalia_import.convert import convert
from marginalia_import.report import Kind, Report
from marginalia_import.rules import RULES
from marginalia_import.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from marginalia_import.rule import Rule
    from marginalia_import.site import Article
    from marginalia_import.walk import Found


class SourceError(ValueError):
    """The site cannot be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Options:
    """What the importer is asked to do."""

    source: Path
    target: Path
    #: ``eleventy``, ``tufte-jekyll``, or empty to guess.
    dialect: str = ""
    #: A ``references.json`` or ``.bib`` beside those of the site.
    bibliography: Path | None = None
    #: Rules for tags of the site's own; they go before the others.
    rules: tuple[Rule, ...] = ()
    #: Write a ``conf.py``, an index, and the pages around the articles.
    project: bool = False
    #: Make key ideas of quotes that define a term.
    key_ideas: bool = False
    dry_run: bool = False
    force: bool = False


@dataclass
class _Run:
    """One import."""

    options: Options
    report: Report
    site: Site
    found: Found
    works: str
    pages: list[project.Page] = field(default_factory=list)


def run(options: Options, watch: Callable[[list[Article]], Iterable[Article]] = iter) -> Report:
    """Import a site and return what there is to say of it.

    :param watch: shows the progress over the articles it is given
    :raises SourceError: the site cannot be used
    :raises write.TargetError: the folder cannot be written
    """
    report = Report()
    prepared = _prepare(options, report)
    write.check(options.source, options.target, force=options.force)
    if options.dry_run:
        for article in watch(prepared.site.articles):
            _convert(prepared, article)
        prepared.site.links.resolve(report)
        return report
    with write.project(options.target, report.moved.append) as folder:
        for article in watch(prepared.site.articles):
            write.put(folder, article.target, _convert(prepared, article))
        prepared.site.links.resolve(report)
        for article in prepared.site.articles:
            text = (folder / article.target).read_text(encoding="utf-8")
            finished = prepared.site.links.finished(text)
            if finished != text:
                write.put(folder, article.target, finished)
        _around(prepared, folder)
    return report


def _prepare(options: Options, report: Report) -> _Run:
    """Find what there is.

    :raises SourceError: it cannot be used
    """
    source = options.source
    if not source.exists():
        raise SourceError(f"{source} does not exist: name a file or the folder of a site")
    root = source if source.is_dir() else source.parent
    try:
        dialect = options.dialect or discover.guess_dialect(root)
    except discover.SiteError as error:
        raise SourceError(f"{source}: {error}") from error
    report.dialect = dialect
    if source.is_dir():
        found = discover.discover(root, dialect, report)
    else:
        found = discover.one_file(source, dialect)
    if not found.articles:
        raise SourceError(f"{source} holds no article in Markdown for {dialect}")
    works = _works(options, root, found, report)
    rules = {rule.tag: rule for rule in (*RULES[dialect], *options.rules)}
    site = Site(root, found.settings, found.articles, rules, works.keys, found.printed_names)
    return _Run(options, report, site, found, works.text)


def _works(options: Options, root: Path, found: Found, report: Report) -> bibliography.Bibliography:
    """Return all works; of two with the same key the first counts."""
    files = [(root / path, path) for path in found.bibliographies]
    if options.bibliography is not None:
        files.insert(0, (options.bibliography, options.bibliography.name))
    together = bibliography.Bibliography()
    for file, name in files:
        works = _read_works(file, name, report, together.keys)
        for key, why in works.refused:
            report.add(Kind.BIBLIOGRAPHY, name, 1, f"{key}: {why}")
        for old, key in works.renamed:
            report.add(Kind.KEY, name, 1, f"{old!r} is {key!r} now")
        together.keys.update(works.keys)
        together.text += works.text if not together.text else f"\n{works.text}"
    return together


def _read_works(
    file: Path, name: str, report: Report, taken: Collection[str]
) -> bibliography.Bibliography:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix != ".json":
            works = bibliography.from_bibtex(text, _types(), taken)
            _check(works.text)
            return works
        records = json.loads(text)
    except (OSError, ValueError, RecursionError, PybtexError) as error:
        report.add(Kind.BIBLIOGRAPHY, name, 1, f"could not be read: {error}")
        return bibliography.Bibliography()
    if not isinstance(records, dict):
        report.add(Kind.BIBLIOGRAPHY, name, 1, "is no object of works by key")
        return bibliography.Bibliography()
    return bibliography.from_json(records, taken)


def _check(text: str) -> None:
    """Read BibTeX as Sphinx will.

    :raises PybtexError: it cannot be read
    """
    with capture() as problems:
        for entry in parse_string(text, "bibtex").entries.values():
            for people in entry.persons.values():
                [str(person) for person in people]
    if problems:
        raise problems[0]


def _types() -> set[str]:
    """Return the types of entries that pybtex's styles, and so ours, know how to format."""
    return {name[4:-9] for name in dir(Style) if re.fullmatch(r"get_\w+_template", name)}


def _convert(prepared: _Run, article: Article) -> str:
    """Return an article in MyST, and note what the index has to know of it.

    :raises SourceError: it is not UTF-8
    """
    try:
        text = (prepared.site.root / article.source).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"{article.source}:{line} is not UTF-8: save it as UTF-8 and run this again"
        raise SourceError(message) from error
    try:
        ideas = prepared.options.key_ideas
        written = convert(prepared.site, article, text, prepared.report, ideas=ideas)
        written.encode()
    except (RecursionError, UnicodeError) as error:
        raise SourceError(f"{article.source} cannot be converted: {error}") from error
    values: dict[str, Any] = frontmatter.read(written)[0].values
    prepared.pages.append(project.page_of(article.docname, values))
    return written


def _around(prepared: _Run, folder: Path) -> None:
    """Write the bibliography, the files that articles need, and what makes a project of them."""
    site = prepared.site
    for path, place in sorted(site.taken.items()):
        write.copy(site.root / path, folder, place)
    if prepared.works:
        write.put(folder, "references.bib", prepared.works)
    for path, values in sorted(prepared.found.blocks.items()):
        write.put(folder, f"{path}/_block.yaml".lstrip("/"), project.block(values))
    if prepared.options.project:
        made = project.files(site, prepared.pages, prepared.found.blocks)
        for path, text in sorted(made.items()):
            write.put(folder, path, text)
