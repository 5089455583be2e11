"""Entries of BibTeX and BibLaTeX in CSL-JSON."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import Entry
from pybtex.richtext import Text

from sphinx_marginalia.works.csl_json import csl_item
from sphinx_marginalia.works.latex_text import bibtex_text, csl_text
from sphinx_marginalia.works.pandoc_nodes import OTHERS, name_others, words_of
from sphinx_marginalia.works.reading import read_text

ROOT = Path(__file__).resolve().parents[2]


def item(entry: str) -> dict[str, Any]:
    """Return the only entry of a file."""
    ((key, read),) = read_text(entry).items()
    return csl_item(key, read)


@pytest.mark.parametrize(
    ("written", "csl"),
    [
        ("article", "article-journal"),
        ("book", "book"),
        ("mvcollection", "book"),
        ("booklet", "pamphlet"),
        ("inbook", "book"),
        ("incollection", "chapter"),
        ("inproceedings", "paper-conference"),
        ("conference", "paper-conference"),
        ("thesis", "thesis"),
        ("mastersthesis", "thesis"),
        ("report", "report"),
        ("techreport", "report"),
        ("online", "webpage"),
        ("dataset", "dataset"),
        ("software", "software"),
        ("patent", "patent"),
        ("movie", "motion_picture"),
        ("unpublished", "manuscript"),
        ("misc", "document"),
        ("lakebook", "document"),
    ],
)
def test_each_type_has_its_type_of_csl(written: str, csl: str) -> None:
    assert item(f"@{written}{{a, title = {{Lakes}}, author = {{Ada, Ann}}}}")["type"] == csl


@pytest.mark.parametrize(
    ("fields", "variables"),
    [
        ("journal = {Lakes}, number = 3, pages = {1--9}",
         {"container-title": "Lakes", "issue": "3", "page": "1-9"}),
        ("number = 2, issue = {Spring}", {"issue": "2, Spring"}),
        ("volume = 2, eid = {e7}", {"page": "e7"}),
        ("volume = {1--2}", {"volume": "1–2"}),
        ("journaltitle = {Lakes}, issue = 4", {"container-title": "Lakes", "issue": "4"}),
        ("doi = {10.1/a\\_b}, url = {https://example.org/a_b}",
         {"DOI": "10.1/a_b", "URL": "https://example.org/a_b"}),
        ("pagetotal = {5~p.}, urldate = {2024-1-7}",
         {"number-of-pages": "5\xa0p.", "accessed": {"date-parts": [[2024, 1, 7]]}}),
        ("language = {fr\\_FR}", {"language": "fr_fr"}),
        ("langid = {norsk}", {"language": "und"}),
        ("title = {Reeds}, subtitle = {A Look}", {"title": "Reeds: A Look"}),
        ("title = {Reeds}, titleaddon = {Second Talk}", {"title": "Reeds. Second Talk"}),
        ("journaltitle = {Lakes}, journalsubtitle = {A Quarterly}",
         {"container-title": "Lakes: A Quarterly"}),
        ("eprint = {17}, eprinttype = {JSTOR}", {"URL": "https://www.jstor.org/stable/17"}),
        ("eprint = {17}, eprinttype = {pubmed}", {"URL": "https://pubmed.ncbi.nlm.nih.gov/17/"}),
        ("eprint = {17}, eprinttype = {reeds}", {"note": "reeds: 17"}),
        ("eventtitle = {Talks}, venue = {Rome}", {"event-title": "Talks", "event-place": "Rome"}),
        ("location = {Rome and Bergen and Lund}", {"publisher-place": "Rome; Bergen; Lund"}),
        ("location = {{Rome and Bergen}}", {"publisher-place": "Rome and Bergen"}),
        ("address = {School of Arts and Crafts, Rome}",
         {"publisher-place": "School of Arts and Crafts, Rome"}),
        ("publisher = {Simon and Schuster}", {"publisher": "Simon and Schuster"}),
    ],
)  # fmt: skip
def test_each_field_has_its_variable(fields: str, variables: dict[str, str]) -> None:
    found = item(f"@article{{a, author = {{Ada, Ann}}, {fields}}}")
    assert {name: found.get(name) for name in variables} == variables


def test_what_is_added_to_the_title_of_a_book_is_part_of_it() -> None:
    found = item("@incollection{a, title={Reeds}, booktitle={Lakes}, booktitleaddon={Five Talks}}")
    assert found["container-title"] == "Lakes. Five Talks"


def test_an_issue_of_a_periodical_has_a_title_of_its_own() -> None:
    found = item("@periodical{a, title={Lakes}, issuetitle={Reeds}, issuesubtitle={A Look}}")
    assert (found["title"], found["container-title"]) == ("Reeds: A Look", "Lakes")


def test_a_patent_is_valid_in_countries() -> None:
    found = item("@patent{a, title={A Rake}, number={7}, location={countryfr and countryuk}}")
    assert found["jurisdiction"] == "France; United Kingdom"


@pytest.mark.parametrize(
    ("how", "variable", "value"),
    [
        ("By hand", "publisher", "By hand"),
        (r"\url{https://example.org/a}", "URL", "https://example.org/a"),
        ("https://example.org/a (in May)", "publisher", "https://example.org/a (in May)"),
    ],
)
def test_how_a_work_was_published_is_kept(how: str, variable: str, value: str) -> None:
    assert item(f"@misc{{a, title = {{Lakes}}, howpublished = {{{how}}}}}")[variable] == value


def test_a_preprint_says_where_it_is() -> None:
    found = item("@misc{a, title={Lakes}, eprint={2001.1}, eprinttype={arxiv}, date={2020-01-05}}")
    assert found["type"] == "article"
    assert (found["number"], found["publisher"]) == ("arXiv:2001.1", "arXiv")
    assert found["URL"] == "https://arxiv.org/abs/2001.1"


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year = 2020", {"date-parts": [[2020]]}),
        ("year = 2020, month = mar", {"date-parts": [[2020, 3]]}),
        ("year = 2020, month = mar, day = 5", {"date-parts": [[2020, 3, 5]]}),
        ('year = 2020, month = mar # " 5"', {"date-parts": [[2020, 3, 5]]}),
        ("year = 2020, month = {5~March}", {"date-parts": [[2020, 3, 5]]}),
        ("year = 2020, month = {March 5th}", {"date-parts": [[2020, 3, 5]]}),
        ("year = 2020, month = {March 2020}", {"date-parts": [[2020, 3]]}),
        ("year = 2020, month = mar, day = 99", {"date-parts": [[2020, 3]]}),
        ("date = {2020-03-05}", {"date-parts": [[2020, 3, 5]]}),
        ("date = {2020-03/2021}", {"date-parts": [[2020, 3], [2021]]}),
        ("date = {1999-21}", {"date-parts": [[1999]], "season": 1}),
        ("date = {185X}", {"date-parts": [[1850], [1859]]}),
        ("date = {1850-05-XX}", {"date-parts": [[1850, 5]]}),
        ("date = {y-12000}", {"date-parts": [[-12000]]}),
        ("year = {1850-05-03}", {"date-parts": [[1850, 5, 3]]}),
        ("date = {1850~}", {"date-parts": [[1850]], "circa": True}),
        ("date = {1850%/1851?}", {"date-parts": [[1850], [1851]], "circa": True}),
        ("year = {2020b}", {"date-parts": [[2020]]}),
        ("year = {c. 1850}", {"date-parts": [[1850]], "circa": True}),
        ("year = {[1850?]}", {"date-parts": [[1850]], "circa": True}),
        ("year = {-44}", {"date-parts": [[-44]]}),
        ("year = {99999}", {"date-parts": [[99999]]}),
        ("year = 0", {"literal": "0"}),
        ("year = {in press}", {"literal": "in press"}),
    ],
)
def test_each_date_keeps_what_it_says(fields: str, date: dict[str, Any]) -> None:
    assert item(f"@book{{a, title = {{Lakes}}, author = {{Ada, Ann}}, {fields}}}")["issued"] == date


@pytest.mark.parametrize("year", ["n.d.", "[n.d.]", "s.d."])
def test_that_there_is_no_date_is_left_to_the_style(year: str) -> None:
    assert "issued" not in item(
        f"@book{{a, title={{Lakes}}, author={{Ada, Ann}}, year={{{year}}}}}"
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada, Ann", [{"family": "Ada", "given": "Ann"}]),
        ("van der Heron, Jan", [
            {"family": "Heron", "given": "Jan", "non-dropping-particle": "van der"}]),
        ("Bell, Jr., Bob", [{"family": "Bell", "given": "Bob", "suffix": "Jr."}]),
        ("{Open Waters, Inc.}", [{"literal": "Open Waters, Inc."}]),
        ("Ada, Ann and others", [{"family": "Ada", "given": "Ann"}, {"literal": OTHERS}]),
        (r"{\O}rsted, J{\'e}r{\^o}me", [{"family": "Ørsted", "given": "Jérôme"}]),
    ],
)  # fmt: skip
def test_each_name_is_kept_whole(name: str, parts: list[dict[str, str]]) -> None:
    assert (
        item(f"@book{{a, title = {{Lakes}}, year = 2020, author = {{{name}}}}}")["author"] == parts
    )


@pytest.mark.parametrize(
    ("written", "csl"),
    [
        ("On lakes", "On lakes"),
        ("A {GPT} look", 'A <span class="nocase">GPT</span> look'),
        (r"\emph{Ardea} \& \textbf{reeds}", "<i>Ardea</i> & <b>reeds</b>"),
        (r"Sch{\"o}n \v{S}", "Schön Š"),
        ("In $O(n^2)$ -- ``so''", "In $O(n^2)$ – “so”"),
        (r"\unknown{words} stay", "words stay"),
        (
            r"The {\TeX} book, \TeX{} and \LaTeX",
            'The <span class="nocase">TeX</span> book, TeX and LaTeX',
        ),
        (r"{\noopsort{1973b}}1973", "1973"),
        (r"{\=P}ot", "P̄ot"),
        (r"Reeds\emdash A Look", "Reeds—A Look"),
        (r"Reeds\unknown and grass", "Reeds and grass"),
        (r"R{\=\i}p{\u\i}", "Rīpĭ"),
        (r"{\em Ardea\/} alone", '<span class="nocase">Ardea</span> alone'),
        (r"sea\slash shore, reed\hyphen grass", "sea/shore, reed-grass"),
        (r"50% of \emph{reeds} at 5\%", "50% of <i>reeds</i> at 5%"),
        (r"5\,m of d{\textquotesingle}Ebb", '5\u202fm of d<span class="nocase">\'</span>Ebb'),
        (r"\TeX\ and \MakeUppercase{y}", "TeX and y"),
        (r"Of $M_\odot$ reeds", r"Of $M_\odot$ reeds"),
        (r"\href{https://x.example/}{Reeds}", '<span class="nocase">Reeds</span>'),
        ("at the end \\", "at the end "),
        ("an {open", 'an <span class="nocase">open</span>'),
        ("a } close", "a  close"),
    ],
)
def test_latex_becomes_the_markup_of_csl(written: str, csl: str) -> None:
    assert csl_text(written, is_title=True) == csl


def is_balanced(text: str) -> bool:
    depths = [*accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in text)]
    return not depths or (min(depths) >= 0 and not depths[-1])


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*r"{}$\~'`%&#_^, ", "--", r"\emph{", "<i>", "reed"])).map("".join))
def test_no_text_ends_a_build_or_loses_a_word(text: str) -> None:
    whole = re.sub(r"\\[a-z]+|\\\W\s*reed", "", text)  # an accent may be on its first letter
    assert csl_text(text).count("reed") >= whole.count("reed")
    # A file with other braces cannot be read.
    Text.from_latex(bibtex_text(f"{{{text}}}" if is_balanced(text) else ""))
    fields = dict.fromkeys(("title", "year", "date", "pages", "url"), text)
    csl_item("a", Entry("book", fields))


def _words(*texts: str) -> list[dict[str, Any]]:
    return [{"t": "Space"} if text == " " else {"t": "Str", "c": text} for text in texts]


@pytest.mark.parametrize(
    ("rendered", "read"),
    [
        (_words("Ada", " ", "&", " ", OTHERS, " ", "(2020)"), "Ada et al. (2020)"),
        (_words("Ada,", " ", "N.,", " ", "und", " ", f"{OTHERS}."), "Ada, N. et al."),
        (_words(f"Ada/{OTHERS},"), "Ada et al.,"),
        (_words("Ada,", " ", OTHERS, ".", " ", "Lakes."), "Ada et al. Lakes."),
        ([{"t": "SmallCaps", "c": _words("Ada")}, *_words(";", " "),
          {"t": "SmallCaps", "c": _words(OTHERS)}], "Ada et al."),
    ],
)  # fmt: skip
def test_others_are_et_al_however_names_are_joined(
    rendered: list[dict[str, Any]], read: str
) -> None:
    name_others(rendered)
    assert words_of(rendered) == read


@pytest.mark.slow
def test_a_bibliography_differs_from_what_pandoc_reads_for_known_reasons() -> None:
    compare = [sys.executable, "tools/compare_bibliography.py", "references.bib"]
    done = subprocess.run(compare, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 of them not ours" in done.stdout
