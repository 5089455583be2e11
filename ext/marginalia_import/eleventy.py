"""A site of Eleventy: its articles, blocks and settings."""

from __future__ import annotations

import json
import re
from posixpath import basename, commonpath, dirname
from typing import TYPE_CHECKING

from marginalia_import.addresses import page_key
from marginalia_import.report import Kind
from marginalia_import.site import Article, Settings
from marginalia_import.walk import (
    PAGES,
    SUFFIXES,
    Found,
    Walker,
    data_files,
    files,
    own_file,
)

if TYPE_CHECKING:
    from pathlib import Path

#: Files about a repository, not of its site.
ABOUT = re.compile(r"^(?:[A-Z][A-Z0-9_]*|README|LICENSE.*|CHANGELOG.*)\.\w+$")
CONFIGS = (
    "eleventy.config.js",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    ".eleventy.js",
    ".eleventy.cjs",
)


class Eleventy(Walker):
    """One run over a site of Eleventy."""

    dialect = "eleventy"

    def found(self) -> Found:
        config = next((file for name in CONFIGS if (file := own_file(self.root, name))), None)
        source = config.read_text("utf-8", "replace") if config else ""
        setting = re.search(r"""\binput\s*:\s*["']\.?/?([^"']*?)/?["']""", source)
        paths = list(files(self.root))
        content = setting[1] if setting else ""
        if content and any(path.startswith(f"{content}/") for path in paths):
            paths = [path for path in paths if path.startswith(f"{content}/")]
        else:
            content = ""
        engine = re.search(r"""markdownTemplateEngine\s*:\s*["'](\w+)["']""", source)
        liquid = bool(config) and (engine is None or engine[1] == "liquid")
        chosen = [path for path in paths if self.is_article(path, content)]
        top = commonpath([dirname(path) for path in chosen]) if chosen else content
        for path in paths:
            if basename(path) == "_block.json":
                self.block(path)
        while top and top in {dirname(p) for p in chosen if basename(p).startswith("index.")}:
            top = dirname(top)
        # A folder that is a block itself is not taken away from the names of its articles.
        while top and top in self.blocks:
            top = dirname(top)
        for path in chosen:
            self.article(path, content, top)
        settings = Settings(
            "eleventy",
            "liquid" if liquid else "nunjucks",
            dollar_math=True,
            bases=self.bases(source),
            roots=tuple(dict.fromkeys([content, "", "public", "static", "src"])),
            title=_name(self.root),
        )
        bibliographies = data_files(self.root, "references.json") or data_files(self.root, "*.bib")
        blocks = {self.place(folder, top): values for folder, values in self.blocks.items()}
        return Found(settings, self.articles, blocks, bibliographies)

    @staticmethod
    def bases(source: str) -> tuple[str, ...]:
        prefix = re.search(r"""pathPrefix\s*:\s*["'](/[^"']+?)/?["']""", source)
        return (prefix[1],) if prefix else ()

    def is_article(self, path: str, content: str) -> bool:
        if path.endswith(SUFFIXES):
            if dirname(path) == "" and ABOUT.match(basename(path)) and not content:
                self.skip(path, "it is about the repository")
                return False
            return self.inside(path)
        if path.endswith(PAGES) and not basename(path).startswith("_"):
            self.skip(path, "a template, not an article in Markdown")
        return False

    def block(self, path: str) -> None:
        if not self.inside(path):
            return
        try:
            values = json.loads((self.root / path).read_text("utf-8"))
        except (ValueError, OSError) as error:
            self.report.add(Kind.FRONT_MATTER, path, 1, f"could not be read: {error}")
            return
        if isinstance(values, dict):
            self.blocks[dirname(path)] = values

    @staticmethod
    def place(path: str, top: str) -> str:
        """Return a path of the site as it is below *top*."""
        return path[len(top) + 1 :] if top and path.startswith(f"{top}/") else path

    def article(self, path: str, content: str, top: str) -> None:
        values = self.head(path)
        if values.get("draft") is True:
            self.skip(path, "draft: true")
            return
        docname = self.free(self.place(path, top).rsplit(".", 1)[0], path)
        url = page_key(path[len(content) + 1 if content else 0 :].rsplit(".", 1)[0])
        permalink = values.get("permalink")
        also = (page_key(permalink),) if isinstance(permalink, str) and "{" not in permalink else ()
        folder = dirname(path)
        is_index = basename(path).startswith("index.")
        slug = basename(folder) if is_index and folder else basename(path).rsplit(".", 1)[0]
        parent = folder
        while parent and parent not in self.blocks:
            parent = dirname(parent)
        self.articles.append(Article(path, docname, url, also, basename(parent), slug))


def _name(root: Path) -> str:
    """Return the name of the site's package."""
    file = own_file(root, "package.json")
    try:
        values = json.loads(file.read_text("utf-8")) if file else {}
    except (OSError, ValueError):
        return ""
    name = values.get("name") if isinstance(values, dict) else ""
    return name if isinstance(name, str) else ""
