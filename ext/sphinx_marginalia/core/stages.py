"""The order of all transforms: those of this package, and those of others that they depend on.

docutils runs transforms by priority. :class:`ReadStage` is for transforms of a document that is
being read, :class:`WriteStage` for post-transforms, which run when a document is written. A
transform takes its priority from here, so that the order can be read in one place, and each stage
says why it is where it is. The names in brackets are transforms of other packages.
"""

from __future__ import annotations

from enum import UNIQUE, IntEnum, verify


class Stage(IntEnum):
    """A priority, and a sentence about it."""

    def __new__(cls, priority: int, meaning: str) -> Stage:
        stage = int.__new__(cls, priority)
        stage._value_ = priority
        return stage

    def __init__(self, _priority: int, meaning: str) -> None:
        self.meaning = meaning


@verify(UNIQUE)
class ReadStage(Stage):
    """Transforms of a document that is being read."""

    FRONT_MATTER = 15, "Front matter is read as it is written, before its texts are translated."
    TRANSLATION = 20, "Texts are translated [Sphinx: Locale]."
    CAPTIONS = 21, "Captions of toctrees, which are translated now, are noted for a PDF."
    TITLES = 30, "Titles of blocks get their label, which translation would replace."
    DOCINFO = 340, "A field list of authors is taken apart [docutils: DocInfo]."
    CITATION_NOTES = 617, "Citations become footnotes, in a style for notes."
    FOOTNOTE_CITATIONS = 618, "Citations in footnotes are recorded before footnotes get names."
    FOOTNOTE_REPAIR = 619, "Footnotes that docutils would drop or report are repaired."
    FOOTNOTES = 620, "Footnotes are numbered and their references resolved [docutils: Footnotes]."
    NOTES = 621, "Footnotes become notes; notes get their numbers."
    UNUSED_FOOTNOTES = 622, "Footnotes that are left are reported and moved [Sphinx; MyST at 623]."
    CITABLE_TITLES = 800, "Blocks get the title they are cited by: translated and without notes."


@verify(UNIQUE)
class WriteStage(Stage):
    """Post-transforms of a document that is being written."""

    NOTES_HIDDEN = 0, "Notes are hidden from themes that take all footnotes [sphinx-book-theme: 1]."
    COPIES = 1, "Notes that were copied while a document was parsed become text."
    PARTS = 2, "The documents of a PDF are put into parts."
    LISTS = 5, "Lists and tables of all documents are filled [also sphinxcontrib-bibtex]."
    PAGE_FACTS = 6, "What a page shows of other pages is filled in: the links are references."
    OLD_ANCHORS = 7, "Sections get the anchors they once had."
    CITE_LINKS = 8, "Links that help to cite are added; they are references too."
    CITATION_WORDS = 9, "Citations in titles that other pages show become words of their links."
    REFERENCES = 10, "References are resolved [Sphinx: ReferencesResolver]."
    CITATIONS = 50, "Citations, which are links now, are marked; works are listed."
    PLAIN_LISTS = 59, "What is not drawn in this format becomes a list."
    DRAWINGS = 60, "Figures are drawn: their links are resolved, their notes not laid out yet."
    UNDRAWN = 61, "Figures that no format has drawn are removed."
    EPUB_NOTES = 149, "Notes become footnotes of an e-book."
    NOTE_LAYOUT = 150, "Notes are put beside their paragraphs in HTML."
    PLAIN_NOTES = 155, "Notes that no format has laid out become footnotes."
    BLOCK_LAYOUT = 160, "Other blocks get their layout; notes have asked what kind they are."
    BLOCK_CONTROLS = 161, "Blocks that are laid out get controls such as filters."
    FORMULAS = 162, "Formulas are joined to the punctuation that follows them."
    DROPDOWNS = 199, "Dropdowns are rebuilt [sphinx-design]."
    LATEX_FIGURES = (
        299,
        "Figures go into the margin of a PDF where that is safe, before notes.",
    )
    LATEX_NOTES = 300, "Notes go into the margin of a PDF where that is safe."
    LATEX_BLOCKS = 310, "Other blocks get their layout in LaTeX."
    LATEX_URLS = 400, "Addresses become footnotes [Sphinx: ShowUrlsTransform]."
    LATEX_FOOTNOTE_TEXTS = 590, "Texts of footnotes leave the blocks in which LaTeX would fail."
    LATEX_FOOTNOTES = (
        600,
        "Footnotes get their text and their order [Sphinx: LaTeXFootnoteTransform].",
    )
