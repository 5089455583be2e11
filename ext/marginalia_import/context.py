"""The article that is being converted: its position, what it defines, what is reported."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from pygments.lexers import get_all_lexers

from marginalia_import.myst import code_span, role, shorten
from marginalia_import.placeholders import Expression, Inline, Note, Verbatim
from marginalia_import.report import Kind
from marginalia_import.rules.includes import fill_include
from marginalia_import.sites import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from marginalia_import.placeholders import Fragment, Placeholders
    from marginalia_import.report import Report
    from marginalia_import.sites.site import Article, Site

#: The names that Sphinx knows besides those of Pygments.
SPHINX_LANGUAGES = {"default", "guess", "none", "python3", "pycon3", "py3tb"}


class ArticleContext:
    """One article during its conversion: everything that needs no conversion of text.

    The methods without a docstring are described by :class:`marginalia_import.rules.Page`.
    """

    def __init__(
        self, site: Site, article: Article, report: Report, placeholders: Placeholders
    ) -> None:
        self.site = site
        self.article = article
        self.log = report
        self.placeholders = placeholders
        self.dialect = site.dialect
        self.syntax = site.syntax
        #: For a page of HTML: the line of the page for each line of its Markdown.
        self.line_numbers: list[int] = []
        #: The source line that is being converted.
        self.line = 1
        #: The abbreviations that the article defines.
        self.abbreviations: dict[str, str] = {}
        #: The footnotes that the article defines, and those that its text reaches.
        self.defined_footnotes: set[str] = set()
        self.used_footnotes: set[str] = set()
        #: The link reference definitions that lead into the site: address and title by name.
        self.link_definitions: dict[str, tuple[str, str]] = {}
        #: Names for footnotes that the article does not define itself.
        self.footnote_names = (
            name for name in map("note-{}".format, count(1)) if name not in self.defined_footnotes
        )

    def record_rule(self, name: str, source: str, written: Sequence[Fragment] | str) -> None:
        parts = [written] if isinstance(written, str) else [self.fragment_text(f) for f in written]
        place = f"{self.article.source}:{self.source_line(self.line)}"
        self.log.rules.setdefault(name, []).append((place, source, "\n".join(parts)))

    def fragment_text(self, fragment: Fragment) -> str:
        """Return a fragment as it is written if nothing is around it."""
        if isinstance(fragment, Note):
            return role(fragment.name, fragment.text)
        text = getattr(fragment, "text", "") or getattr(fragment, "source", "")
        return self.placeholders.restore(text)

    def report(self, kind: Kind, message: str, line: int = 0) -> None:
        self.log.add(kind, self.article.source, self.source_line(line or self.line), message)

    def source_line(self, line: int) -> int:
        """Return the line of the file for one of the text that is converted."""
        numbers = self.line_numbers
        return numbers[min(line, len(numbers)) - 1] if numbers and line else line

    def count(self, counter: str) -> None:
        self.log.counts[counter] += 1

    def show_as_code(self, source: str, kind: Kind, message: str) -> Fragment:
        self.report(kind, f"{message}: {shorten(source)}")
        return Verbatim(code_span(source), is_code=True, is_tag=True)

    def language(self, name: str) -> str:
        names = {name, name.lower()}
        if not name or names & languages(plugins=False):
            return name
        # To ask for the lexers of plugins takes a tenth of a second.
        has_plugins = load("rules.custom:is_offered")("pygments.lexers", name)
        if has_plugins and names & languages(plugins=True):
            return name
        self.report(Kind.LANGUAGE, f"code in {name!r} is not highlighted")
        return "text"

    def prints_id(self, tag: str) -> bool:
        return tag in self.site.contents.printed_ids

    def address(self, text: str) -> str:
        """Return an address with the values of its expressions."""

        def value(fragment: Fragment) -> str:
            if isinstance(fragment, Expression):
                if fragment.value is None:
                    message = f"in an address: {fragment.source}"
                    self.report(Kind.EXPRESSION, message, fragment.line)
                    return fragment.source
                return fragment.value
            return fragment.text if isinstance(fragment, Inline) else ""

        return " ".join(self.placeholders.substitute(text, value).split("\n")).strip()

    def included(self, name: str, arguments: Mapping[str, str]) -> str | None:
        text = self.site.read_include(name)
        return None if text is None else fill_include(text, arguments)

    def article_address(self, path: str, source: str) -> Fragment:
        path, sign, anchor = path.partition("#")
        article = self.site.article_named(self.article, path) if path else None
        address = f"/{article.url}" if article else path
        return Expression(source, f"{address}{sign}{anchor}", self.line)


@cache
def languages(*, plugins: bool) -> set[str]:
    """Return the names of languages that Pygments knows, in lower case, and those of Sphinx."""
    return SPHINX_LANGUAGES.union(*(aliases for _, aliases, *_ in get_all_lexers(plugins)))
