"""Bad input: the page is built, no word is lost, and one warning says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.sidenotes.reading import errors_in, soup, words

if TYPE_CHECKING:
    from pathlib import Path

CONVERT = {"sidenotes_from_footnotes": True}
NESTED = (
    "a note is written in a note; its text becomes part of the outer note [marginalia.nested_note]"
)
MISPLACED = (
    "a note cannot be in the text of a link; it is moved behind the link "
    "[marginalia.misplaced_note]"
)
ALONE = "a note cannot be all of a title; its text becomes the title [marginalia.misplaced_note]"
UNANCHORED = (
    "there is no text before the sidenote; put it after a paragraph "
    "[marginalia.note_without_anchor]"
)

#: title, extension, source, what a page says, with ``[1]`` for a number in the text and ``(1)`` for
#: that of a note, warnings as "line: text", configuration
CASES: list[tuple[str, str, str, str, list[str], dict[str, Any]]] = [
    ("a note that is all of a title", "md", "# {sidenote}`A *reed*.`\n", "A reed.", [f"1: {ALONE}"], {}),
    (
        "notes that are all of a title, in reStructuredText",
        "rst",
        ":sidenote:`A reed.` :marginnote:`Wet.`\n======================================\n\nSo.\n",
        "A reed. Wet. So.",
        [f"1: {ALONE}"],
        {},
    ),
    (
        "an empty role",
        "md",
        "# T\n\nBefore{sidenote}` ` after.\n",
        "T Before after.",
        ["3: the sidenote has no text [marginalia.empty_note]"],
        {},
    ),
    (
        "an empty role in reStructuredText",
        "rst",
        "T\n=\n\nBefore :marginnote:`\\ ` after.\n",
        "T Before after.",
        ["4: the marginnote has no text [marginalia.empty_note]"],
        {},
    ),
    (
        "an empty directive",
        "md",
        "# T\n\nBefore.\n\n:::{marginnote}\n:::\n\nAfter.\n",
        "T Before. After.",
        ["5: the marginnote has no text [marginalia.empty_note]"],
        {},
    ),
    (
        "an empty directive in reStructuredText",
        "rst",
        "T\n=\n\nBefore.\n\n.. sidenote::\n\nAfter.\n",
        "T Before. After.",
        ["6: the sidenote has no text [marginalia.empty_note]"],
        {},
    ),
    (
        "an empty footnote",
        "md",
        "# T\n\nBefore[^a] after.\n\n[^a]:\n",
        "T Before after.",
        ["5: the footnote [a] has no text [marginalia.empty_note]"],
        CONVERT,
    ),
    (
        "a role in a role",
        "md",
        "# T\n\nA.{sidenote}``Outer {sidenote}`inner` end.`` B.\n",
        "T A.[1] (1) Outer (inner) end. B.",
        [f"3: {NESTED}"],
        {},
    ),
    (
        "a role in a role in reStructuredText",
        "rst",
        "T\n=\n\nA :sidenote:`Outer :sidenote:\\`inner\\` end.` B.\n",
        "T A [1] (1) Outer (inner) end. B.",
        [f"4: {NESTED}"],
        {},
    ),
    (
        "a role in a directive",
        "md",
        "# T\n\nA.\n\n:::{sidenote}\nOuter{sidenote}`inner`.\n:::\n",
        "T A.[1] (1) Outer (inner).",
        [f"6: {NESTED}"],
        {},
    ),
    (
        "a margin note in a sidenote",
        "md",
        "# T\n\nA.\n\n:::{sidenote}\nOuter{marginnote}`inner`.\n:::\n",
        "T A.[1] (1) Outer (inner).",
        [f"6: {NESTED}"],
        {},
    ),
    (
        "a directive in a directive",
        "rst",
        "T\n=\n\nText.\n\n.. sidenote::\n\n   Outer.\n\n   .. marginnote::\n\n      Inner.\n\n      Second.\n",
        "T Text.[1] (1) Outer. Inner. Second.",
        [f"10: {NESTED}"],
        {},
    ),
    (
        "a role in a footnote that becomes a note",
        "md",
        "# T\n\nA[^f].\n\n[^f]: Outer{sidenote}`inner`.\n",
        "T A[1] (1) Outer (inner)..",
        [f"5: {NESTED}"],
        CONVERT,
    ),
    (
        "a role in a footnote that stays one",
        "md",
        "# T\n\nA[^f].\n\n[^f]: Outer{sidenote}`inner`.\n",
        "T A[1]. [1] Outer (inner).",
        [f"5: {NESTED}"],
        {},
    ),
    (
        "a footnote in a footnote",
        "md",
        "# T\n\nA[^f].\n\n[^f]: Outer[^g].\n\n[^g]: Inner.\n",
        "T A[1] (1) Outer[2]. (2) Inner..",
        [],
        CONVERT,
    ),
    (
        "a note in a link",
        "md",
        "# T\n\nA [link{sidenote}`note` more](https://example.org) end.\n",
        "T A link more[1] (1) note end.",
        [f"3: {MISPLACED}"],
        {},
    ),
    (
        "a note in a link within the book",
        "md",
        "(here)=\n# T\n\nA [link{marginnote}`note`](#here) end.\n",
        "T A link⊕note end.",
        [f"4: {MISPLACED}"],
        {},
    ),
    (
        "two notes in a link keep their order",
        "md",
        "# T\n\n[link{sidenote}`first` and{sidenote}`second`](https://example.org)\n",
        "T link and[1] (1) first[2] (2) second",
        [f"3: {MISPLACED}"] * 2,
        {},
    ),
    (
        "a directive with no text before it",
        "md",
        "# T\n\n:::{sidenote}\nA note.\n:::\n\nAfter.\n",
        "T [1] (1) A note. After.",
        [f"3: {UNANCHORED}"],
        {},
    ),
    (
        "a directive first in a list item",
        "rst",
        "T\n=\n\nBefore.\n\n- .. sidenote::\n\n     A note.\n",
        "T Before. [1] (1) A note.",
        [f"6: {UNANCHORED}"],
        {},
    ),
    (
        "a margin note needs no text before it",
        "md",
        "# T\n\n:::{marginnote}\nA note.\n:::\n\nAfter.\n",
        "T A note. After.",
        [],
        {},
    ),
    (
        "an undefined footnote",
        "md",
        "# T\n\nBefore[^gone] after.\n",
        "T Before[^gone] after.",
        ["3: the footnote [^gone] is not defined; write “[^gone]: its text” "
         "[marginalia.undefined_footnote]"],
        CONVERT,
    ),
    (
        "an undefined footnote with the name of a heading",
        "md",
        "# Iris\n\nBefore[^iris] after.\n",
        "Iris Before[^iris] after.",
        ["3: the footnote [^iris] is not defined; write “[^iris]: its text” "
         "[marginalia.undefined_footnote]"],
        {},
    ),
    (
        "an undefined footnote with the name of a heading in reStructuredText",
        "rst",
        "Iris\n====\n\nBefore [#iris]_ after.\n",
        "Iris Before [#iris]_ after.",
        ["4: the footnote [#iris]_ is not defined; write “.. [#iris] its text” "
         "[marginalia.undefined_footnote]"],
        CONVERT,
    ),
    (
        "an undefined footnote with the name of a label",
        "md",
        "(iris)=\n# T\n\nBefore[^iris] after.\n",
        "T Before[^iris] after.",
        ["4: the footnote [^iris] is not defined; 'iris' is a label on this page, so give the "
         "footnote another name [marginalia.undefined_footnote]"],
        {},
    ),
    (
        "an undefined footnote in code is code",
        "md",
        "# T\n\nWrite `[^id]`.\n\n```md\nText[^id]\n```\n",
        "T Write [^id]. Text[^id]",
        [],
        CONVERT,
    ),
    (
        "an unused footnote",
        "md",
        "# T\n\nText.\n\n[^lonely]: Nobody comes.\n",
        "T Text.⊕Nobody comes.",
        ["5: nothing refers to the footnote [lonely] [marginalia.unused_footnote]"],
        CONVERT,
    ),
    (
        "an unused footnote in reStructuredText",
        "rst",
        "T\n=\n\nText.\n\n.. [#lonely] Nobody comes.\n",
        "T Text.⊕Nobody comes.",
        ["6: nothing refers to the footnote [lonely] [marginalia.unused_footnote]"],
        CONVERT,
    ),
]  # fmt: skip


def warnings_of(built: Any, extension: str) -> list[str]:
    start = f"{built.app.srcdir}/index.{extension}:"
    return sorted(
        line.replace(start, "").replace("WARNING: ", "") for line in built.warnings.splitlines()
    )


@pytest.mark.parametrize(
    ("extension", "text", "page", "warnings", "config"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_page_says(
    extension: str,
    text: str,
    page: str,
    warnings: list[str],
    config: dict[str, Any],
    tmp_path: Path,
) -> None:
    built = build({f"index.{extension}": text}, tmp_path, **config)
    read = soup(built)
    main = read.select_one('[role="main"]')
    assert main is not None
    for permalink in main.select(".headerlink, .footnote-list + hr, hr"):
        permalink.extract()
    for link in main.select(".marginalia-note-mark[role]"):
        link.string = f"[{link.string}]"
    for link in main.select(".marginalia-note-backlink"):
        link.string = f" ({link.string})"
    assert words(main) == page
    assert warnings_of(built, extension) == sorted(warnings)
    assert errors_in(read) == []


@pytest.mark.parametrize("builder", ["latex", "texinfo", "man"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_bad_input_stops_no_builder(
    case: tuple[str, str, str, str, list[str], dict[str, Any]], builder: str, tmp_path: Path
) -> None:
    _, extension, text, _, warnings, config = case
    config = {**config, "version": "1", "copyright": "A"}
    built = build({f"index.{extension}": text}, tmp_path, builder, **config)
    assert warnings_of(built, extension) == sorted(warnings)


@pytest.mark.parametrize(
    "notes", ["[^a]: A note[^a].", "[^a]: One note[^b].\n\n[^b]: Another note[^a]."]
)
def test_footnotes_that_only_refer_to_themselves_are_shown_at_the_text_before(
    notes: str, tmp_path: Path
) -> None:
    files = {"index.md": f"# T\n\nThe text.\n\n{notes}\n"}
    built = build(files, tmp_path, "text", sidenotes_from_footnotes=True)
    assert built.page().count("note") == notes.count("note")
    assert "The text." in built.page()


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
def test_a_note_after_a_message_of_the_parser_belongs_to_the_text_before(
    builder: str, tmp_path: Path
) -> None:
    text = "# T\n\nThe text.\n\n:::{sidenote}\n:name: #\n\nThe note.\n:::\n"
    built = build({"index.md": text}, tmp_path, builder)
    output = built.read("*.tex") if builder == "latex" else built.page()
    assert output.count("The note.") == 1
    assert 'id="sidenote-ref-1"' in output or builder != "html"
