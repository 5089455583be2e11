"""Options in ``conf.py``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from sphinx_marginalia import EXTRAS, FEATURES
from sphinx_marginalia.core.options import Option
from sphinx_marginalia.testing import build

if TYPE_CHECKING:
    from pathlib import Path

FLAG = Option("flag", default=False, rebuild="html", help="A flag.")
CHOICE = Option(
    "place", default="margin", rebuild="env", help="A word.", choices=("margin", "footnote")
)
NAMES = Option("names", default={}, rebuild="env", help="Names with texts.")
ANY = Option("words", default="", rebuild="", help="Any words.")

PROBLEMS = [
    (FLAG, True, None),
    (FLAG, "yes", "flag = 'yes' in conf.py must be True or False"),
    (FLAG, 1, "flag = 1 in conf.py must be True or False"),
    (FLAG, None, "flag = None in conf.py must be True or False"),
    (CHOICE, "footnote", None),
    (CHOICE, "footnotes", "place = 'footnotes' in conf.py: did you mean 'footnote'?"),
    (CHOICE, "Margin", "place = 'Margin' in conf.py: did you mean 'margin'?"),
    (CHOICE, "xyz", "place = 'xyz' in conf.py: use one of margin, footnote"),
    (CHOICE, True, "place = True in conf.py must be a text in quotes"),
    (CHOICE, ["margin"], "place = ['margin'] in conf.py must be a text in quotes"),
    (ANY, "whatever", None),
    (NAMES, {"a": "A"}, None),
    (
        NAMES,
        {"a": 1},
        'names = {\'a\': 1} in conf.py must be names with texts, as {"name": "text"}',
    ),
    (
        NAMES,
        {1: "A"},
        'names = {1: \'A\'} in conf.py must be names with texts, as {"name": "text"}',
    ),
]


@pytest.mark.parametrize(("option", "value", "problem"), PROBLEMS)
def test_an_option_says_what_is_wrong_with_a_value(
    option: Option, value: object, problem: str | None
) -> None:
    assert option.problem(value) == problem


def test_the_default_replaces_an_invalid_value(tmp_path: Path) -> None:
    built = build({"index.md": "# T\n"}, tmp_path, works_page_list=[])
    assert (
        Option("works_page_list", default=True, rebuild="html", help="").value(built.app.config)
        is True
    )
    assert built.warnings == (
        "WARNING: works_page_list = [] in conf.py must be True or False; True is used "
        "[marginalia.option_value]\n"
    )


def test_an_invalid_value_is_reported_once_however_many_pages_there_are(tmp_path: Path) -> None:
    files = {
        "index.md": "# T\n\n```{toctree}\na\n```\n\nX{sidenote}`y`\n",
        "a.md": "# A\n\nX{sidenote}`y`\n",
    }
    built = build(files, tmp_path, sidenotes_latex="up")
    assert built.warnings.count("sidenotes_latex") == 1


CONF = """\
import os as works_styl

{0} = 1
html_theme = "basic"
sidenote = 2


def setup(app):
    works_stile = 3
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sidenotes_from_footnote", "sidenotes_from_footnotes"),
        ("sidenoteslatex", "sidenotes_latex"),
        ("article_blocks", "articles_blocks"),
        ("Works_Cited_By", "works_cited_by"),
        ("works_cited_by", ""),
        ("works_folder", ""),
        ("latex_documents", ""),
    ],
)
def test_a_misspelt_name_in_conf_py_is_reported_once(
    written: str, meant: str, tmp_path: Path
) -> None:
    built = build({"index.md": "# T\n", "conf.py": CONF.format(written)}, tmp_path)
    expected = (
        f"{built.app.srcdir}/conf.py:3: WARNING: no extension has an option {written!r}; "
        f"did you mean '{meant}'? [marginalia.option_value]\n"
    )
    assert built.warnings == (expected if meant else "")


@pytest.mark.parametrize("feature", [*FEATURES, *EXTRAS])
def test_every_option_is_registered_and_explained_in_a_sentence(
    feature: str, tmp_path: Path
) -> None:
    options = getattr(import_module(feature), "OPTIONS", ())
    values = build({"index.rst": "T\n=\n"}, tmp_path, extensions=[feature]).app.config.values
    assert [option.name for option in options if option.name not in values] == []
    assert [option.name for option in options if not option.help.endswith(".")] == []
