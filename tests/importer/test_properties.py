"""What holds for every site: no word is lost, the result is the same each time, nothing else is touched."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sphinx.application import Sphinx

from sphinx_marginalia.importer.run import Options, run
from sphinx_marginalia.sidenotes.nodes import marginnote, marginnote_anchor
from sphinx_marginalia.testing import ANSI
from tests.importer.articles import DIALECTS, FILES, Site, sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_marginalia.importer.report import Report

settings.register_profile(
    "default",
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "nightly", settings.get_profile("default"), max_examples=2500, derandomize=False, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

COUNTED = ("sidenotes", "marginnotes", "citations", "pauses", "figures")
TOKEN = re.compile(r"\w+|[^\w\s]")


def tokens(text: str) -> list[str]:
    """Return the words and signs of a text."""
    return TOKEN.findall(text)


# --- what a reader sees ---


class _Shown(HTMLParser):
    """The text of a piece of HTML that a browser shows."""

    INLINE = frozenset("a b code em i kbd mark span strong sub sup wbr".split())

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden = tag in {"script", "style"}
        self.text.append("" if tag in self.INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = False
        self.text.append("" if tag in self.INLINE else " ")

    def handle_data(self, data: str) -> None:
        self.text.append("" if self.hidden else data)


def shown_html(source: str) -> str:
    """Return what a browser shows of a piece of HTML."""
    reader = _Shown()
    reader.feed(source)
    reader.close()
    return "".join(reader.text)


class Seen:
    """The words of a document tree, in their order, those of its notes apart."""

    SILENT = (
        nodes.comment, nodes.image, nodes.label, nodes.target, nodes.footnote, marginnote, nodes.system_message,
    )  # fmt: skip

    def __init__(self, document: nodes.document) -> None:
        notes = {note["ids"][0]: note for note in document.findall(_is_note)}
        self.order: list[str] = []
        self.text = self.words(document)
        self.notes = [self.of_note(notes.pop(name)) for name in self.order if name in notes]
        self.notes += [self.of_note(note) for note in notes.values()]

    def of_note(self, note: nodes.Element) -> str:
        return " ".join(self.words(child) for child in note.children)

    def words(self, node: nodes.Node) -> str:
        """Return what is shown of *node*; of a note, only its place is kept."""
        if isinstance(node, nodes.Text):
            return str(node)
        assert isinstance(node, nodes.Element)
        if isinstance(node, nodes.footnote_reference | marginnote_anchor):
            self.order.append(node["refid"])
            return ""
        if isinstance(node, self.SILENT) or node.tagname in {"unspoken", "toctree", "index"}:
            return ""
        if isinstance(node, nodes.raw):
            return shown_html(node.astext()) if node["format"] == "html" else ""
        text = "".join(self.words(child) for child in node.children)
        return text if isinstance(node, nodes.Inline) else f" {text} "


def _is_note(node: nodes.Node) -> bool:
    return isinstance(node, nodes.footnote | marginnote)


class Project:
    """A folder that is imported into again and again, and read by one Sphinx."""

    def __init__(self, folder: Path, dialect: str) -> None:
        self.source, self.target, self.dialect = folder / "site", folder / "new", dialect
        self.folder = folder
        self.report = self.imported(Site(dialect, (), FILES[dialect]))
        shutil.copytree(self.target, folder / "conf")
        self.warnings = io.StringIO()
        self.app = Sphinx(
            self.target,
            folder / "conf",
            folder / "out",
            folder / "doctrees",
            "dummy",
            confoverrides={"smartquotes": False},
            status=None,
            warning=self.warnings,
            freshenv=True,
        )
        logging.getLogger("sphinx").setLevel(logging.WARNING)
        self.seen: dict[str, Seen] = {}
        self.app.connect("doctree-read", self.see)

    def see(self, app: Sphinx, doctree: nodes.document) -> None:
        self.seen[app.env.docname] = Seen(doctree)

    def imported(self, site: Site) -> Report:
        """Import a site in the place of the one before."""
        shutil.rmtree(self.source, ignore_errors=True)
        shutil.rmtree(self.target, ignore_errors=True)
        return run(Options(site.write(self.source), self.target, project=True))

    def read(self, site: Site) -> tuple[Report, str]:
        """Import a site and read all of it; return the report and the warnings."""
        report = self.imported(site)
        self.warnings.truncate(0)
        self.warnings.seek(0)
        for docname in [*self.app.env.all_docs]:
            self.app.env.clear_doc(docname)
        self.app.build(force_all=True)
        return report, ANSI.sub("", self.warnings.getvalue())


@pytest.fixture(scope="module", params=DIALECTS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"), request.param)


@given(data=st.data())
def test_the_words_and_notes_of_the_site_are_those_of_the_new_pages(project: Project, data: st.DataObject) -> None:
    site = data.draw(sites(project.dialect))
    report, warnings = project.read(site)
    for article in site.articles:
        seen = project.seen[article.docname]
        assert tokens(seen.text) == tokens(article.shown)
        assert sorted(map(tokens, seen.notes)) == sorted(map(tokens, article.notes))
    said = {name: sum(article.counts[name] for article in site.articles) for name in COUNTED}
    assert {name: report.counts[name] for name in COUNTED} == said
    assert warnings == ""
