"""Read a site of Eleventy: its articles, blocks and settings. Its code is not run."""

from __future__ import annotations

import json
import re
from posixpath import basename, commonpath, dirname
from typing import TYPE_CHECKING

from marginalia_import.addresses import page_key
from marginalia_import.sites.discovery import (
    ELEVENTY_FILES,
    MARKDOWN_SUFFIXES,
    OTHER_SUFFIXES,
    REPOSITORY_FILE,
    TEMPLATE_SUFFIXES,
    SiteReader,
    file_inside,
    find_data_files,
    site_files,
    slug_of,
)
from marginalia_import.sites.site import Article, SiteContents

if TYPE_CHECKING:
    from pathlib import Path

INPUT = re.compile(r"""\binput\s*:\s*["']\.?/?([^"']*?)/?["']""")
ENGINE = re.compile(r"""markdownTemplateEngine\s*:\s*["'](\w+)["']""")
PATH_PREFIX = re.compile(r"""pathPrefix\s*:\s*["'](/[^"']+?)/?["']""")


class EleventyReader(SiteReader):
    """Reads a site of Eleventy."""

    def read(self) -> SiteContents:
        config = self.first_text(ELEVENTY_FILES)
        self.read_articles(config)
        engine = ENGINE.search(config)
        is_liquid = bool(config) and (engine is None or engine[1] == "liquid")
        prefix = PATH_PREFIX.search(config)
        return SiteContents(
            self.articles,
            is_liquid=is_liquid,
            bases=(prefix[1],) if prefix else (),
            roots=tuple(dict.fromkeys([self.content, "", "public", "static", "src"])),
            plugins=_plugins(config, self.root),
            title=_package_name(self.root),
            blocks={_below(folder, self.top): values for folder, values in self.blocks.items()},
            bibliographies=find_data_files(self.root, "references.json")
            or find_data_files(self.root, "*.bib"),
        )

    def read_articles(self, config: str) -> None:
        """Find the folder of the content, relative to the site, and its blocks and articles."""
        paths = list(site_files(self.root))
        setting = INPUT.search(config)
        self.content = setting[1] if setting else ""
        within = [path for path in paths if path.startswith(f"{self.content}/")]
        if within:
            paths = within
        else:
            self.content = ""
        articles = [path for path in paths if self.is_article(path)]
        for path in paths:
            if basename(path) == "_block.json" and self.is_inside(path):
                values = self.settings(path)
                if values is not None:
                    self.blocks[dirname(path)] = values
        self.order_blocks(paths)
        self.top = self.top_folder(articles)
        for path in articles:
            self.read_article(path)

    def order_blocks(self, paths: list[str]) -> None:
        """Order the blocks as the home page links to them, if nothing else gives an order."""
        homes = [path for path in paths if dirname(path) == self.content and _is_index(path)]
        if not homes or any("order" in values for values in self.blocks.values()):
            return
        text = (self.root / homes[0]).read_text("utf-8", "replace")
        places = {folder: text.find(f"/{basename(folder)}/") for folder in self.blocks}
        for order, folder in enumerate(sorted(places, key=places.__getitem__), 1):
            if places[folder] >= 0:
                self.blocks[folder] = {**self.blocks[folder], "order": order}

    def top_folder(self, articles: list[str]) -> str:
        """Return the folder that all documents names leave out.

        A folder that is an article or a block itself stays part of the names.
        """
        top = commonpath([dirname(path) for path in articles]) if articles else self.content
        own = {dirname(path) for path in articles if _is_index(path)} | {*self.blocks}
        while top and top in own:
            top = dirname(top)
        return top

    def is_article(self, path: str) -> bool:
        if path.endswith(MARKDOWN_SUFFIXES):
            if "/" not in path and REPOSITORY_FILE.match(path) and not self.content:
                self.skip(path, "it is about the repository")
                return False
            return True
        if path.endswith(OTHER_SUFFIXES):
            self.skip(path, "not an article in Markdown")
        if path.endswith(TEMPLATE_SUFFIXES) and not basename(path).startswith("_"):
            self.skip(path, "a template, not an article in Markdown")
        return False

    def read_article(self, path: str) -> None:
        if (values := self.published(path)) is None:
            return
        docname = self.unique_docname(_below(path, self.top).rsplit(".", 1)[0], path)
        url = page_key(_below(path, self.content).rsplit(".", 1)[0])
        permalink = values.get("permalink")
        fixed = isinstance(permalink, str) and "{" not in permalink
        aliases = (page_key(str(permalink)),) if fixed else ()
        folder = dirname(path)
        slug = slug_of(path.rsplit(".", 1)[0])
        block = folder
        while block and block not in self.blocks:
            block = dirname(block)
        self.articles.append(Article(path, docname, url, aliases, basename(block), slug))


def _is_index(path: str) -> bool:
    """Whether an article is the index of its folder."""
    return basename(path).startswith("index.")


def _below(path: str, folder: str) -> str:
    """Return a path relative to *folder*, if it is within."""
    return path[len(folder) + 1 :] if folder and path.startswith(f"{folder}/") else path


def _plugins(config: str, root: Path) -> frozenset[str]:
    """Return the plugins of markdown-it that give signs a meaning: ``mark``, ``sub``, ``sup``."""
    file = file_inside(root, "package.json")
    text = config + (file.read_text("utf-8", "replace") if file else "")
    return frozenset(re.findall(r"markdown-it-(mark|sub|sup|abbr)\b", text))


def _package_name(root: Path) -> str:
    file = file_inside(root, "package.json")
    try:
        values = json.loads(file.read_text("utf-8")) if file else {}
    except (OSError, ValueError):
        return ""
    name = values.get("name") if isinstance(values, dict) else ""
    return name if isinstance(name, str) else ""
