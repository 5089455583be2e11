"""Import a site: read it, convert its articles, write the new project."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marginalia_import import frontmatter, pages, project
from marginalia_import.check import check_article
from marginalia_import.convert import convert_article
from marginalia_import.links import Links
from marginalia_import.report import InputError, Kind, Report
from marginalia_import.sites import BY_NAME, guess_dialect, load, recognize
from marginalia_import.sites.bibliography import load_bibliographies
from marginalia_import.sites.discovery import decode, site_root
from marginalia_import.sites.site import Article, Site, SiteContents, SiteFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from marginalia_import.report import Entry
    from marginalia_import.rules import Rule
    from marginalia_import.sites import Dialect
    from marginalia_import.syntax import Syntax

#: The entries that quote the words they left out.
LEFT_OUT = {
    kind.label
    for kind in (
        Kind.ATTRIBUTES,
        Kind.CELL,
        Kind.EXTRA_ARGUMENT,
        Kind.LIST_OF_WORKS,
        Kind.EXPRESSION,
        Kind.SCRIPT,
        Kind.TITLE,
    )
}


@dataclass(frozen=True)
class Options:
    """The options of an import."""

    #: A site's folder, or one file.
    source: Path
    #: The folder to write, new or empty.
    target: Path
    #: The name of a dialect, such as ``eleventy``, or empty to guess.
    dialect: str = ""
    #: A ``references.json`` or ``.bib`` besides those of the site.
    bibliography: Path | None = None
    #: Rules for the site's own tags, which take precedence.
    rules: tuple[Rule, ...] = ()
    #: Also write ``conf.py``, an index, a bibliography and a glossary.
    project: bool = False
    #: Turn quotations that define a term into key ideas.
    key_ideas: bool = False
    #: Write nothing.
    dry_run: bool = False
    #: Write even if the target is not empty.
    force: bool = False


def import_site(
    options: Options, progress: Callable[[list[Article]], Iterable[Article]] = iter
) -> Report:
    """Import a site.

    :param progress: iterates over the articles, and shows how far the import is
    :raises InputError: the site cannot be read, or the target not be written
    """
    job = _Import(options)
    project.check_target(options.source, options.target, force=options.force)
    on_backup = job.report.backups.append
    dry = options.dry_run
    with nullcontext() if dry else project.project_folder(options.target, on_backup) as folder:
        converted = {article: job.convert(article) for article in progress(job.articles)}
        job.links.resolve(job.report)
        results = {key: job.links.replace_pending(text) for key, text in converted.items()}
        job.check(results)
        if folder is not None:
            for article, text in results.items():
                if notebook := job.notebooks.get(article):
                    text = load("sites.notebooks:with_markdown")(notebook, text)
                project.write_file(folder, article.target, text)
            job.write_other_files(folder)
    return job.report


# Reading


def read_contents(source: Path, dialect: Dialect, syntax: Syntax, report: Report) -> SiteContents:
    """Return the contents of a site, which may be a single file.

    :raises InputError: there is no article
    """
    if source.is_dir():
        contents: SiteContents = load(dialect.reader)(source, report).read()
    else:
        article = Article(source.name, source.stem, source.stem, slug=source.stem)
        facts = SiteFacts(settings={} if syntax.reads_tags else {"numfig": True})
        contents = SiteContents([article], facts=facts)
    if not contents.articles:
        raise InputError(f"{source} contains no Markdown article of {dialect.name}")
    return contents


# Converting and writing


@dataclass
class _Import:
    """One import: the site, and what is collected while its articles are converted."""

    options: Options
    report: Report = field(default_factory=Report)
    entries: list[pages.IndexEntry] = field(default_factory=list)
    #: The source of each article.
    texts: dict[Article, str] = field(default_factory=dict)
    #: The line of the source for each line of an article that includes other files.
    numbers: dict[Article, list[int]] = field(default_factory=dict)
    #: The articles that are notebooks, as they were written.
    notebooks: dict[Article, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        source = self.options.source
        if not source.exists():
            raise InputError(f"{source} does not exist: name a file or the folder of a site")
        source = site_root(source, recognize)
        root = source if source.is_dir() else source.parent
        dialect = BY_NAME[self.options.dialect or guess_dialect(source)]
        self.report.dialect = dialect.name
        syntax = load(dialect.syntax)()
        self.contents = read_contents(source, dialect, syntax, self.report)
        self.articles = self.contents.articles
        self.report.root = root
        self.report.sources = {article.source: article.docname for article in self.articles}
        files = [(root / path, path) for path in self.contents.bibliographies]
        if file := self.options.bibliography:
            files.insert(0, (file, file.name))
        self.bibliography = load_bibliographies(files, self.report)
        usual = load(dialect.rules) if dialect.rules else ()
        rules = {rule.tag: rule for rule in (*usual, *self.options.rules)}
        keys = self.bibliography.keys
        self.site = Site(root, dialect.name, syntax, self.contents, rules, keys)
        self.links = Links(self.site)

    def convert(self, article: Article) -> str:
        """Return an article in MyST, and add its entry to the index.

        :raises InputError: it is not UTF-8, or cannot be converted
        """
        source = article.source
        try:
            text = decode((self.site.root / source).read_bytes())
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            message = f"{source}:{line} is not UTF-8: save it as UTF-8 and try again"
            raise InputError(message) from error
        if source.endswith(".ipynb"):
            self.notebooks[article] = text
            for line, options in load("sites.notebooks:options_of")(text):
                self.report.add(Kind.CELL, source, line, f"options left out: {options}")
            text, numbers = load("sites.notebooks:markdown_of")(text)
        else:
            text, numbers = self.site.syntax.expand(self.site.root, source, text)
        self.numbers[article] = numbers
        try:
            ideas = self.options.key_ideas
            if self.site.syntax.is_myst:
                convert = load("myst.text:convert_myst")
                myst: str = convert(self.site, self.links, article, text, self.report)
            else:
                myst = convert_article(
                    self.site, self.links, article, text, self.report, ideas, numbers
                )
            myst.encode()
        except (RecursionError, UnicodeError) as error:
            raise InputError(f"{source} cannot be converted: {error}") from error
        self.texts[article] = text
        values = frontmatter.read(myst)[0].values
        self.entries.append(pages.index_entry(article.docname, values))
        return myst

    def check(self, results: Mapping[Article, str]) -> None:
        """Report what each conversion lost or left literal, unless an entry says it already."""
        entries: dict[str, list[Entry]] = {}
        for entry in self.report.entries:
            entries.setdefault(entry.file, []).append(entry)
        for article, result in results.items():
            reported: dict[int, str] = {}
            removed: dict[int, str] = {}
            for entry in entries.get(article.source, []):
                reported[entry.line] = (
                    f"{reported.get(entry.line, '')} {entry.kind} {entry.message}"
                )
                if entry.kind in LEFT_OUT:
                    removed[entry.line] = f"{removed.get(entry.line, '')} {entry.message}"
            source, keys = self.texts[article], self.bibliography.keys
            source = self.site.syntax.visible(source)
            numbers = self.numbers[article]
            if numbers:
                lines = enumerate(numbers, 1)
                removed = {at: removed[line] for at, line in lines if line in removed}
            for at, is_loss, message in check_article(source, result, keys, removed):
                line = numbers[at - 1] if numbers else at
                # The line of a list of contents is that of the attributes below it.
                is_known = (
                    any(" contents " in reported.get(near, "") for near in (line, line + 1))
                    if is_loss
                    else message.partition(": ")[2].partition(" ")[0].strip("<>")
                    in reported.get(line, "")
                    or f" html {message.partition(' ')[0]} " in " ".join(reported.values())
                )
                if not is_known:
                    if self.site.syntax.is_myst and not is_loss:
                        continue  # it is markup of the new project, too
                    kind = Kind.LOST_WORDS if is_loss else Kind.LITERAL
                    self.report.add(kind, article.source, line, message)

    def write_other_files(self, folder: Path) -> None:
        """Write the files that articles need, the bibliography, and the pages around articles."""
        unchanged = [(path, path) for path in self.contents.facts.files]
        for path, target in sorted([*unchanged, *self.site.copied_files.items()]):
            project.copy_file(self.site.root / path, folder, target)
        if self.bibliography.text:
            project.write_file(folder, "references.bib", self.bibliography.text)
        for path, values in sorted(self.contents.blocks.items()):
            text = frontmatter.dump(values)
            project.write_file(folder, f"{path}/_block.yaml".lstrip("/"), text)
        if self.options.project:
            files = project.project_files(self.site, self.entries, self.contents.blocks)
            for path, text in sorted(files.items()):
                project.write_file(folder, path, text)
