"""Pauses and key ideas: in a page, in the lists over the book, and where nothing folds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.testing import build
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

    from sphinx_marginalia.testing import Built

PAUSE = """\
::::{pause-and-think} What does a *probe* show?
Think of one.

:::{discussion}
That the information is there.
:::
::::
"""
RST_PAUSE = """\
.. pause-and-think:: What does a *probe* show?

   Think of one.

   .. discussion::

      That the information is there.
"""
IDEA = ":::{key-idea} Linear probe\n:name: probe\n\nA *classifier* on activations.\n:::\n"


def page(text: str, folder: Path, **config: Any) -> Tag:
    """Return what a page says with *text*, which gives no warning."""
    built = build({"index.md": f"# T\n\n{text}"}, folder, **config)
    assert built.warnings == ""
    return main(built)


# A pause


@pytest.mark.parametrize(("extension", "text"), [("md", PAUSE), ("rst", RST_PAUSE)])
def test_a_pause_is_a_folded_block_under_its_question(
    extension: str, text: str, tmp_path: Path
) -> None:
    built = build({f"index.{extension}": f"T\n=\n\n{text}"}, tmp_path)
    pause = main(built).select_one("details.marginalia-pause")
    assert built.warnings == ""
    assert pause is not None
    assert words(pause.select_one("summary")) == "Pause and think: What does a probe show?"
    assert pause.select_one("summary em") is not None
    assert pause.select_one("p").get_text() == "Think of one."


def test_a_pause_and_its_discussion_are_folded(tmp_path: Path) -> None:
    blocks = page(PAUSE, tmp_path).select("details")
    assert [block.has_attr("open") for block in blocks] == [False, False]


def test_the_discussion_is_folded_within_its_pause(tmp_path: Path) -> None:
    discussion = page(PAUSE, tmp_path).select_one(".marginalia-pause > .marginalia-discussion")
    assert words(discussion) == "Discussion That the information is there."
    assert words(discussion.select_one("summary")) == "Discussion"


def test_open_unfolds_a_single_pause(tmp_path: Path) -> None:
    text = (
        ":::{pause-and-think} One?\n:open:\n\nBody.\n:::\n\n:::{pause-and-think} Two?\nBody.\n:::\n"
    )
    blocks = page(text, tmp_path).select("details")
    assert [block.has_attr("open") for block in blocks] == [True, False]


def test_an_option_unfolds_every_pause_but_no_discussion(tmp_path: Path) -> None:
    blocks = page(PAUSE, tmp_path, pause_and_think_open=True).select("details")
    assert [block.has_attr("open") for block in blocks] == [True, False]


def test_the_option_changes_nothing_but_the_output(tmp_path: Path) -> None:
    files = {"index.md": f"# T\n\n{PAUSE}"}
    build(files, tmp_path, fresh=False)
    again = build(files, tmp_path, fresh=False, pause_and_think_open=True)
    assert main(again).select_one("details").has_attr("open")


def test_an_option_of_the_wrong_type_is_reported(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path, pause_and_think_open=["yes"])
    assert built.warnings == (
        "WARNING: pause_and_think_open = ['yes'] in conf.py must be True or False; False is used "
        "[marginalia.option_value]\n"
    )


def test_name_and_class_are_on_the_block(tmp_path: Path) -> None:
    text = ":::{pause-and-think} One?\n:name: mine\n:class: special\n\nBody.\n:::\n"
    pause = page(text, tmp_path).select_one("details")
    assert pause["id"] == "mine"
    assert pause["class"] == ["marginalia-pause", "special"]


def test_a_discussion_may_have_a_title_of_its_own(tmp_path: Path) -> None:
    text = "::::{pause-and-think} One?\n:::{discussion} An *answer*\nBody.\n:::\n::::\n"
    assert words(page(text, tmp_path).select("summary")[1]) == "An answer"


def test_a_reference_to_a_pause_shows_its_question(tmp_path: Path) -> None:
    text = ":::{pause-and-think} Why `so`?\n:name: why\n\nBody.\n:::\n\nSee {ref}`why`.\n"
    link = page(text, tmp_path).select_one("a.reference.internal")
    assert (words(link), link["href"]) == ("Why so?", "#why")


def test_a_question_holds_math_emphasis_code_and_a_link(tmp_path: Path) -> None:
    text = ":::{pause-and-think} Is *this* $x^2$, `code` [here](https://example.org)?\nBody.\n:::\n"
    summary = page(text, tmp_path).select_one("summary")
    assert [bool(summary.select(tag)) for tag in ("em", ".math", "code", "a[href]")] == [True] * 4


def test_a_question_holds_a_sidenote_and_the_list_does_not(tmp_path: Path) -> None:
    text = ":::{pause-and-think} Why{sidenote}`The note.`?\nBody.\n:::\n\n:::{pause-list}\n:::\n"
    read = page(text, tmp_path)
    assert words(read).count("The note.") == 1
    assert words(read.select_one("dl dd")) == "Why?"


def test_pauses_nest(tmp_path: Path) -> None:
    text = (
        ":::::{pause-and-think} Outer?\nOne.\n\n::::{pause-and-think} Inner?\nTwo.\n::::\n:::::\n"
    )
    assert (
        words(page(text, tmp_path).select_one("details details")) == "Pause and think: Inner? Two."
    )


# What is wrong


@pytest.mark.parametrize("written", ["Pause and think", "Pause and Think:", "pause and think …"])
def test_a_pause_whose_question_is_the_label_shows_it_once(written: str, tmp_path: Path) -> None:
    pause = page(f":::{{pause-and-think}} {written}\nThink of one.\n:::", tmp_path)
    assert words(pause.select_one("summary")) == "Pause and think"


def test_a_pause_without_a_question_shows_its_body(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n\n:::{pause-and-think}\nBody.\n:::\n"}, tmp_path)
    assert words(main(built).select_one("details")) == "Pause and think Body."
    assert built.warnings.endswith(
        "index.md:3: WARNING: the pause has no question; write it after the name of the directive "
        "[marginalia.pause_without_question]\n"
    )


def test_a_pause_without_a_question_is_listed_by_its_label(tmp_path: Path) -> None:
    text = "# T\n\n:::{pause-and-think}\nBody.\n:::\n\n:::{pause-list}\n:::\n"
    built = build({"index.md": text}, tmp_path)
    link = main(built).select_one("dd a")
    assert words(link) != ""


def test_a_stray_discussion_is_shown_open(tmp_path: Path) -> None:
    built = build({"index.rst": "T\n=\n\n.. discussion::\n\n   Body.\n"}, tmp_path)
    block = main(built).select_one("details")
    assert block.has_attr("open")
    assert words(block) == "Discussion Body."
    assert "index.rst:4: WARNING: the discussion is in no pause-and-think block" in built.warnings


def test_a_discussion_whose_text_is_not_indented_is_reported(tmp_path: Path) -> None:
    text = """
Ponds
=====

.. pause-and-think:: Why does it freeze?

   .. discussion::

   Winter.
"""
    built = build({"index.rst": text}, tmp_path, extensions=["sphinx_marginalia"])
    assert "index.rst:7: WARNING: the discussion has no text; " in built.warnings
    assert "indent it by three spaces" in built.warnings
    assert "Winter." in (built.out / "index.html").read_text()


def test_a_key_idea_without_a_definition_shows_its_term(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n\n:::{key-idea} Probe\n:::\n"}, tmp_path)
    assert words(main(built).select_one(".marginalia-key-idea")) == "Key idea: Probe"
    assert "index.md:3: WARNING: the key idea 'Probe' has no definition" in built.warnings


# A key idea


def test_a_key_idea_is_a_term_and_its_definition(tmp_path: Path) -> None:
    idea = page(IDEA, tmp_path).select_one(".marginalia-key-idea")
    assert idea["id"] == "probe"
    assert words(idea.select_one("dfn")) == "Linear probe"
    assert words(idea) == "Key idea: Linear probe A classifier on activations."


@pytest.mark.parametrize("builder", ["html", "text", "latex", "singlehtml", "epub"])
def test_a_reference_to_a_key_idea_shows_its_term(builder: str, tmp_path: Path) -> None:
    files = {
        "index.md": "# Book\n\n```{toctree}\nb\n```\n\nSee {ref}`probe`, {ref}`it <probe>`.\n",
        "b.md": f"# B\n\n{IDEA}",
    }
    built = build(files, tmp_path, builder, version="1", copyright="A")
    assert built.warnings == ""
    if builder == "html":
        links = main(built).select('p a[href="b.html#probe"]')
        assert [words(link) for link in links] == ["Linear probe", "it"]


def test_markdown_links_show_the_term_too(tmp_path: Path) -> None:
    link = page(f"{IDEA}\nSee [](#probe).\n", tmp_path).select_one("p a.reference.internal")
    assert (words(link), link["href"]) == ("Linear probe", "#probe")


# The lists

BOOK = {
    "index.md": "# Book\n\n```{toctree}\nzeta\nalpha\nlists\n```\n\n"
    ":::{pause-and-think} First of all?\nBody.\n:::\n",
    "zeta.md": "# Zeta *chapter*{sidenote}`A note.`\n\n:::{pause-and-think} Second?\n:name: second\n\n"
    "Body.\n:::\n\n:::{key-idea} Zebra\nStriped, see {ref}`probe`.\n:::\n\n"
    ":::{pause-and-think} Third $x$?\nBody.\n:::\n",
    "alpha.md": f"# Alpha\n\n:::{{pause-and-think}} Fourth?\nBody.\n:::\n\n{IDEA}",
    "lists.md": "# Lists\n\n:::{pause-list}\n:::\n\n## Ideas\n\n:::{key-idea-list}\n:::\n",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(BOOK, tmp_path_factory.mktemp("book"))


def test_the_book_is_built_without_a_warning(book: Built) -> None:
    assert book.warnings == ""


def test_the_questions_are_listed_by_page_in_the_order_of_the_contents(book: Built) -> None:
    listed = main(book, "lists").select_one("dl.marginalia-pause-list")
    assert [words(term) for term in listed.select("dt")] == ["Book", "Zeta chapter", "Alpha"]
    assert [words(item).split()[0] for item in listed.select("li")] == [
        "First", "Second?", "Third", "Fourth?",
    ]  # fmt: skip


def test_the_ideas_are_listed_with_their_definitions(book: Built) -> None:
    listed = main(book, "lists").select_one("dl.marginalia-key-idea-list")
    assert [words(term) for term in listed.select("dt")] == ["Zebra", "Linear probe"]
    assert [words(item) for item in listed.select("dd")] == [
        "Striped, see Linear probe.", "A classifier on activations.",
    ]  # fmt: skip


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_links_of_the_lists_lead_to_what_they_name(builder: str, tmp_path: Path) -> None:
    built = build(BOOK, tmp_path, builder)
    folder = built.out / "lists" if builder == "dirhtml" else built.out
    text = (folder / "index.html" if builder == "dirhtml" else folder / "lists.html").read_text()
    links = BeautifulSoup(text, "html.parser").select("dl a.reference")
    assert len(links) == 3 + 4 + 2 + 1
    for link in links:
        path, _, fragment = str(link["href"]).partition("#")
        file = (folder / path).resolve() if path else folder / "index.html"
        target = file / "index.html" if file.is_dir() else file
        page = BeautifulSoup(target.read_text(), "html.parser")
        assert fragment == "" or page.find(id=fragment) is not None, link["href"]


def test_a_list_of_the_page_itself_links_within_it(tmp_path: Path) -> None:
    read = page(f"{PAUSE}\n:::{{pause-list}}\n:::\n", tmp_path)
    link = read.select_one("dd a")
    assert read.find(id=str(link["href"]).removeprefix("#")).name == "details"


def test_lists_of_nothing_are_nothing(tmp_path: Path) -> None:
    text = "# T\n\n:::{pause-list}\n:::\n\n:::{key-idea-list}\n:::\n"
    built = build({"index.md": text}, tmp_path)
    assert "<dl" not in built.page()
    assert built.warnings.count("[marginalia.empty_list]") == 2


@pytest.mark.parametrize("kind", ["pause-list", "key-idea-list"])
def test_a_document_to_exclude_that_is_not_there_is_reported(kind: str, tmp_path: Path) -> None:
    blocks = ":::{pause-and-think} Why?\nT.\n:::\n\n:::{key-idea} Ebb\nT.\n:::\n"
    text = f"# T\n\n{blocks}\n:::{{{kind}}}\n:exclude: methds, drafts/* index\n:::\n"
    pages = {"index.md": text, "methods.md": f"---\norphan: true\n---\n# M\n\n{blocks}"}
    (line,) = build(pages, tmp_path).warnings.splitlines()
    assert "index.md:12: WARNING: option 'exclude': there is no document 'methds'" in line
    assert "did you mean 'methods'?" in line


def test_a_definition_in_the_list_has_no_note_no_id_and_working_links(tmp_path: Path) -> None:
    text = (
        ":::{key-idea} Term\nSaid{sidenote}`The note.` here{marginnote}`Beside.`, see "
        "{ref}`there <mine>`.\n:::\n\n:::{key-idea-list}\n:::\n\n(mine)=\n## There\n"
    )
    read = page(text, tmp_path)
    assert words(read.select_one("dl dd")) == "Said here, see there."
    ids = [tag["id"] for tag in read.select("[id]")]
    assert len(ids) == len(set(ids))
    assert words(read).count("The note.") == 1


def test_a_definition_of_a_list_is_listed_too(tmp_path: Path) -> None:
    text = ":::{key-idea} Term\n- one\n- two\n:::\n\n:::{key-idea-list}\n:::\n"
    assert words(page(text, tmp_path).select_one("dl dd")) == "one two"


def test_ids_are_unique_where_all_documents_are_one_page(tmp_path: Path) -> None:
    built = build(BOOK, tmp_path, "singlehtml")
    read = main(built)
    ids = [tag["id"] for tag in read.select("[id]")]
    assert built.warnings == ""
    assert sorted({id_ for id_ in ids if ids.count(id_) > 1}) == []


def test_the_links_of_the_lists_work_where_all_documents_are_one_page(tmp_path: Path) -> None:
    read = main(build(BOOK, tmp_path, "singlehtml"))
    ids = {tag["id"] for tag in read.select("[id]")}
    hrefs = [str(link["href"]) for link in read.select("dl li a")]
    assert len(hrefs) == 4
    assert [href for href in hrefs if href.rpartition("#")[2] not in ids] == []


def test_an_author_may_use_the_ids_that_pauses_would_get(tmp_path: Path) -> None:
    read = page(
        f"(pause-and-think-index-1)=\n## Mine\n\n{PAUSE}\n:::{{pause-list}}\n:::\n", tmp_path
    )
    ids = [tag["id"] for tag in read.select("[id]")]
    assert len(ids) == len(set(ids))
    assert read.select_one("details.marginalia-pause")["id"] != "pause-and-think-index-1"


def test_a_page_out_of_the_contents_is_listed_last(tmp_path: Path) -> None:
    files = {
        **BOOK,
        "aaa.md": "---\norphan: true\n---\n# Orphan\n\n:::{pause-and-think} Last?\nB.\n:::\n",
    }
    listed = main(build(files, tmp_path), "lists").select("dl.marginalia-pause-list dt")
    assert words(listed[-1]) == "Orphan"


def test_the_questions_are_translated(tmp_path: Path) -> None:
    built = build({"index.md": f"# T\n\n{PAUSE}"}, tmp_path, "gettext")
    pot = built.read("index.pot")
    assert pot.count('msgid "What does a *probe* show?"') == 1
    assert "Pause and think" not in pot
    assert 'msgid "Discussion"' not in pot


def test_the_words_of_the_interface_are_in_the_readers_language(tmp_path: Path) -> None:
    built = build({"index.md": f"# T\n\n{PAUSE}\n{IDEA}"}, tmp_path, language="de")
    labels = main(built).select(".marginalia-pause-label, .marginalia-key-idea-label")
    assert len(labels) == 2
    assert "Pause and think:" not in map(words, labels)


# Where nothing folds


@pytest.mark.parametrize("builder", ["text", "man"])
def test_a_pause_is_a_titled_block_with_its_discussion_after_it(
    builder: str, tmp_path: Path
) -> None:
    built = build(
        {"index.md": f"# T\n\n{PAUSE}\nAfter.\n"}, tmp_path, builder,
        man_pages=[("index", "t", "T", ["A"], 1)],
    )  # fmt: skip
    text = built.read("*.txt" if builder == "text" else "t.1")
    parts = [
        "Pause and think: ",
        "show?",
        "Think of one.",
        "Discussion",
        "information is there.",
        "After.",
    ]
    places = [text.index(part) for part in parts]
    assert built.warnings == ""
    assert places == sorted(places)


def test_paragraphs_stay_paragraphs_in_text(tmp_path: Path) -> None:
    text = ":::{pause-and-think} Why?\nOne.\n\nTwo.\n\n- item\n:::\n"
    read = build({"index.md": f"# T\n\n{text}"}, tmp_path, "text").read("index.txt")
    assert read.partition("Pause and think: Why?\n")[2].partition("\n")[2].strip() == (
        "One.\n\nTwo.\n\n* item"
    )


def test_a_pdf_has_a_titled_block(tmp_path: Path) -> None:
    source = build({"index.md": f"# T\n\n{PAUSE}"}, tmp_path, "latex").read("*.tex")
    assert (
        "\\sphinxstyletopictitle{Pause and think: What does a \\sphinxstyleemphasis{probe} show?}"
        in source
    )
    assert "That the information is there." in source


# A reader's own answers

LISTED = {"index.md": f"# Probes\n\n{PAUSE}\n```{{pause-list}}\n```\n"}


def test_by_default_there_is_no_place_for_answers(tmp_path: Path) -> None:
    page = main(build(LISTED, tmp_path), "index")
    assert page.select("form") == []


def test_a_project_may_offer_a_place_for_answers_that_is_hidden_without_a_script(
    tmp_path: Path,
) -> None:
    built = build(LISTED, tmp_path, pauses_answers=True)
    page = main(built, "index")
    assert [form["hidden"] for form in page.select("form")] == ["hidden", "hidden"]
    assert len(page.select("details > form.marginalia-pause-answer > label")) == 2
    buttons = page.select("form.marginalia-pause-export > button")
    assert [button["value"] for button in buttons] == ["md", "txt"]
    assert "marginalia-pauses-answers.js" in built.page("index")


def test_only_pages_with_pauses_load_the_script_of_answers(tmp_path: Path) -> None:
    sources = {**LISTED, "plain.md": "# Plain\n\nNo question.\n"}
    built = build(sources, tmp_path, pauses_answers=True)
    assert "marginalia-pauses-answers" not in built.page("plain")


def test_an_epub_has_no_place_for_answers(tmp_path: Path) -> None:
    built = build(LISTED, tmp_path, "epub", pauses_answers=True)
    assert "<form" not in built.read("index.xhtml")
