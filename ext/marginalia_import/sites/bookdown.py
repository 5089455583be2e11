"""Read a book of bookdown, or a lesson of The Carpentries: its chapters in order, and its facts.

No code of the book is run. What the settings mean:
https://bookdown.org/yihui/bookdown/configuration.html
"""

from __future__ import annotations

import re
from posixpath import basename, dirname
from typing import Any

from marginalia_import.frontmatter import as_list, as_mapping
from marginalia_import.pandoc import PART, PandocSyntax
from marginalia_import.sites import BOOKDOWN_FILES, LESSON_FILES
from marginalia_import.sites.discovery import REPOSITORY_FILE, file_inside, site_files
from marginalia_import.sites.quarto import PandocReader
from marginalia_import.sites.site import SiteContents, SiteFacts


class BookdownSyntax(PandocSyntax):
    """Pandoc's Markdown with the additions of bookdown."""

    figure_prefix = "fig:"


class BookdownReader(PandocReader):
    """Reads a book of bookdown."""

    def read(self) -> SiteContents:
        config = self.first_settings(BOOKDOWN_FILES)
        facts = SiteFacts()
        parts: list[tuple[str, list[str]]] = [("", [])]
        for path in self.paths(config):
            docname = self.add(path)
            text = self.text_of(path)
            part = re.compile(PART.pattern, re.MULTILINE).search(text)
            if part and docname:
                parts.append((re.sub(r"[*`\\]", "", part["title"]), [docname]))
            elif docname:
                parts[-1][1].append(docname)
        facts.parts = [(caption, docs) for caption, docs in parts if docs]
        first = next((article.source for article in self.articles), "")
        values = self.front_matter(first) if first else {}
        outputs = [*(self.settings("_output.yml") or {}).values()]
        outputs += as_mapping(values.get("output")).values()
        if all(as_mapping(output).get("number_sections", True) for output in outputs):
            self.number(facts, first)
        title = values.get("title") or config.get("title")
        return self.contents({**values, "title": title}, facts)

    def paths(self, config: dict[str, Any]) -> list[str]:
        """Return the files of the book in order; what is left out is reported."""
        files = [path for path in site_files(self.root) if path.endswith((".Rmd", ".rmd"))]
        named = config.get("rmd_files")
        if isinstance(named, dict):
            named = named.get("html") or next(iter(named.values()), [])
        wanted = [str(name) for name in [named, *as_list(named)] if isinstance(name, str)]
        subdir = config.get("rmd_subdir")
        folders = {"", *(map(str, as_list(subdir)) if isinstance(subdir, list) else ())}
        if not wanted:
            wanted = [
                path
                for path in files
                if not basename(path).startswith("_")
                and (subdir is True or dirname(path) in folders)
            ]
            wanted.sort(key=lambda path: (basename(path) != "index.Rmd", path))
        elif "index.Rmd" in files and "index.Rmd" not in wanted:
            wanted.insert(0, "index.Rmd")
        for path in files:
            if path not in wanted:
                self.skip(path, "not a file of the book")
        for path in wanted:
            if not file_inside(self.root, path):
                self.skip(path, "a chapter that the site does not have")
        return [path for path in dict.fromkeys(wanted) if file_inside(self.root, path)]


class LessonReader(PandocReader):
    """Reads a lesson of The Carpentries, made with their Workbench.

    What the settings mean: https://carpentries.github.io/sandpaper-docs/editing.html
    """

    def read(self) -> SiteContents:
        config = self.first_settings(LESSON_FILES)
        files = [path for path in site_files(self.root) if path.endswith((".md", ".Rmd"))]
        facts = SiteFacts()
        for folder in ("", "episodes", "learners", "instructors", "profiles"):
            within = [path for path in files if dirname(path) == folder]
            named = [f"{folder}/{name}" for name in as_list(config.get(folder))]
            facts.parts.append((folder.capitalize(), []))
            for path in named or within:
                if path not in within or (not folder and REPOSITORY_FILE.match(path)):
                    self.skip(path, "missing, or about the repository")
                elif docname := self.add(path):
                    facts.parts[-1][1].append(docname)
        return self.contents(config, facts)
