"""The bibliography is complete, well formed and cited.

Each test collects every fault it finds, so that one failing run shows all there is to mend.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pybtex.database import parse_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pybtex.database import Entry

ROOT = Path(__file__).resolve().parent.parent
REFERENCES = ROOT / "references.bib"
DOCS = ROOT / "docs"

#: The fields an entry of each type must have; one of the names between bars is enough.
REQUIRED_FIELDS: dict[str, tuple[str, ...]] = {
    "article": ("author", "title", "journal", "year"),
    "inproceedings": ("author", "title", "booktitle", "year"),
    "misc": ("author", "title", "year", "howpublished|eprint|url"),
    "online": ("author", "title", "url", "year", "organization"),
    "techreport": ("author", "title", "institution", "year"),
}

KEY = re.compile(r"[a-z]+\d{4}[a-z0-9]+")
DOI = re.compile(r"10\.\d{4,9}/\S+")
ARXIV_DOI = "10.48550/arxiv."
ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}")
ARXIV_URL = re.compile(r"https://arxiv\.org/(?:abs|pdf)/(?P<id>.+)")
PAGES = re.compile(r"\w+(--\w+)?")

CITATION = re.compile(r"(?:\{(?:foot)?cite(?::\w+)?\}|:(?:foot)?cite(?::\w+)?:)`([^`]+)`")
BRACED = re.compile(r"\{[^{}]*\}")
# A role's text in double backquotes is no code: it may cite.
LITERAL = re.compile(r"(?<![`}])(``+)(?!`).+?(?<!`)\1(?!`)")
FENCE = re.compile(r"\s*(?P<mark>`{3,}(?=[^`]*$)|~{3,}|:{3,})(?P<info>.*)")
DIRECTIVE = re.compile(r"\s*\{(?P<name>[\w:-]+)\}")

#: Directives whose body is shown as it stands; the body of any other is text of the page.
VERBATIM_DIRECTIVES = {"code", "code-block", "code-cell", "parsed-literal", "sourcecode"}


@pytest.fixture(scope="module")
def entries() -> Mapping[str, Entry]:
    """Read the bibliography into a plain dict: pybtex's own overlooks the case of a key."""
    return dict(parse_file(REFERENCES, bib_format="bibtex", encoding="utf-8").entries.items())


@pytest.fixture(scope="module")
def citing_pages() -> Mapping[str, list[str]]:
    """Map each cited key to the pages that cite it."""
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(DOCS.rglob("*.md")):
        for key in cited_keys(path.read_text(encoding="utf-8")):
            pages[key].append(path.relative_to(ROOT).as_posix())
    return pages


def assert_none(faults: Iterable[str]) -> None:
    """Fail with one line a fault, and without a traceback, which would hide them."""
    if message := "\n".join(faults):
        pytest.fail(message, pytrace=False)


def field(entry: Entry, name: str) -> str:
    """Return a field's text, or nothing; authors are kept apart from the other fields."""
    if name in entry.persons:
        return " and ".join(map(str, entry.persons[name]))
    return str(entry.fields.get(name, "")).strip()


def missing_fields(entry: Entry) -> Iterator[str]:
    """Yield the required fields of the entry's type that it lacks."""
    for names in REQUIRED_FIELDS.get(entry.type, ()):
        if not any(field(entry, name) for name in names.split("|")):
            yield names.replace("|", " or ")


def shared_values(entries: Mapping[str, Entry], name: str) -> Iterator[str]:
    """Describe the values of a field that more than one entry has, apart from case and marks."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for key, entry in entries.items():
        if value := field(entry, name):
            keys[re.sub(r"[\W_]+", "", value).casefold()].append(key)
    for same in keys.values():
        if len(same) > 1:
            yield f"{' and '.join(same)} have the same {name}: keep one entry and cite it"


def unprotected_capitals(title: str) -> list[str]:
    """Return the words whose capitals a style would lower: those past the first letter."""
    while BRACED.search(title):
        title = BRACED.sub(" ", title)
    return [word for word in re.findall(r"[^\W\d_]+", title) if word[1:] != word[1:].lower()]


def prose(text: str) -> str:
    """Return a MyST page without its code blocks.

    A directive may be written with the same fence as code; its body stays, for it is read as text.
    """
    kept: list[str] = []
    opened: list[tuple[str, bool]] = []  # the fences a line is in: marks, and whether code
    for line in text.splitlines():
        mark, in_code = opened[-1] if opened else ("", False)
        fence = FENCE.fullmatch(line)
        if fence and mark and fence["mark"].startswith(mark) and not fence["info"].strip():
            opened.pop()
        elif fence and not in_code and (fence["info"].strip() or fence["mark"][0] != ":"):
            # colons alone open nothing: they are no code fence, and a directive has a name
            opened.append((fence["mark"], is_code(fence["info"])))
        elif not in_code:
            kept.append(line)
    return "\n".join(kept)


def is_code(info: str) -> bool:
    """Tell whether what follows a fence's marks makes its body a code block."""
    directive = DIRECTIVE.match(info)
    return directive is None or directive["name"] in VERBATIM_DIRECTIVES


def cited_keys(text: str) -> set[str]:
    """Return the keys cited in a page, in MyST or in reStructuredText roles.

    The words around a key, `{see}key{p. 3}`, are not part of it. Code is passed over, for the
    pages that teach citing show examples.
    """
    targets = CITATION.findall(LITERAL.sub(" ", prose(text)))
    keys = (key.strip() for target in targets for key in BRACED.sub(" ", target).split(","))
    return {key for key in keys if key}


def test_the_file_can_be_parsed() -> None:
    # pybtex stops at bad syntax and at a key used twice
    parse_file(REFERENCES, bib_format="bibtex", encoding="utf-8")


def test_there_are_at_least_45_entries(entries: Mapping[str, Entry]) -> None:
    assert len(entries) >= 45


def test_every_key_is_name_year_word(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: rename it to the first author, the year and a word, as in olah2020zoom"
        for key in entries
        if not KEY.fullmatch(key)
    )


def test_every_entry_has_a_known_type(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: use one of {', '.join(REQUIRED_FIELDS)} instead of @{entry.type}"
        for key, entry in entries.items()
        if entry.type not in REQUIRED_FIELDS
    )


def test_every_entry_has_the_fields_its_type_requires(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: add {name}, which @{entry.type} requires"
        for key, entry in entries.items()
        for name in missing_fields(entry)
    )


def test_every_year_has_four_digits(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: write the year {field(entry, 'year')!r} in four digits"
        for key, entry in entries.items()
        if not re.fullmatch(r"\d{4}", field(entry, "year"))
    )


def test_every_entry_can_be_reached(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: add a doi, an eprint or a url"
        for key, entry in entries.items()
        if not any(field(entry, name) for name in ("doi", "eprint", "url"))
    )


def test_every_doi_is_bare(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: write the doi {doi!r} as 10.prefix/suffix, without an address before it"
        for key, entry in entries.items()
        if (doi := field(entry, "doi")) and not DOI.fullmatch(doi)
    )


def test_every_eprint_is_an_arxiv_id(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: write the eprint {eprint!r} as 2301.01234 and add archiveprefix = {{arXiv}}"
        for key, entry in entries.items()
        if (eprint := field(entry, "eprint"))
        and not (ARXIV_ID.fullmatch(eprint) and field(entry, "archiveprefix") == "arXiv")
    )


def test_an_arxiv_doi_agrees_with_the_eprint(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: make the doi {doi} and the eprint {field(entry, 'eprint')!r} name the same paper"
        for key, entry in entries.items()
        if (doi := field(entry, "doi").lower()).startswith(ARXIV_DOI)
        and doi.removeprefix(ARXIV_DOI) != field(entry, "eprint").lower()
    )


def test_an_arxiv_url_agrees_with_the_eprint(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: make the url {match[0]} and the eprint {field(entry, 'eprint')!r} agree"
        for key, entry in entries.items()
        if (match := ARXIV_URL.fullmatch(field(entry, "url")))
        and match["id"] != field(entry, "eprint")
    )


@pytest.mark.parametrize("name", ["title", "doi", "eprint", "url"])
def test_no_work_is_entered_twice(entries: Mapping[str, Entry], name: str) -> None:
    assert_none(shared_values(entries, name))


def test_every_url_is_plain_https(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: begin the url {url!r} with https:// and write it without LaTeX escapes or spaces"
        for key, entry in entries.items()
        if (url := field(entry, "url")) and not re.fullmatch(r"https://[^\s\\]+", url)
    )


def test_every_page_range_has_a_double_hyphen(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: write the pages {pages!r} as first--last"
        for key, entry in entries.items()
        if (pages := field(entry, "pages")) and not PAGES.fullmatch(pages)
    )


def test_capitals_in_titles_are_protected(entries: Mapping[str, Entry]) -> None:
    assert_none(
        f"{key}: put braces around {{{word}}} in the title, or styles will print it in lower case"
        for key, entry in entries.items()
        for word in unprotected_capitals(field(entry, "title"))
    )


def test_every_cited_key_is_defined(
    entries: Mapping[str, Entry], citing_pages: Mapping[str, list[str]]
) -> None:
    assert_none(
        f"{key}: cited in {', '.join(pages)}; add it to references.bib or mend the citation"
        for key, pages in sorted(citing_pages.items())
        if key not in entries
    )


def test_every_defined_key_is_cited(
    entries: Mapping[str, Entry], citing_pages: Mapping[str, list[str]]
) -> None:
    assert_none(
        f"{key}: cite it in a page under docs/ or take it out of references.bib"
        for key in entries
        if key not in citing_pages
    )


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("A plain title: With a subtitle", []),
        ("Top-Down Approaches Don't Count", []),
        ("{SAEs}, {GPT-4} and {AxBench} in braces", []),
        ("Reading BERT", ["BERT"]),
        ("AxBench: Steering LLMs", ["AxBench", "LLMs"]),
        ("Inside {{GPT-2} Small}, outside GPT-2", ["GPT"]),
    ],
)
def test_unprotected_capitals_are_found(title: str, words: list[str]) -> None:
    assert unprotected_capitals(title) == words


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("No citation of anyone2020x.", set()),
        ("One {cite}`a2020x`, two {cite:t}`b2020x`.", {"a2020x", "b2020x"}),
        ("A list {cite:p}`a2020x, b2020x,\nc2020x`.", {"a2020x", "b2020x", "c2020x"}),
        ("With words {cite:p}`{see, e.g.,}a2020x{p. 3, n. 1},b2020x`.", {"a2020x", "b2020x"}),
        ("A footnote {footcite:p}`a2020x`.", {"a2020x"}),
        ("In reStructuredText :cite:ts:`a2020x` and :cite:`b2020x`.", {"a2020x", "b2020x"}),
        ("Another role {term}`a2020x`.", set()),
        ("Shown as code ``{cite}`a2020x` ``, then {cite}`b2020x`.", {"b2020x"}),
        ("```md\n{cite}`a2020x`\n```\n{cite}`b2020x`", {"b2020x"}),
        ("~~~\n{cite}`a2020x`\n```\n~~~\n{cite}`b2020x`", {"b2020x"}),
        ("````{code-block} md\n```{note}\n{cite}`a2020x`\n```\n````", set()),
        ("```{note}\n{cite}`a2020x`\n```", {"a2020x"}),
        (":::{note}\n```\n{cite}`a2020x`\n```\n{cite}`b2020x`\n:::", {"b2020x"}),
        ("::::{note}\n:::{tip}\n:::\n::::\n{cite}`a2020x`", {"a2020x"}),
    ],
)
def test_cited_keys_are_those_of_the_text(text: str, keys: set[str]) -> None:
    assert cited_keys(text) == keys
