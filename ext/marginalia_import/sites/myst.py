"""Read a project of Jupyter Book or MyST: its table of contents, settings and files.

Version 1 of Jupyter Book has ``_toc.yml`` and ``_config.yml``, version 2 and MyST ``myst.yml``:
https://jupyterbook.org/en/stable/structure/toc.html and https://mystmd.org/guide/table-of-contents
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any

from marginalia_import.addresses import page_key
from marginalia_import.frontmatter import as_list, as_mapping, as_text, author_names, load_yaml
from marginalia_import.report import Kind
from marginalia_import.sites.discovery import SiteReader, file_inside, find_data_files, site_files
from marginalia_import.sites.site import Article, SiteContents, SiteFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = ("myst.yml", "_config.yml", "_toc.yml", "toc.yml")
SUFFIXES = ("", ".md", ".ipynb", ".rst", ".txt")
#: The settings of Sphinx in ``_config.yml`` that the new project keeps.
KEPT = frozenset({"numfig", "mathjax3_config", "myst_substitutions", "intersphinx_mapping"})
#: The extensions of MyST-Parser that need nothing else, and those that it has by default.
MARKDOWN = ["substitution", "tasklist", "fieldlist", "html_image", "html_admonition"]
#: The files of a repository that belong to no page.
IGNORED = re.compile(
    r"(?:^|/)(?:README|LICENSE|CHANGELOG|CONTRIBUTING|Makefile|environment|requirements)[^/]*$"
    r"|\.(?:py|toml|lock|cfg|sh|R)$|^conf\.py$",
    re.IGNORECASE,
)


class MystReader(SiteReader):
    """Reads a project of Jupyter Book or MyST."""

    def read(self) -> SiteContents:
        self.files = list(site_files(self.root))
        self.facts = SiteFacts(markdown=MARKDOWN, settings={"myst_heading_anchors": 4})
        if (self.root / "myst.yml").is_file():
            values, items = self.read_myst()
            bibliographies = find_data_files(self.root, "*.bib")
        else:
            values, items = self.read_jupyter_book()
            named = [str(path) for path in as_list(values.get("bibtex_bibfiles"))]
            bibliographies = [path for path in named if file_inside(self.root, path)]
        self.notebooks: list[str] = []
        for caption, paths in items:
            names = [name for path in paths if (name := self.add(path))]
            if names:
                self.facts.parts.append((caption, names))
        self.choose_files(bibliographies)
        self.facts.authors = author_names(values.get("authors") or values.get("author"))
        self.facts.description = as_text(values.get("description"))
        return SiteContents(
            self.articles,
            title=as_text(values.get("title")),
            author=", ".join(self.facts.authors),
            bibliographies=bibliographies,
            facts=self.facts,
            has_global_ids=True,
        )

    def add(self, path: str) -> str:
        """Add an article or a notebook by its path in the contents, and return its document."""
        found = (path + suffix for suffix in SUFFIXES if file_inside(self.root, path + suffix))
        file = next(found, "")
        if not file.endswith((".md", ".ipynb")):
            reason = "not in Markdown" if file else "a page that the site does not have"
            self.skip(file or path, reason)
            return ""
        stem = file.rsplit(".", 1)[0]
        if stem.casefold() in self.docnames:
            return ""
        docname = self.unique_docname(stem, file)
        if file.endswith(".ipynb"):
            self.notebooks.append(file)
        else:
            self.articles.append(Article(file, docname, page_key(stem), slug=basename(stem)))
        return docname

    def choose_files(self, bibliographies: list[str]) -> None:
        """Choose the files to copy: all that articles may name, and the notebooks."""
        sources = {article.source for article in self.articles}
        others: list[str] = []
        text = "\n".join(self.text_of(path) for path in sources)
        for path in self.files:
            if path in {*sources, *SETTINGS, *bibliographies} or IGNORED.search(path):
                continue
            if path.endswith((".md", ".rst", ".ipynb")) and path not in self.notebooks:
                if basename(path) in text and path.endswith(".md"):
                    others.append(path)  # another article may include it
                else:
                    self.skip(path, "not in the table of contents")
                    continue
            if file_inside(self.root, path):
                self.facts.files.append(path)
        if others:
            self.facts.settings["exclude_patterns"] = others
        self.facts.has_bibliography = "{bibliography}" in text
        if self.notebooks or "{code-cell}" in text:
            self.need_myst_nb(self.facts, (self.notebooks or ["conf.py"])[0])

    def leave_out(self, file: str, names: list[str]) -> None:
        """Report the settings that the new project does not have."""
        for name in names:
            self.report.add(Kind.FRONT_MATTER, file, 1, f"{name}: left out")

    # Jupyter Book 1

    def read_jupyter_book(self) -> tuple[dict[str, Any], list[tuple[str, list[str]]]]:
        """Return the settings, and the paths of each part."""
        config = self.settings("_config.yml") or {}
        file = self.root / "_toc.yml"
        toc = (
            self.settings("_toc.yml", lambda text: {"toc": load_yaml(text)})
            if file.is_file()
            else {}
        )
        contents = (toc or {}).get("toc")
        if isinstance(contents, list):  # the form of version 0.10 and before
            root = as_mapping(contents[0]).get("file") if contents else ""
            contents = {"root": root, "chapters": contents[1:]}
        sphinx = as_mapping(as_mapping(config.get("sphinx")).get("config"))
        self.facts.settings.update({key: sphinx[key] for key in KEPT & {*sphinx}})
        known = {"title", "author", "bibtex_bibfiles", "sphinx", "parse", "copyright", "logo"}
        self.leave_out("_config.yml", sorted({*config} - known))
        extra = [f"sphinx.config.{key}" for key in sorted({*sphinx} - KEPT)]
        names = as_list(as_mapping(config.get("sphinx")).get("extra_extensions"))
        self.leave_out("_config.yml", [*extra, *(f"the extension {name}" for name in names)])
        self.facts.settings.setdefault("numfig", True)
        return config, [*self.parts(as_mapping(contents))]

    def parts(self, toc: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
        """Yield caption and paths of each part of ``_toc.yml``."""
        yield "", [as_text(toc.get("root"))] if toc.get("root") else []
        for part in as_list(toc.get("parts")):
            values = as_mapping(part)
            yield as_text(values.get("caption")), [*self.entries(values)]
        caption, paths = "", [*self.entries(toc, parts=False)]
        if paths:
            yield caption, paths
        for item in as_list(toc.get("chapters")):
            values = as_mapping(item)
            if "part" in values:
                yield as_text(values["part"]), [*self.entries(values)]

    def entries(self, values: dict[str, Any], *, parts: bool = True) -> Iterator[str]:
        """Yield the paths of an entry's chapters or sections, with those below them."""
        for key in ("chapters", "sections", "entries", "items"):
            for item in as_list(values.get(key)):
                entry = as_mapping(item)
                if "part" in entry and not parts:
                    continue
                if "glob" in entry:
                    yield from self.glob(as_text(entry["glob"]))
                if "url" in entry:
                    self.skip(as_text(entry["url"]), "an entry of the contents on another site")
                if "file" in entry:
                    yield as_text(entry["file"])
                yield from self.entries(entry)

    def glob(self, pattern: str) -> list[str]:
        """Return the pages that a pattern names."""
        pages = (path for path in self.files if path.endswith((".md", ".ipynb")))
        return [
            path
            for path in pages
            if fnmatchcase(path, pattern) or fnmatchcase(path.rsplit(".", 1)[0], pattern)
        ]

    # MyST and Jupyter Book 2

    def read_myst(self) -> tuple[dict[str, Any], list[tuple[str, list[str]]]]:
        """Return the settings of the project, and the paths of each part."""
        config = self.settings("myst.yml") or {}
        project = dict(as_mapping(config.get("project")))
        for path in as_list(config.get("extends")):
            more = self.settings(str(path).removeprefix("./")) or {}
            project = {**as_mapping(more.get("project")), **project}
        self.facts.title_is_heading = True
        self.facts.settings["numfig"] = True
        if macros := _macros(as_mapping(project.get("math"))):
            self.facts.settings["mathjax3_config"] = {"tex": {"macros": macros}}
        known = {"title", "authors", "author", "description", "toc", "math", "bibliography", "id"}
        self.leave_out("myst.yml", [f"project.{key}" for key in sorted({*project} - known)])
        if "toc" in project:
            return project, [*self.toc(as_list(project["toc"]))]
        pages = sorted(
            (
                path
                for path in self.files
                if path.endswith((".md", ".ipynb")) and not IGNORED.search(path)
            ),
            key=lambda path: (dirname(path), basename(path).split(".")[0] != "index", path),
        )
        return project, [("", pages)]

    def toc(self, items: list[Any]) -> Iterator[tuple[str, list[str]]]:
        """Yield the parts of a table of contents: an entry with children is one."""
        paths: list[str] = []
        for item in items:
            entry = as_mapping(item)
            own = [as_text(entry["file"])] if "file" in entry else []
            own += self.glob(as_text(entry["pattern"])) if "pattern" in entry else []
            if children := as_list(entry.get("children")):
                if paths:
                    yield "", paths
                    paths = []
                below = [path for _, more in self.toc(children) for path in more]
                yield as_text(entry.get("title")), [*own, *below]
            else:
                paths += own
        if paths:
            yield "", paths


def _macros(values: dict[str, Any]) -> dict[str, Any]:
    """Return macros as MathJax takes them: with the number of arguments, if there are any."""
    macros: dict[str, Any] = {}
    for name, value in values.items():
        tex = as_text(value.get("macro")) if isinstance(value, dict) else as_text(value)
        count = max(map(int, re.findall(r"#(\d)", tex)), default=0)
        macros[str(name).lstrip("\\")] = [tex, count] if count else tex
    return macros
