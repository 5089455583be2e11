"""A note goes with the block it was written in, where that is left out or shown elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from sphinx_marginalia.testing import EXTENSIONS, build

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx


@pytest.mark.parametrize(("builder", "page"), [("html", "index.html"), ("latex", "test.tex")])
def test_a_note_in_a_to_do_is_left_out_with_it(builder: str, page: str, tmp_path: Path) -> None:
    text = "# T\n\n::::{note}\n:::{todo}\nText{sidenote}`secret`.\n:::\n::::\n"
    extensions = ("sphinx.ext.todo", *EXTENSIONS)
    built = build({"index.md": text}, tmp_path, builder, extensions=extensions)
    assert "secret" not in built.read(page)


def test_a_note_in_a_to_do_is_in_every_list_of_them(tmp_path: Path) -> None:
    to_do = "# One\n\n```{todo}\nA{sidenote}`of %s` B\n```\n"
    files = {
        "index.md": "# T\n\n```{toctree}\none\ntwo\n```\n\n```{todolist}\n```\n",
        "one.md": to_do % "one",
        "two.md": to_do % "two",
    }
    extensions = [*EXTENSIONS, "sphinx.ext.todo"]
    page = build(files, tmp_path, extensions=extensions, todo_include_todos=True).page()
    assert page.count("of one") == page.count("of two") == 1
    ids = re.findall(r' id="([^"]*sidenote[^"]*)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert all(f'href="#{id_}"' in page for id_ in ids)


@pytest.mark.parametrize("fence", [":::::{note}", ":::::{tip}"])
def test_a_note_for_another_builder_is_left_out(fence: str, tmp_path: Path) -> None:
    text = f"# T\n\n{fence}\n::::{{only}} latex\nText{{sidenote}}`secret`.\n::::\n:::::\n"
    assert "secret" not in build({"index.md": text}, tmp_path).page()


def test_a_summary_for_social_media_holds_no_note(tmp_path: Path) -> None:
    text = "# T{sidenote}`hn`\n\nFirst{sidenote}`notetext` goes on{marginnote}`mtext`.\n"
    extensions = (*EXTENSIONS, "sphinxext.opengraph")
    page = build(
        {"index.md": text}, tmp_path, extensions=extensions, ogp_site_url="https://example.org/"
    ).page()
    assert '<meta property="og:description" content="First goes on." />' in page


def test_the_words_of_a_note_are_found_by_search(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n\nText{sidenote}`zugzwang`.\n"}, tmp_path)
    assert "zugzwang" in built.read("searchindex.js")


def test_a_footnote_in_a_margin_note_is_printed(tmp_path: Path) -> None:
    text = "# T\n\nText{sidenote}`Outer[^g] end`.\n\n[^g]: Inner\n"
    source = build({"index.md": text}, tmp_path, "latex").read("*.tex")
    assert "\\marginalianote" not in source
    assert source.count("Outer") == source.count("Inner") == 1


@pytest.mark.parametrize("name", ["a%b", "a{b", "a b", "a_b"])
def test_a_document_may_have_any_name_in_a_pdf(name: str, tmp_path: Path) -> None:
    files = {
        "index.md": f"# T\n\n```{{toctree}}\n{name}\n```\n",
        f"{name}.md": "# A\n\nx{sidenote}`y`\n",
    }
    source = build(files, tmp_path, "latex").read("*.tex")
    (anchor,) = [line for line in source.splitlines() if "\\marginalianote" in line]
    assert "%" not in anchor.rstrip("%")


class Kept(SphinxDirective):
    """Shows its content; an extract, made on another page, shows a copy of what was parsed."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        content = nodes.container("", *self.parse_content_to_nodes())
        EXTRACTS.append(content.deepcopy())
        return [content]


class Extract(SphinxPostTransform):
    """Put the copy at the end of the page, as sphinx-needs does with ``needextract``."""

    default_priority = -1

    def run(self, **kwargs: Any) -> None:
        self.document += EXTRACTS[-1].deepcopy()


EXTRACTS: list[nodes.Element] = []


def setup(app: Sphinx) -> None:
    app.add_directive("kept", Kept)
    app.add_post_transform(Extract)


@pytest.mark.parametrize("builder", ["html", "epub", "latex", "text", "texinfo"])
def test_the_words_of_notes_stay_in_a_copy_that_another_package_made_while_parsing(
    builder: str, tmp_path: Path
) -> None:
    body = "Word{sidenote}`ROLE.` more{marginnote}`MARGIN.`\n\n:::{sidenote}\nBLOCK.\n:::\n"
    extensions = ["myst_parser", "sphinx_marginalia.sidenotes", __name__]
    built = build(
        {"index.md": f"# T\n\n::::{{kept}}\n{body}::::\n"},
        tmp_path,
        builder,
        extensions=extensions,
        version="1",
        copyright="A",
    )
    assert built.warnings == ""
    names = {"html": "index.html", "epub": "index.xhtml", "latex": "*.tex", "text": "index.txt"}
    page = built.read(names.get(builder, "*.texi"))
    assert [page.count(word) for word in ("ROLE.", "MARGIN.", "BLOCK.")] == [2] * 3
    if builder == "text":
        assert page.split()[-5:] == "Word (ROLE.) more (MARGIN.) BLOCK.".split()
