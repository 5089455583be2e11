"""References for tests: ordinary ones, and ones that Hypothesis invents."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sphinx_marginalia.citing.formats.reference import Name, Reference
from tests.citing.readers import plain

#: Pieces of titles and names that break somebody's file format.
HOSTILE = (
    *r"\ { } {{ }} $ $$ % & # _ ^ ~ ~~ @ = , ; : ' '' ` `` - -- --- < > | * / [ ] ?` !` <<".split(),
    '"',
    "\\begin{x}",
    "\\input{y}",
    "\\\\",
    "@article{x,",
    "}, url = {x",
    "ER  - ",
    "TY  - JOUR",
    "\nAU  - x\r\n",
    "</script>",
    "&amp;",
    "a and b",
    "others",
    "given = x, family=y, prefix=z",
    "SAEs",
    "DeepMind",
    "iPhone",
    "x_i^2",
    "C++",
    "100%",
    "數學",
    "عربى",
    "עברית",
    "हिन्दी",
    "Ünïcödé",
    "e\u0301",
    "👩\u200d👧",
    "\u202eabc\u202c",
    "\x00",
    "\u2028",
    "\ufeff",
    "\uffff",
    "ŁØßœ",
    "ﬁ",
)
CHARACTERS = st.characters(exclude_categories=["Cs"])
PIECES = st.one_of(st.sampled_from(HOSTILE), st.text(CHARACTERS, min_size=1, max_size=12))
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=40),
    st.lists(PIECES, max_size=6).map(" ".join),
    st.lists(PIECES, max_size=4).map("".join),
)
SAID = TEXTS.filter(plain)
PERSONS = st.builds(
    Name,
    family=SAID,
    given=TEXTS,
    particle=st.one_of(st.just(""), st.sampled_from(("van der", "de", "Van", "d'", "y")), TEXTS),
    suffix=st.one_of(st.just(""), st.sampled_from(("Jr.", "III")), TEXTS),
)
NAMES = st.one_of(PERSONS, st.builds(Name, literal=SAID), st.builds(Name, given=TEXTS))
DATES = st.sampled_from(("", "2026", "2026-03", "2026-03-05", "1999-12-31"))
SECTIONS = st.from_regex(r"[1-9A-C](\.[1-9][0-9]?){0,3}", fullmatch=True)
URLS = st.from_regex(
    r"https://[a-z]{1,9}\.org/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2}){0,30}(#[a-z_~?/-]{1,9})?",
    fullmatch=True,
)
REFERENCES = st.builds(
    Reference,
    key=st.from_regex(r"[a-z]{2,9}20[0-9]{2}-[a-z][a-z0-9-]{0,20}", fullmatch=True),
    title=st.one_of(st.just(""), SAID, SAID),
    authors=st.lists(NAMES, max_size=4).map(tuple),
    book=SAID,
    book_authors=st.lists(NAMES, max_size=1).map(tuple),
    version=st.sampled_from(("", "1.2", "2026.1rc1", "v1_beta#2")),
    date=DATES,
    section=SECTIONS,
    url=URLS,
    publisher=TEXTS,
    doi=st.sampled_from(("", "10.5281/zenodo.1234567", "10.1000/a_b.c%d")),
    language=st.sampled_from(("", "en", "pt-BR")),
).map(lambda reference: reference if reference.title else reference._replace(section=""))


@cache
def invented(count: int = 500) -> tuple[Reference, ...]:
    """Return *count* references, each with a key of its own, the same in every run."""
    found: list[Reference] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(REFERENCES)
    def collect(reference: Reference) -> None:
        found.append(reference._replace(key=f"{reference.key}-{len(found)}"))

    collect()
    return tuple(found)
