"""The dialects besides Eleventy and Jekyll: how a site of each is recognized and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marginalia_import.astro import CONFIG_FILES, AstroReader
from marginalia_import.bookdown import BOOKDOWN_FILES, BookdownReader, is_bookdown
from marginalia_import.discovery import file_inside
from marginalia_import.hugo import HugoReader, is_hugo
from marginalia_import.hugo_text import HugoSyntax
from marginalia_import.mdx import MdxSyntax
from marginalia_import.myst_site import TOC_FILES, MystReader
from marginalia_import.myst_text import MystSyntax
from marginalia_import.obsidian import ObsidianReader, ObsidianSyntax, is_obsidian
from marginalia_import.pandoc import PandocSyntax
from marginalia_import.quarto import QUARTO_FILES, QuartoReader
from marginalia_import.site import SiteContents, SiteFacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from marginalia_import.discovery import SiteReader
    from marginalia_import.site import Article
    from marginalia_import.syntax import Syntax


@dataclass(frozen=True)
class Dialect:
    """A kind of site."""

    name: str
    reader: type[SiteReader]
    syntax: Syntax
    #: Whether a folder is a site of this kind.
    is_used: Callable[[Path], bool]
    #: The suffixes of articles that no other kind of site has.
    suffixes: tuple[str, ...] = ()

    def single(self, article: Article, parse: Callable[[str], list[str]]) -> SiteContents:
        """Return the contents of a site that is one file."""
        facts = SiteFacts(settings={"numfig": True})
        return SiteContents(
            self.name,
            [article],
            parse,
            reads_tags=False,
            syntax=self.syntax,
            facts=facts,
            is_myst=self.reader is MystReader,
        )


def _has(*names: str) -> Callable[[Path], bool]:
    return lambda root: any((root / name).exists() for name in names)


def _is_bookdown(root: Path) -> bool:
    index = file_inside(root, "index.Rmd")
    if _has(*BOOKDOWN_FILES)(root):
        return True
    return index is not None and is_bookdown(index.read_bytes().decode("utf-8", "replace"))


#: In the order in which they are tried.
DIALECTS = (
    Dialect("quarto", QuartoReader, PandocSyntax(), _has(*QUARTO_FILES), (".qmd",)),
    Dialect("astro", AstroReader, MdxSyntax(), _has(*CONFIG_FILES), (".mdx",)),
    Dialect("hugo", HugoReader, HugoSyntax(), is_hugo),
    Dialect("obsidian", ObsidianReader, ObsidianSyntax(), is_obsidian),
    Dialect("myst", MystReader, MystSyntax(), _has(*TOC_FILES)),
    Dialect(
        "bookdown", BookdownReader, PandocSyntax(bookdown=True), _is_bookdown, (".Rmd", ".rmd")
    ),
)
BY_NAME = {dialect.name: dialect for dialect in DIALECTS}


def recognize(source: Path) -> str:
    """Return the dialect of a site or of one file; empty if it is none of these."""
    if source.is_file():
        suffix = source.suffix
        return next((dialect.name for dialect in DIALECTS if suffix in dialect.suffixes), "")
    return next((dialect.name for dialect in DIALECTS if dialect.is_used(source)), "")
