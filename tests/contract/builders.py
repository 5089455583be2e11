"""The builders that every feature has to work in, and settings that keep them quiet."""

from __future__ import annotations

from typing import Any

#: What a builder leaves behind for the document ``index`` and the folder of its output.
OUTPUT = {
    "html": "index.html",
    "dirhtml": "index.html",
    "singlehtml": "index.html",
    "epub": "index.xhtml",
    "latex": "test.tex",
    "text": "index.txt",
    "man": "test.1",
    "texinfo": "test.texi",
    "xml": "index.xml",
    "pseudoxml": "index.pseudoxml",
    "gettext": "index.pot",
}
BUILDERS = (*OUTPUT, "linkcheck")

QUIET: dict[str, Any] = {
    "version": "1",
    "release": "1",
    "copyright": "2026, Author",
    "latex_documents": [("index", "test.tex", "Test", "Author", "manual")],
    "texinfo_documents": [("index", "test", "Test", "Author", "test", "Test", "Essays")],
    "man_pages": [("index", "test", "Test", ["Author"], 1)],
    "bibtex_bibfiles": ["works.bib"],
    "gettext_additional_targets": ["literal-block"],
}

WORKS = """
@article{ada2020,
  author = {Ada, Alice and Bell, Bob},
  title = {A {Deep} Look},
  journal = {Journal of Looks},
  year = {2020},
}
@inproceedings{bell2021,
  author = {Bell, Bob},
  title = {Looking Again},
  booktitle = {Proceedings of Looking},
  year = {2021},
}
"""
