"""Read a vault of Obsidian, or a site of Quartz that publishes one.

What its Markdown has besides CommonMark: https://help.obsidian.md/syntax
"""

from __future__ import annotations

import re
from posixpath import basename
from types import MappingProxyType
from typing import TYPE_CHECKING

from marginalia_import.addresses import page_key
from marginalia_import.frontmatter import as_list
from marginalia_import.links import figure
from marginalia_import.mdx import CODE
from marginalia_import.myst import shorten
from marginalia_import.placeholders import Inline
from marginalia_import.report import Kind
from marginalia_import.rewriter import Rewriter
from marginalia_import.sites import QUARTZ_FILES
from marginalia_import.sites.discovery import SiteReader, file_inside, site_files
from marginalia_import.sites.site import Article, SiteContents, SiteFacts
from marginalia_import.syntax import Syntax

if TYPE_CHECKING:
    from marginalia_import.lines import Buffer
    from marginalia_import.page import ArticlePage

SETTING = re.compile(r"""\b(?P<name>pageTitle|baseUrl)\s*:\s*["'`](?P<value>[^"'`]*)["'`]""")
IGNORED = re.compile(
    r"(?:^|/)(?:templates?|private)/|(?:^|/)(?:README|LICENSE)\.md$", re.IGNORECASE
)
IMAGE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp)$", re.IGNORECASE)
SIZE = re.compile(r"(\d+)(?:x\d+)?")
#: A comment; in code its signs mean nothing.
COMMENT = re.compile(rf"(?P<code>{CODE})|%%.*?%%", re.DOTALL | re.MULTILINE)
LINK = r"(?P<link>!?\[\[(?P<target>[^\[\]\n]+)\]\])"


class ObsidianReader(SiteReader):
    """Reads a vault of Obsidian, or a site of Quartz."""

    def read(self) -> SiteContents:
        config = next(
            (file for name in QUARTZ_FILES if (file := file_inside(self.root, name))), None
        )
        text = config.read_text("utf-8", "replace") if config else ""
        values = {match["name"]: match["value"] for match in SETTING.finditer(text)}
        self.facts = SiteFacts()
        self.content = "content/" if config and (self.root / "content").is_dir() else ""
        for path in site_files(self.root):
            self.facts.files_by_name.setdefault(basename(path).casefold(), path)
            if path.startswith(self.content) and path.endswith((".md", ".canvas", ".base")):
                self.read_file(path)
        url = values.get("baseUrl", "")
        return SiteContents(
            self.articles,
            bases=(f"https://{url}",) if url else (),
            roots=("", self.content.rstrip("/")),
            title=values.get("pageTitle", ""),
            facts=self.facts,
        )

    def read_file(self, path: str) -> None:
        """Add an article, or report why a file is none."""
        if not path.endswith(".md"):
            self.skip(path, "not an article in Markdown")
            return
        if IGNORED.search(path):
            self.skip(path, "a template, or not of the site")
            return
        if not self.is_inside(path):
            return
        values = self.front_matter(path)
        if values.get("draft") is True or values.get("publish") is False:
            self.skip(path, "draft: true, or publish: false")
            return
        stem = path.removeprefix(self.content).rsplit(".", 1)[0]
        name = re.sub(r"[^\w./-]+", "-", stem).strip("-")
        docname = self.unique_docname(name or "note", path)
        slug = basename(stem)
        self.articles.append(
            Article(path, docname, page_key(stem), (page_key(name), stem), slug=slug)
        )
        for alias in as_list(values.get("aliases")):
            self.facts.redirects[f"/{str(alias).replace(' ', '-')}"] = docname


class ObsidianSyntax(Syntax):
    """The Markdown of Obsidian."""

    reads_tags = False
    links_addresses = True

    publishing = frozenset(
        "publish draft cssclass cssclasses aliases alias enableToc comments socialImage "
        "socialDescription noindex lang permalink".split()
    )
    renamed = MappingProxyType({"modified": "updated", "created": "date"})

    def rewrite(self, page: ArticlePage, buffer: Buffer, *, is_inline: bool) -> Buffer:
        return ObsidianRewriter(page, buffer, is_inline=is_inline).rewrite()

    def visible(self, text: str) -> str:
        """Return a source without its comments, each of which is reported."""

        def visible(match: re.Match[str]) -> str:
            return match["code"] or "\n" * match[0].count("\n")

        return COMMENT.sub(visible, text)


class ObsidianRewriter(Rewriter):
    """One pass over a text of Obsidian."""

    special = re.compile(
        rf"""\\. | (?P<comment>%%.*?%%) | {LINK}
           | (?P<mark>==(?=[^\s=])(?P<words>[^=\n]+?)(?<=\S)==) | (?P<note>\^\[)
           | (?P<block>(?<=[ \t])\^[\w-]+[ \t]*$)""",
        re.DOTALL | re.MULTILINE | re.VERBOSE,
    )  # fmt: skip

    def read_comment(self, match: re.Match[str], end: int) -> int:
        comment = self.page.placeholders.restore(match[0])
        self.page.report(Kind.ATTRIBUTES, f"the comment {shorten(comment)} left out")
        return match.end()

    def read_block(self, match: re.Match[str], end: int) -> int:
        self.page.report(Kind.ATTRIBUTES, f"the id {match[0].strip()} left out")
        self.out.lines[-1] = self.out.lines[-1].rstrip()
        return match.end()

    def read_mark(self, match: re.Match[str], end: int) -> int:
        self.write(Inline(f"[{self.page.inline(match['words'])}]{{.mark}}"))
        return match.end()

    # Links

    def read_link(self, match: re.Match[str], end: int) -> int:
        """Write a link to a page, or what is embedded."""
        target, *texts = re.split(r"\\?\|", match["target"])
        path, _, heading = target.strip().partition("#")
        if match[0].startswith("!") and IMAGE.search(path):
            self.image(path.strip(), texts, match)
            return match.end()
        text = " ".join(texts).strip() or " > ".join(part for part in (path, heading) if part)
        address = self.address(path.strip(), heading)
        if match[0].startswith("!"):
            message = f"embedded {target} has no rule: it becomes a link"
            self.page.report(Kind.UNKNOWN_TAG, message)
        if not address:
            message = f"{target} is not in the site"
            self.page.report(Kind.UNRESOLVED_LINK, message)
            self.out.write(text)
        else:
            self.out.write(f"[{text}](<{address}>)")
        return match.end()

    def address(self, path: str, heading: str) -> str:
        """Return the address of a page by its path or name; empty if there is no such page."""
        site = self.page.site
        # The last of several headings counts; a block has no name in the new project.
        fragment = heading.rpartition("#")[2]
        if fragment.startswith("^"):
            self.page.report(Kind.ATTRIBUTES, f"#{fragment} left out: a block has no address")
            fragment = ""
        after = f"#{fragment}" if fragment else ""
        if not path:
            return after
        stem = path.removesuffix(".md")
        article = site.by_key.get(page_key(stem)) or site.by_unique_slug.get(basename(stem))
        if article is None:
            names = (other for other in site.contents.articles)
            lower = basename(stem).casefold()
            article = next((other for other in names if other.slug.casefold() == lower), None)
        if article is not None:
            return f"/{article.url}{after}"
        return f"/{file}" if (file := self.file(path)) else ""

    def file(self, path: str) -> str:
        """Return a file of the vault by its path, or by its name in any folder."""
        found, _ = self.page.site.find_file(self.page.article, path)
        if found:
            return found
        return self.page.site.contents.facts.files_by_name.get(basename(path).casefold(), "")

    def image(self, path: str, texts: list[str], match: re.Match[str]) -> None:
        """Write an embedded image; the text may be its width."""
        sizes = [size[1] for text in texts if (size := SIZE.fullmatch(text.strip()))]
        words = " ".join(text.strip() for text in texts if not SIZE.fullmatch(text.strip()))
        file = self.file(path)
        address = f"/{file}" if file else path
        line = self.text[self.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        rest = self.text[match.end() :].split("\n", 1)[0]
        if sizes and not line.strip(" \t>") and not rest.strip() and not self.is_inline:
            caption = self.page.inline(words)
            self.write(figure(self.page, address, caption, "", {"width": f"{sizes[0]}px"}))
            return
        if sizes:
            self.page.report(Kind.ATTRIBUTES, f"the width {sizes[0]} of {path} left out")
        self.write(Inline(self.page.image(address, words)))


class WikiLinkRewriter(ObsidianRewriter):
    """The same of other generators, whose plugins know links to pages, ``[[page|words]]``."""

    special = re.compile(LINK, re.VERBOSE)

    def read_link(self, match: re.Match[str], end: int) -> int:
        """Write a link to a page of the site; anything else between such brackets stays."""
        path = match["target"].partition("#")[0].partition("|")[0].strip()
        is_link = not match[0].startswith("!") and path and self.address(path, "")
        return super().read_link(match, end) if is_link else match.start()
