"""Files of BibTeX and BibLaTeX as people have them: nothing ends a build, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from sphinx_marginalia.testing import Built, build

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ["myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia"]
#: An entry, what the bibliography says of it, and how it is cited.
ENTRIES = {
    "a thesis": (
        "@thesis{k, author={Doe, Jane}, title={Tides}, institution={Lab}, date={2018}}",
        "Jane Doe. Tides. PhD thesis, Lab, 2018.",
        "Doe (2018)",
    ),
    "a thesis for a master's degree": (
        "@thesis{k, author={Doe, Jane}, title={Tides}, type={mathesis}, school={Lab}, year=2018}",
        "Jane Doe. Tides. Master's thesis, Lab, 2018.",
        "Doe (2018)",
    ),
    "fields of BibLaTeX": (
        "@article{k, author={Doe, Jane}, title={Tides}, subtitle={A Look}, "
        "journaltitle={Waters}, date={2020-05-03}}",
        "Jane Doe. Tides: A Look. Waters, May 2020.",
        "Doe (2020)",
    ),
    "a translation": (
        "@book{k, author={Doe, Jane}, title={Tides}, translator={Ng, Ann and Li, Bo}, "
        "publisher={Press}, year=2018, url={https://x.example}}",
        "Jane Doe. Tides. Press, 2018. Translated by Ann Ng and Bo Li. https://x.example.",
        "Doe (2018)",
    ),
    "a work that is not published yet": (
        "@article{k, author={Doe, Jane}, title={Tides}, journal={Waters}, year=2027, "
        "pubstate={inpress}, doi={10.1/2}}",
        "Jane Doe. Tides. Waters, 2027. In press. doi:10.1/2.",
        "Doe (2027)",
    ),
    "a talk": (
        "@unpublished{k, author={Doe, Jane}, title={Tides}, note={Slides}, year=2020, "
        "eventtitle={Sea Days}, venue={Oban}}",
        "Jane Doe. Tides. Slides. Presented at Sea Days, Oban, 2020.",
        "Doe (2020)",
    ),
    "a paper in the proceedings of an event": (
        "@inproceedings{k, author={Doe, Jane}, title={Tides}, booktitle={Sea Days 2020}, "
        "eventtitle={Sea Days}, year=2020}",
        "Jane Doe. Tides. In Sea Days 2020. 2020.",
        "Doe (2020)",
    ),
    "a chapter that was translated": (
        "@incollection{k, author={Doe, Jane}, title={Tides}, booktitle={Seas}, editor={Ng, Ann}, "
        "translator={Li, Bo}, publisher={Press}, year=2020, note={In verse}, doi={10.1/2}}",
        "Jane Doe. Tides. In Ann Ng, editor, Seas. Press, 2020. In verse. Translated by Bo Li. "
        "doi:10.1/2.",
        "Doe (2020)",
    ),
    "an author with a short name": (
        "@report{k, author={{Office of the Seas}}, shortauthor={{O}o{S}}, title={Tides}, "
        "institution={Office}, year=2020}",
        "Office of the Seas. Tides. Technical Report, Office, 2020.",
        "OoS (2020)",
    ),
    "a range of years": (
        "@report{k, author={Doe, Jane}, title={Tides}, institution={Lab}, date={2018/2020}}",
        "Jane Doe. Tides. Technical Report, Lab, 2018–2020.",
        "Doe (2018–2020)",
    ),
    "a range of months": (
        "@report{k, author={Doe, Jane}, title={Tides}, institution={Lab}, date={2018-05/2018-07}}",
        "Jane Doe. Tides. Technical Report, Lab, May–July 2018.",
        "Doe (2018)",
    ),
    "a decade": (
        "@dataset{k, author={Doe, Jane}, title={Tides}, date={192x}}",
        "Jane Doe. Tides. 1920–1929.",
        "Doe (1920–1929)",
    ),
    "a day that is not known": (
        "@dataset{k, author={Doe, Jane}, title={Tides}, date={1923-05-XX}}",
        "Jane Doe. Tides. May 1923.",
        "Doe (1923)",
    ),
    "a year of five digits": (
        "@dataset{k, author={Doe, Jane}, title={Tides}, date={y-12000}}",
        "Jane Doe. Tides. 12001 BCE.",
        "Doe (12001 BCE)",
    ),
    "two years in LaTeX": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year={2018--2020}}",
        "Jane Doe. Tides. 2018–2020.",
        "Doe (2018–2020)",
    ),
    "a day in the field of the year": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year={2018-05-03}}",
        "Jane Doe. Tides. May 2018.",
        "Doe (2018)",
    ),
    "signs and elements of HTML": (
        "@article{k, author={M&uuml;ller, Jane}, title={<i>E. coli &amp; H<sub>2</sub>O</i> &lt; 5, "
        "{\\textless}i{\\textgreater}sea{\\textless}/i{\\textgreater} {\\&}amp$\\mathsemicolon$ "
        "$\\less$b$\\greater$ebb$\\less$/b$\\greater$}, journal={R&D; Sea}, year=2024}",
        "Jane Müller. E. coli & H2O < 5, sea & ebb. R&D; Sea, 2024.",
        "Müller (2024)",
    ),
    "people with the numbers of DBLP": (
        "@misc{k, author={Jane Doe 0001 and Ng 0012}, title={Tides}, year=2020}",
        "Jane Doe and Ng. Tides. 2020.",
        "Doe and Ng (2020)",
    ),
    "names in Chinese and Korean": (
        "@misc{k, author={王, 雷 and 김, 철수}, title={Tides}, year=2020}",
        "王雷 and 김철수. Tides. 2020.",
        "王雷 and 김철수 (2020)",
    ),
    "several addresses in one field": (
        "@misc{k, author={Doe, Jane}, title={Tides}, url={https://x.example/a https://y.example}, "
        "note={Slides.}, year=2020}",
        "Jane Doe. Tides. 2020. Slides. Also at https://y.example. https://x.example/a.",
        "Doe (2020)",
    ),
    "people with other tasks": (
        "@book{k, author={Doe, Jane}, title={Tides}, publisher={P}, year=2020, "
        "foreword={Ng, Ann and Li, Bo}, editora={Roe, Cy}, editoratype={compiler}}",
        "Jane Doe. Tides. P, 2020. Compiler: Cy Roe. Foreword by Ann Ng and Bo Li.",
        "Doe (2020)",
    ),
    "a new edition of an old book": (
        "@book{k, author={Doe, Jane}, title={Tides}, publisher={Press}, year=2018, "
        "origtitle={Gezeiten}, origpublisher={Verlag}, origdate={1923}}",
        "Jane Doe. Tides. Press, 2018. First published: Gezeiten, Verlag, 1923.",
        "Doe (2018)",
    ),
    "how it is published, and by whom": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year=2018, howpublished={Blog post}, "
        "organization={Lab}, publisher={Press}}",
        "Jane Doe. Tides. Blog post, 2018. Lab, Press.",
        "Doe (2018)",
    ),
    "titles of wholes": (
        "@book{k, author={Doe, Jane}, title={Tides}, publisher={Press}, year=2018, "
        "maintitle={Waters}, mainsubtitle={A Look}, maintitleaddon={Notes}, series={Seas}}",
        "Jane Doe. Tides. Seas. Press, 2018. Part of Waters: A Look. Notes.",
        "Doe (2018)",
    ),
    "a season": (
        "@collection{k, editor={Doe, Jane}, title={Tides}, publisher={Press}, date={2018-21}}",
        "Jane Doe, editor. Tides. Press, Spring 2018.",
        "Doe (2018)",
    ),
    "a year that is not certain": (
        "@dataset{k, author={Doe, Jane}, title={Tides}, date={1723~}}",
        "Jane Doe. Tides. c. 1723.",
        "Doe (c. 1723)",
    ),
    "a year before the common era": (
        "@misc{k, author={Doe, Jane}, title={Tides}, date={-0043}}",
        "Jane Doe. Tides. 44 BCE.",
        "Doe (44 BCE)",
    ),
    "capitals as they are written": (
        "@misc{k, author={Doe, Jane}, title={GPT-4 and the Hessian in TransformerLens}, year=2024}",
        "Jane Doe. GPT-4 and the Hessian in TransformerLens. 2024.",
        "Doe (2024)",
    ),
    "a formula": (
        r"@misc{k, author={Doe, Jane}, title={Tides in $O(n^2)$ steps}, year=2024}",
        r"Jane Doe. Tides in \(O(n^2)\) steps. 2024.",
        "Doe (2024)",
    ),
    "commands of LaTeX": (
        r"@misc{k, author={M{\"u}ller, Jane}, title={\emph{E. coli} at \textit{sea}}, year=2024}",
        "Jane Müller. E. coli at sea. 2024.",
        "Müller (2024)",
    ),
    "a title with braces for an author": (
        "@misc{k, title={{{Coli}Planner} {\\'E}tudes}}",
        "ColiPlanner Études.",
        "ColiPlanner Études (n.d.)",
    ),
    "and others": (
        "@misc{k, author={Doe, Jane and others}, title={Tides}, year=2024}",
        "Jane Doe et al. Tides. 2024.",
        "Doe et al. (2024)",
    ),
    "others behind two names": (
        "@misc{k, author={Doe, Jane and Roe, Ann and others}, title={Tides}, year=2024}",
        "Jane Doe, Ann Roe et al. Tides. 2024.",
        "Doe et al. (2024)",
    ),
    "a name with keys": (
        "@misc{k, author={family=Gloom, given=Gregory, prefix=van, useprefix=true and "
        "family=Doe, given={Jane}, suffix=Jr.}, title={Tides}, year=1999}",
        "Gregory van Gloom and Jane Doe, Jr. Tides. 1999.",
        "van Gloom and Doe (1999)",
    ),
    "a name with one key": (
        "@misc{k, author={family=Deep Sea Lab}, title={Tides}, year=1999}",
        "Deep Sea Lab. Tides. 1999.",
        "Deep Sea Lab (1999)",
    ),
    "data of another entry": (
        "@misc{k, author={Doe, Jane}, title={Tides}, xdata={x}}\n@xdata{x, year={1999}}",
        "Jane Doe. Tides. 1999.",
        "Doe (1999)",
    ),
    "a book that is referred to": (
        "@incollection{k, author={Doe, Jane}, title={Tides}, crossref={b}}\n"
        "@collection{b, editor={Roe, Ann}, title={Waters}, publisher={Press}, date={1999}}",
        "Jane Doe. Tides. In Ann Roe, editor, Waters. Press, 1999.",
        "Doe (1999)",
    ),
    "a part with a date of its own": (
        "@misc{b, title={Waters}, howpublished={Memo}, year=1996, month=mar}\n"
        "@misc{k, author={Doe, Jane}, title={Tides}, crossref={b}, date={2020}}",
        "Jane Doe. Tides. Memo, 2020.",
        "Doe (2020)",
    ),
    "a year with more than a year": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year={1998. -- 12~p.}}",
        "Jane Doe. Tides. 1998. – 12 p.",
        "Doe (1998. – 12 p.)",
    ),
    "entries that refer to each other": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year=1999, crossref={l}}\n"
        "@misc{l, title={Waters}, crossref={k}}",
        "Jane Doe. Tides. 1999.",
        "Doe (1999)",
    ),
}

#: A type without a journal, its fields, and what is shown.
PUBLISHED = {
    ("software", "version={1.2}, publisher={Lab}"): "Version 1.2, Lab, 2024.",
    ("dataset", "publisher={Lab}"): "Lab, 2024.",
    ("misc", "publisher={Lab}, howpublished={Memo}"): "Memo, 2024. Lab.",
    ("online", "publisher={Lab}, organization={Org}"): "Org, Lab, 2024.",
    ("online", "howpublished={Memo}, organization={Org}"): "Org, Memo, 2024.",
    ("standard", "organization={Org}, number={Org 7}"): "Org, Org 7, 2024.",
    ("patent", "number={7/12}"): "7/12, 2024.",
    ("jurisdiction", "institution={Court}, number={7}"): "Court, 7, 2024.",
    ("periodical", "journal={Waters}, volume=3, number=4"): ("Waters, volume 3, number 4, 2024."),
    ("misc", "organization={Org}, number={7}"): "Org, 2024.",
    ("misc", "journal={Preprints}, publisher={Lab}"): "Preprints, Lab, 2024.",
    ("misc", "url={https://x.example/}, urldate={2024-05-03}"): (
        "2024. https://x.example/ (visited on 2024-05-03)."
    ),
}
#: Fields of an article, and what is between its journal and its year.
VOLUMES = {
    "volume={7}, number={2}, pages={3--9}": "7(2):3–9",
    "volume={7}, number={2}": "7(2)",
    "volume={7}, pages={}": "7",
    "volume={7}, eid={e12}": "7:e12",
    "volume={}, number={2}, pages={3}": "number 2, pages 3",
    "number={2}, eid={e12}": "number 2, e12",
    "pages={3--9}": "pages 3–9",
    "eid={e12}": "e12",
    "volume={7}, articleno={12}, numpages={30}": "7:12",
    "pages={pp. 3--9}": "pages 3–9",
}
#: Fields of a type that are empty, and what is shown all the same.
EMPTY = {
    "book": (
        "edition={}, isbn={ }, series={{}}, number={}, publisher={Press}",
        "Tides. Press, 2024.",
    ),
    "misc": ("howpublished={}, note={{}}, url={}, doi={}, eprint={}", "Tides. 2024."),
    "inproceedings": ("booktitle={}, pages={}, publisher={Press}", "Tides. Press, 2024."),
    "incollection": ("booktitle={}, chapter={}", "Tides. 2024."),
    "thesis": ("type={}, school={Lab}", "Tides. PhD thesis, Lab, 2024."),
}

#: A type of works, its field ``type``, and what is shown.
KINDS = {
    ("mastersthesis", "Bachelor's thesis"): "Bachelor's thesis",
    ("mastersthesis", "Diplomarbeit"): "Diplomarbeit",
    ("mastersthesis", "mathesis"): "Master's thesis",
    ("phdthesis", "Habilitation"): "Habilitation",
    ("thesis", "phdthesis"): "PhD thesis",
    ("thesis", "mathesis"): "Master's thesis",
    ("thesis", "bathesis"): "Bachelor’s thesis",
    ("thesis", "candthesis"): "Candidate thesis",
    ("thesis", "Master's essay"): "Master's essay",
    ("report", "techreport"): "Technical Report",
    ("report", "resreport"): "Research report",
    ("report", "White paper"): "White paper",
}

#: A field with an address, and the link that it becomes.
ADDRESSES = {
    "doi={10.1000/abc}": "https://doi.org/10.1000/abc",
    "doi={https://doi.org/10.1000/abc}": "https://doi.org/10.1000/abc",
    "doi={http://dx.doi.org/10.1000/abc}": "https://doi.org/10.1000/abc",
    "doi={doi: 10.1000/abc}": "https://doi.org/10.1000/abc",
    "doi={https://www.doi.org/10.1000/abc}": "https://doi.org/10.1000/abc",
    "doi={doi.org/10.1000/abc}": "https://doi.org/10.1000/abc",
    "doi={info:doi/10.1000/abc}": "https://doi.org/10.1000/abc",
    "url={<http://x.example/a>}": "http://x.example/a",
    "url={http://x.example/?a=1&amp;b=2&copy=3}": "http://x.example/?a=1&b=2&copy=3",
    r"doi={10.1000/a{\_}b}": "https://doi.org/10.1000/a_b",
    r"doi={10.1000/a\_b}": "https://doi.org/10.1000/a_b",
    r"doi={{10.1000/a_b}}": "https://doi.org/10.1000/a_b",
    r"url={http://x.example/1{\_}2\%20a\#b}": "http://x.example/1_2%20a#b",
    r"url={\url{http://x.example/a_b}}": "http://x.example/a_b",
    r"url={http://x.example/{\textasciitilde}a/\~{}b}": "http://x.example/~a/~b",
    r"url={http://x.example/$\sim$a}": "http://x.example/~a",
    "eprint={2101.00001}": "https://arxiv.org/abs/2101.00001",
    "eprint={arXiv:2101.00001}": "https://arxiv.org/abs/2101.00001",
    "eprint={arXiv:2101.00001 [cs.LG]}": "https://arxiv.org/abs/2101.00001",
    "eprint={https://arxiv.org/abs/2101.00001}": "https://arxiv.org/abs/2101.00001",
    "eprint={https://x.example/a.pdf}": "https://x.example/a.pdf",
    r"howpublished={\url{https://x.example/a_b}}": "https://x.example/a_b",
    "howpublished={https://x.example/a_b}": "https://x.example/a_b",
}

#: LaTeX in a title, and what is shown.
LATEX = {
    r"The \emph{{\'E}cole} of \textbf{tides}": "The École of tides",
    r"\mkbibquote{{\'E}cole} and \enquote{tides}": "“École” and “tides”",
    r"Of {\em tides} and {\it waves}": "Of tides and waves",
    r"\LaTeX{} and \TeX\ and {\TeX}": "LaTeX and TeX and TeX",
    r"\textsuperscript{14}C in 5\,m": "14C in 5 m",
    r"It\textquoteright s {\textquotedblleft}calm{\textquotedblright}": "It’s “calm”",
    r"\MakeUppercase{t}ides": "tides",
    r"\href{https://x.example/}{The tides} of $a$ sea": r"The tides of \(a\) sea",
    r"50% and 50\% of \{tides\}": "50% and 50% of {tides}",
    r"Of $\{0, 1\}$ and $\{a$ or $b\}$": r"Of \(\{0, 1\}\) and \(\lbrace a\) or \(b\rbrace\)",
    r"Of $\{$Semi-{Lunar}$\}$ tides": "Of Semi-Lunar tides",
    r"Of $M_\odot$ tides": r"Of \(M_\odot\) tides",
    r"Of $\sqrt2 \pi$ \& more": r"Of \(\sqrt2 \pi\) & more",
    r"Of $\Omega (n^k) $ \& $ x_1$": r"Of \(\Omega (n^k)\) & \(x_1\)",
    r"Of $x_{ab}$ and $\mathrm{H}_{2}$": r"Of \(x_{ab}\) and \(\mathrm{H}_{2}\)",
    r"Tides for \$5 and \$6": "Tides for $5 and $6",
    r"Tides for $5 and \$6": "Tides for $5 and $6",
    r"5\,\textmu m \textgreater{} 4\texteuro\ \textbar{} \textonehalf": "5 \xb5m > 4€ | ½",
    r"\ensuremath{\gamma}-rays \textrightarrow{} \textalpha{}\dots": "\u03b3-rays → \u03b1…",
    r"\textquotedbl{}Tides\textquotedbl{} of \(x^2\) and $$y_1$$": r'"Tides" of \(x^2\) and \(y_1\)',
    r"\foreignlanguage{german}{Das} \enquote*{Meer}, \SI{5}{\meter}": "Das “Meer”, 5 meter",
    r"\textbackslash{}tides \glqq tides\grqq": "\N{SET MINUS}tides „tides“",
    r"Of {\{}Semi-Lunar{\}} and \{Spring\} tides in \{0, 1\}": (
        "Of Semi-Lunar and Spring tides in {0, 1}"
    ),
    r"\${\textbackslash}gamma\_\{1\}\$ and \$\$\textbackslash gamma \$\$": "\\(\\gamma_{1}\\) and \u03b3",
    r"\($\gamma_1$\) tides at 10$\,$m": "\\(\\gamma_1\\) tides at 10 m",
    r"`Tides' \&amp;ndash; and `Ann's tides,' rock 'n' roll": "‘Tides’ – and ‘Ann's tides,’ rock 'n' roll",
    r"<tex>$\gamma$</tex> of <ce:title>tides</ce:title> {\textless}span class=x{\textgreater}at{\textless}/span{\textgreater} <sea>": "\u03b3 of tides at <sea>",
    r"\texorpdfstring{$\mathrm{H}_2$}{H2} in\\tides\hspace{2pt} of \flqq the sea\frqq": "H2 in tides of «the sea»",
}
#: A name in LaTeX, and how it is cited.
NAMES = {
    r"d{\textquotesingle}Ebb-Tid{\'e}, Ann": "d'Ebb-Tidé",
    r"{\relax Ann} {\'E}bb": "Ébb",
    r"{Sea {\textendash} \emph{Tides} \& Co}": "Sea – Tides & Co",
    r"{\.{I}}lk, Ann": "İlk",
    r"Nguy{\~{\^e}}n, Tr\`{\^{a}}n": "Nguyễn",
    r"Tr\`{\^{a}}n, An": "Trần",
}


def _build(works: str, folder: Path, style: str = "marginalia", builder: str = "html") -> Built:
    text = "# T\n\n{cite:t}`k`\n\n```{bibliography}\n```\n"
    return build(
        {"works.bib": works, "index.md": text},
        folder,
        builder,
        extensions=EXTENSIONS,
        bibtex_bibfiles=["works.bib"],
        bibtex_default_style=style,
        bibtex_reference_style="marginalia" if style == "marginalia" else "label",
        works_cited_by=False,
    )


def _texts(built: Built, selector: str) -> list[str]:
    page = BeautifulSoup(built.page(), "html.parser")
    return [" ".join(one.get_text(" ").split()) for one in page.select(f"[role=main] {selector}")]


def _entry(built: Built) -> str:
    (text,) = _texts(built, ".citation > p")
    return text.replace(" .", ".").replace(" ,", ",")


@pytest.mark.parametrize(("works", "entry", "citation"), ENTRIES.values(), ids=ENTRIES)
def test_an_entry_is_shown_and_cited(works: str, entry: str, citation: str, tmp_path: Path) -> None:
    built = _build(works, tmp_path)
    assert built.warnings == ""
    assert _entry(built) == entry
    assert _texts(built, ".bibtex-citation")[0].replace("( ", "(").replace(" )", ")") == citation
    if "braces" in works:
        assert _texts(built, ".label") == [f"[ {citation.replace('(', '').replace(')', '')} ]"]


@pytest.mark.parametrize(("kind", "fields"), PUBLISHED)
def test_a_work_says_where_it_is_published(kind: str, fields: str, tmp_path: Path) -> None:
    works = f"@{kind}{{k, author={{Doe, Jane}}, title={{Tides}}, year=2024, {fields}}}"
    assert _entry(_build(works, tmp_path)) == f"Jane Doe. Tides. {PUBLISHED[kind, fields]}"


@pytest.mark.parametrize("kind", ["misc", "online", "dataset", "periodical"])
def test_a_work_without_an_author_has_its_editor(kind: str, tmp_path: Path) -> None:
    works = f"@{kind}{{k, editor={{Doe, Jane}}, title={{Tides}}, year=2024}}"
    built = _build(works, tmp_path)
    assert _entry(built) == "Jane Doe, editor. Tides. 2024."


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("book", "editor={Roe, Ann Bo and Poe, Cy}", ". Edited by Ann Bo Roe and Cy Poe."),
        ("book", "editor={van der Roe, Ann}, note={Third.}", ". Third. Edited by Ann van der Roe."),
        (
            "misc",
            "translator={Ann Roe and Cy Poe and {Ink Ltd}}",
            "by Ann Roe, Cy Poe, and Ink Ltd.",
        ),
        ("misc", "editor={Roe, Ann and others}, editortype={director}", "Director: Ann Roe et al."),
        (
            "manual",
            r"editor={Roe, {\'E}va}, translator={Poe, Cy}",
            "Éva Roe. Translated by Cy Poe.",
        ),
        (
            "inproceedings",
            "booktitle={Seas}, editor={Roe, Ann}",
            "In Ann Roe, editor, Seas. P, 2024.",
        ),
    ],
)
def test_editors_and_translators_are_named_beside_authors(
    kind: str, fields: str, shown: str, tmp_path: Path
) -> None:
    works = (
        f"@{kind}{{k, author={{Doe, Jane}}, title={{Tides}}, publisher={{P}}, year=2024, {fields}}}"
    )
    entry = _entry(_build(works, tmp_path))
    assert entry.endswith(shown)
    assert entry.count("Roe") <= 1


@pytest.mark.parametrize(
    ("fields", "shown"),
    {
        "addendum={With a map.}, pubstate={inpress}": ". In press. With a map.",
        "issuetitle={On Ebbs}, journaltitle={Waters}, note={A}": "Waters, 2024. A. In the issue On Ebbs.",
        "maintitle={Seas}, volume=2, series={Waters}": ". Part of Seas.",
    }.items(),
)
def test_what_templates_leave_out_is_in_the_note(fields: str, shown: str, tmp_path: Path) -> None:
    kind = "article" if "journal" in fields else "manual"
    works = f"@{kind}{{k, author={{Doe, Jane}}, title={{Tides}}, year=2024, {fields}}}"
    entry = _entry(_build(works, tmp_path))
    assert entry.startswith("Jane Doe. Tides.")
    assert entry.endswith(shown)


def test_a_set_of_data_is_no_work(tmp_path: Path) -> None:
    works = "@xdata{d, publisher={P}}@book{k, author={A}, title={B}, xdata={d}, year=2024}"
    files = {
        "index.md": "# T\n\n{cite:p}`k`\n\n```{bibliography}\n:all:\n```\n",
        "works.bib": works,
    }
    built = build(files, tmp_path, extensions=EXTENSIONS, bibtex_bibfiles=["works.bib"])
    assert len(_texts(built, ".citation")) == 1
    assert built.warnings == ""


def test_values_in_two_pairs_of_braces_are_read(tmp_path: Path) -> None:
    fields = "journal={{Waters}}, volume={{3}}, number={{2}}, pages={{4-9}}, month={{MAY}}"
    built = _build(
        f"@article{{k, author={{{{Doe, Jane}}}}, title={{{{Tides}}}}, {fields}, year={{{{2024}}}}}}",
        tmp_path,
    )
    assert _entry(built) == "Doe, Jane. Tides. Waters, 3(2):4–9, May 2024."
    assert "{" not in _texts(built, "details.marginalia-works li")[0]


def test_comments_of_biber_are_no_mistakes(tmp_path: Path) -> None:
    works = """% 100 % of it {
@misc{k, author={Doe, Jane}, % who {
  % the name
  title="Tides % up {% and} down", note = {All, % of
  it \\}, % and
%  },
}
% @misc{k, title={Ebbs}}
%@misc{l,
%  title={Ebbs},
%}
@Comment not {now"""
    built = _build(works, tmp_path)
    assert built.warnings == ""
    assert _entry(built) == "Jane Doe. Tides % up % and down. All, % of it."


LISTED = {
    "title={Why tides?}, year=2024": "Doe 2024. Why tides? 2024.",
    "title={Tides etc.}, howpublished={Memo}": "Doe n.d. Tides etc. Memo.",
    "title={Tides}, journal={$4^{th}$ Sea}, year=2024": r"Doe 2024. Tides. \(4^{th}\) Sea, 2024.",
    "howpublished={Memo, vol.}, note={Tides}": "Doe n.d. k. Memo, vol.",
}


@pytest.mark.parametrize("fields", LISTED)
def test_no_sentence_of_a_listed_work_ends_twice(fields: str, tmp_path: Path) -> None:
    built = _build(f"@misc{{k, author={{Doe, Jane}}, {fields}}}", tmp_path)
    (listed,) = _texts(built, "details.marginalia-works li")
    assert listed.replace(" .", ".") == LISTED[fields]


@pytest.mark.parametrize("fields", VOLUMES)
def test_an_article_has_what_is_there_of_its_place(fields: str, tmp_path: Path) -> None:
    works = f"@article{{k, author={{Doe, Jane}}, title={{Tides}}, journal={{Waters}}, {fields}, year=2024}}"
    assert _entry(_build(works, tmp_path)) == f"Jane Doe. Tides. Waters, {VOLUMES[fields]}, 2024."


@pytest.mark.parametrize(("kind", "of_type"), KINDS)
def test_a_thesis_or_report_is_of_the_kind_its_entry_says(
    kind: str, of_type: str, tmp_path: Path
) -> None:
    fields = f"title={{Tides}}, type={{{of_type}}}, institution={{Lab}}, year=2024"
    built = _build(f"@{kind}{{k, author={{Doe, Jane}}, {fields}}}", tmp_path)
    assert built.warnings == ""
    assert _entry(built) == f"Jane Doe. Tides. {KINDS[kind, of_type]}, Lab, 2024."


@pytest.mark.parametrize(
    ("edition", "shown"),
    {
        "2": "2nd", "2nd edition": "2nd", "Second": "second", "3. ed.": "3.", "11": "11th",
        "21": "21st", "Revised Edition": "revised",
    }.items(),
)  # fmt: skip
def test_an_edition_is_named_once(edition: str, shown: str, tmp_path: Path) -> None:
    fields = f"title={{Tides}}, publisher={{Press}}, edition={{{edition}}}, year=2024"
    built = _build(f"@book{{k, author={{Doe, Jane}}, {fields}}}", tmp_path)
    assert _entry(built) == f"Jane Doe. Tides. Press, {shown} edition, 2024."


@pytest.mark.parametrize(
    ("month", "shown"),
    {
        "9": "September", "{09}": "September", "{sep}": "September", "sep": "September",
        "{Sept.}": "September", "{May}": "May", "{13}": "13", "{Spring}": "Spring",
        'sep # "~3"': "September\xa03",
    }.items(),
)  # fmt: skip
def test_a_month_is_named(month: str, shown: str, tmp_path: Path) -> None:
    works = f"@misc{{k, author={{Doe, Jane}}, title={{Tides}}, month={month}, year=2024}}"
    assert _entry(_build(works, tmp_path)) == " ".join(f"Jane Doe. Tides. {shown} 2024.".split())


@pytest.mark.parametrize("field", ADDRESSES)
def test_an_address_is_a_link(field: str, tmp_path: Path) -> None:
    works = f"@misc{{k, author={{Doe, Jane}}, title={{Tides}}, year=2024, {field}}}"
    page = BeautifulSoup(_build(works, tmp_path).page(), "html.parser")
    (link,) = page.select(".citation > p a")
    assert link["href"] == ADDRESSES[field]
    assert link.text.removeprefix("doi:").removeprefix("arXiv:") in ADDRESSES[field]


ODD = {
    "doi={10.1002/(SICI)1097<1::AID-X>3.0;2-4}": "https://doi.org/10.1002/(SICI)1097%3C1::AID-X%3E3.0;2-4",
    "url={https://x.example/a b^c|d?q=50%&r=%20#s}": "https://x.example/a%20b%5Ec%7Cd?q=50%25&r=%20#s",
}


@pytest.mark.parametrize("builder", ["html", "latex"])
@pytest.mark.parametrize("field", ODD)
def test_an_address_with_odd_characters_is_encoded(
    field: str, builder: str, tmp_path: Path
) -> None:
    text = "# T\n\n```{bibliography}\n:all:\n```\n"
    works = f"@misc{{k, author={{Doe, Jane}}, title={{Tides}}, {field}}}"
    built = build(
        {"index.md": text, "w.bib": works},
        tmp_path, builder, extensions=EXTENSIONS, bibtex_bibfiles=["w.bib"],
        bibtex_default_style="marginalia",
    )  # fmt: skip
    page = built.page() if builder == "html" else built.read("test.tex")
    assert ODD[field] in page.replace("&amp;", "&").replace("\\", "")


@pytest.mark.parametrize("title", LATEX)
def test_latex_in_a_title_is_shown_as_words(title: str, tmp_path: Path) -> None:
    built = _build(f"@misc{{k, author={{Doe, Jane}}, title={{{title}}}, year=2024}}", tmp_path)
    assert _entry(built) == f"Jane Doe. {LATEX[title]}. 2024."
    (listed,) = _texts(built, "details.marginalia-works li")
    assert listed.replace(" .", ".") == f"Doe 2024. {LATEX[title]}. 2024."


def test_a_letter_that_is_a_formula_is_one_in_a_pdf(tmp_path: Path) -> None:
    works = r"@misc{k, author={Doe, Jane}, title={$\alpha$-Tides \& {$\ell$}}, year=2024}"
    assert r"\(\alpha\)\sphinxhyphen{}Tides \& \(\ell\)" in _build(
        works, tmp_path, builder="latex"
    ).read("test.tex")


@pytest.mark.parametrize("name", NAMES)
def test_latex_in_a_name_is_shown_as_words(name: str, tmp_path: Path) -> None:
    built = _build(f"@misc{{k, author={{{name}}}, title={{Tides}}, year=2024}}", tmp_path)
    assert "\\" not in _entry(built)
    assert _texts(built, ".bibtex-citation")[0] == f"{NAMES[name]} ( 2024 )"


def test_a_link_has_its_words_and_a_journal_its_name(tmp_path: Path) -> None:
    works = (
        r"@misc{k, title={Tides}, howpublished={\href{https://x.example/}{The sea}}, year=2024}"
        r"@article{l, author={Doe, Jane}, title={Waters}, journal={\aap}, volume=3, year=2024}"
    )
    text = "# T\n\n```{bibliography}\n:all:\n```\n"
    config = {"bibtex_bibfiles": ["works.bib"], "bibtex_default_style": "marginalia"}
    files = {"works.bib": works, "index.md": text}
    built = build(files, tmp_path, extensions=EXTENSIONS, **config)
    assert _texts(built, ".citation > p") == [
        "Jane Doe. Waters. Astronomy and Astrophysics , 3, 2024.",
        "Tides. The sea, 2024. https://x.example/ .",
    ]


@pytest.mark.parametrize("kind", EMPTY)
def test_an_empty_field_is_as_none(kind: str, tmp_path: Path) -> None:
    fields, shown = EMPTY[kind]
    works = f"@{kind}{{k, author={{Doe, Jane}}, title={{Tides}}, year=2024, {fields}}}"
    assert _entry(_build(works, tmp_path)) == f"Jane Doe. {shown}"


#: A file, the line of the warning, its words, and what is shown of the entry all the same.
WRONG = {
    "an unknown type": (
        "@weird{k, author={Doe, Jane}, title={Tides}, year=2024}",
        1,
        "@weird is no type of BibTeX or BibLaTeX",
        "Jane Doe. Tides. 2024.",
    ),
    "a misspelt type": (
        "@artcle{k, author={Doe, Jane}, title={Tides}, journal={Waters}, year=2024}",
        1,
        "did you mean 'article'?",
        "Jane Doe. Tides. Waters, 2024.",
    ),
    "missing fields": (
        "\n@article{k, author={Doe, Jane}, title={Tides}}",
        2,
        "@article 'k' has no journal and no year; its place is left out",
        "Jane Doe. Tides.",
    ),
    "no author": (
        "@article{k, title={Tides}, journal={Waters}, volume=3, year=2024}",
        1,
        "@article 'k' has no author",
        "Tides. Waters, volume 3, 2024.",
    ),
    "no author, editor or title": (
        "@misc{k, howpublished={Tides on a tin}, year=2024}",
        1,
        "@misc 'k' has no author, editor or title; its key is shown",
        "k. Tides on a tin, 2024.",
    ),
    "a set": (
        "@set{k, entryset={l, m}, note={Tides}}",
        1,
        "@set 'k' has no author, editor or title",
        "k. Tides.",
    ),
    "an author without braces": (
        "@article{k, note={Tides}, author=Jane Doe}",
        1,
        "Jane is in no braces: write {Jane}",
        "Jane. Tides.",
    ),
    "a repeated key": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year=2024}\n@misc{k, title={Waters}}",
        2,
        "there are two entries 'k'; the first is used",
        "Jane Doe. Tides. 2024.",
    ),
    "an entry before this one that is not closed": (
        "@misc{l, title={Waters, year=1999\n\n"
        "@misc{k, author={Doe, Jane}, title={Tides}, year=2024}",
        1,
        "the entry that begins here is not closed",
        "Jane Doe. Tides. 2024.",
    ),
    "an entry before this one that lacks a comma": (
        "@misc{l, title={Waters}\n  year=1999}\n"
        "@misc{k, author={Doe, Jane}, title={Tides}, year=2024}",
        2,
        "syntax error: '}' expected; the rest of the entry is left out: check its key, the commas",
        "Jane Doe. Tides. 2024.",
    ),
    "a field that is there twice": (
        "\n\n@misc{k, author={Doe, Jane}, year=2024,\n title={Tides}, title={Waters}}",
        3,
        "has a duplicate title field; the first is used",
        "Jane Doe. Tides. 2024.",
    ),
    "a date in another order": (
        "\n@misc{k, author={Doe, Jane}, title={Tides}, date={3.5.2024}}",
        2,
        "'3.5.2024' is no date; write date = {2024-03-18}, or the year",
        "Jane Doe. Tides. 3.5.2024.",
    ),
    "a crossref to an entry that is not there": (
        "\n@misc{k, author={Doe, Jane}, title={Tides}, year=2024, crossref={watres}}\n"
        "@proceedings{waters, title={Waters}, year=2024}",
        2,
        "there is no entry 'watres' for the crossref of 'k'; did you mean 'waters'?",
        "Jane Doe. Tides. 2024.",
    ),
    "one of two sets of data that is not there": (
        "\n@misc{k, author={Doe, Jane}, title={Tides}, xdata={y, quay}}\n@xdata{y, year=2024}",
        2,
        "there is no entry 'quay' for the xdata of 'k'; add it, or delete the field",
        "Jane Doe. Tides. 2024.",
    ),
    "a name with too many commas": (
        "\n@misc{k, author={Doe, Jr, Jane, A.}, title={Tides}, year=2024}",
        2,
        "Too many commas in 'Doe, Jr, Jane, A.'; write Family, Given",
        "Jane A. Doe, Jr. Tides. 2024.",
    ),
    "a word without braces": (
        "\n@article{k, author={Doe, Jane}, title={Tides},\n journal=Waters, year=2024}",
        3,
        "Waters is in no braces: write {Waters}, or define it with @string",
        "Jane Doe. Tides. Waters, 2024.",
    ),
    "a third entry of one key": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year=2024}\n@misc{k,}\n@misc{k,}",
        3,
        "there are two entries 'k'",
        "Jane Doe. Tides. 2024.",
    ),
    "a key with a blank": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year=2024}\n\n@misc{k l, title={Waters}}",
        3,
        "there are two entries 'k'",
        "Jane Doe. Tides. 2024.",
    ),
    "an entry of a key alone": (
        "@misc{k, author={Doe, Jane, A., B.}, title={Tides}, year=2024}\n\n@misc{k}",
        3,
        "there are two entries 'k'",
        "A. B. Doe, Jane. Tides. 2024.",
    ),
    "an entry behind the end of another": (
        "@misc{k, author={Doe, Jane},\n title={Tides}, year=2024\n}@misc{k, title={Waters}}",
        3,
        "there are two entries 'k'",
        "Jane Doe. Tides. 2024.",
    ),
    "an entry without a key": (
        "@misc{k, author={Doe, Jane}, title={Tides}, year=2024}\n@misc{, title={Waters}}",
        2,
        "entry key expected",
        "Jane Doe. Tides. 2024.",
    ),
}


SEPARATED = {
    "semicolons": ("Doe, Jane; Roe, Max", "';'"),
    "an ampersand": ("Doe, Jane & Roe, Max", "'&'"),
    "commas and a word": ("Jane Doe, Max Roe, and Ann Poe", "', and'"),
    "a comma at the end": ("Doe, Jane and Roe, Max,", "','"),
    "a word at the start": ("and Doe, Jane", "'and'"),
    "a word at the end": ("Doe, Jane and", "'and'"),
    "a word twice": ("Doe, Jane and and Roe, Max", "'and and'"),
    "others in Latin": ("Doe, Jane et al.", "'et al'"),
}


@pytest.mark.parametrize(("names", "sign"), SEPARATED.values(), ids=SEPARATED)
def test_names_that_bibtex_reads_as_one_are_reported(names: str, sign: str, tmp_path: Path) -> None:
    built = _build(f"\n@misc{{k, editor={{{names}}}, title={{Tides}}}}", tmp_path)
    assert f"works.bib:2: WARNING: {sign} is read as part of a name in editor; write" in (
        built.warnings
    )


@pytest.mark.parametrize(
    "name", ["{Hall & Sons; et al., and}", "And, Metin", "Metin And", "Ann Al"]
)
def test_a_name_that_looks_like_several_is_one(name: str, tmp_path: Path) -> None:
    built = _build(f"@misc{{k, author={{{name} and Roe, Max}}, title={{Tides}}}}", tmp_path)
    assert built.warnings == ""


@pytest.mark.parametrize(("works", "line", "words", "entry"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_reported_and_the_entry_shown(
    works: str, line: int, words: str, entry: str, tmp_path: Path
) -> None:
    built = _build(works, tmp_path)
    assert f"works.bib:{line}: WARNING: " in built.warnings
    assert words in built.warnings
    assert _entry(built) == entry
    assert _texts(built, ".bibtex-citation")


def test_a_file_in_another_encoding_is_read(tmp_path: Path) -> None:
    works = "\n@misc{k, author={Müller, Jane}, title={Tides}, year=2024}"
    files = {"index.md": "# T\n\n```{bibliography}\n:all:\n```\n"}
    (tmp_path / "works.bib").write_bytes(works.encode("latin-1"))
    names = [str(tmp_path / "works.bib")]
    config = {"extensions": EXTENSIONS, "bibtex_default_style": "marginalia"}
    built = build(files, tmp_path / "book", bibtex_bibfiles=names, **config)
    assert "works.bib:2: WARNING: this line is not in utf-8" in built.warnings
    assert "save it as UTF-8, or set bibtex_encoding" in built.warnings
    assert _entry(built) == "Jane Müller. Tides. 2024."
    again = build(files, tmp_path / "a", bibtex_bibfiles=names, **config, bibtex_encoding="latin-1")
    assert again.warnings == ""


def test_an_unknown_encoding_is_reported(tmp_path: Path) -> None:
    files = {"index.md": "# T\n", "works.bib": ENTRIES["a thesis"][0]}
    config = {"extensions": EXTENSIONS, "bibtex_encoding": "utf-88"}
    built = build(files, tmp_path, bibtex_bibfiles=["works.bib"], **config)
    assert (
        "works.bib:1: WARNING: the file cannot be read (unknown encoding: utf-88" in built.warnings
    )


def test_one_name_for_a_list_of_files_is_read(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\n```{bibliography}\n:all:\n```\n", "w.bib": ENTRIES["a thesis"][0]}
    built = build(files, tmp_path, extensions=EXTENSIONS, bibtex_bibfiles="w.bib")
    (line,) = built.warnings.splitlines()
    assert 'write bibtex_bibfiles = ["w.bib"]' in line
    assert "PhD thesis" in built.page()


def test_a_file_that_is_listed_twice_is_read_once(tmp_path: Path) -> None:
    files = {"index.md": "# T\n\n```{bibliography}\n:all:\n```\n", "w.bib": ENTRIES["a thesis"][0]}
    bibfiles = ["w.bib", "./w.bib", None]
    built = build(files, tmp_path, extensions=EXTENSIONS, bibtex_bibfiles=bibfiles)
    assert built.warnings == ""
    assert "PhD thesis" in built.page()


@pytest.mark.parametrize("kind", ["default", "tooltips", "reference", "foot_reference"])
def test_a_style_that_is_not_installed_ends_no_build(kind: str, tmp_path: Path) -> None:
    text = (
        "# T\n\n{cite:p}`k` {footcite}`k`\n\n```{bibliography}\n```\n\n```{footbibliography}\n```\n"
    )
    files = {"index.md": text, "w.bib": ENTRIES["a thesis"][0]}
    config = {"bibtex_bibfiles": ["w.bib"], f"bibtex_{kind}_style": "marginala"}
    built = build(files, tmp_path, extensions=EXTENSIONS, **config)
    (line,) = built.warnings.splitlines()
    assert (
        f"bibtex_{kind}_style = 'marginala' in conf.py: no style of that name is installed" in line
    )
    assert "did you mean 'marginalia'?" in line
    assert "PhD thesis" in built.page()


def test_a_bibliography_in_a_style_that_is_not_installed_is_in_the_usual_one(
    tmp_path: Path,
) -> None:
    text = "# T\n\n```{bibliography}\n:all:\n:style: plian\n```\n"
    files = {"index.md": text, "w.bib": ENTRIES["a thesis"][0]}
    for fresh in (True, False):
        built = build(
            files, tmp_path, fresh=fresh, extensions=EXTENSIONS, bibtex_bibfiles=["w.bib"]
        )
        assert "index.md:3: WARNING: :style: plian: no style of that name" in built.warnings
        assert "did you mean 'plain'?; 'alpha' is used" in built.warnings
        assert "PhD thesis" in built.page()


def test_others_are_as_they_were_in_the_styles_of_others(tmp_path: Path) -> None:
    works = "@misc{k, author={Doe, Jane and Roe, Ann and others}, title={Tides}, year=2024}"
    page = _build(works, tmp_path, "alpha", "text").page()
    assert "[DR+24] Jane Doe, Ann Roe, and others. Tides. 2024." in " ".join(page.split())


@pytest.mark.slow
@pytest.mark.parametrize("style", ["alpha", "plain", "unsrt", "unsrtalpha"])
def test_every_entry_is_shown_in_the_styles_of_others(style: str, tmp_path: Path) -> None:
    works = [works for works, _, _ in ENTRIES.values()] + [works for works, *_ in WRONG.values()]
    for number, text in enumerate(works):
        built = _build(text, tmp_path / str(number), style, "text")
        words = built.page().lower()
        assert "missing" not in words
        assert any(word in words for word in ("tides", "coli", "hessian"))


def test_a_file_that_is_not_there_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    built = build(
        {"index.md": "# T\n\n```{bibliography}\n:all:\n```\n", "works.bib": ENTRIES["a thesis"][0]},
        tmp_path,
        extensions=EXTENSIONS,
        bibtex_bibfiles=["works.bib", "none.bib"],
    )
    assert "none.bib:1: WARNING: the file cannot be read (there is no such file)" in built.warnings
    assert "PhD thesis" in built.page()
