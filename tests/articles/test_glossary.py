"""The terms of all articles on one page, and the role that finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.inventory import InventoryFile

from sphinx_marginalia.articles.terms import term_ids
from sphinx_marginalia.testing import build
from tests.articles.course import CONFIG, COURSE, GLOSSARY, article, index
from tests.pages import main, words

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag

    from sphinx_marginalia.testing import Built


def defining(*terms: str) -> str:
    return article("T", order=1, glossary=[{"term": term, "definition": "D."} for term in terms])


def entries(built: Built, docname: str = "terms") -> list[Tag]:
    return main(built, docname).select("dl.glossary dt")


def test_the_glossary_has_every_term_with_its_definition_and_its_article(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, **CONFIG)
    found = main(built, "terms").select_one("dl.glossary")
    assert [words(entry).rstrip("¶") for entry in found.select("dt")] == ["Parsec", "Star"]
    assert [words(entry) for entry in found.select("dd")] == [
        "3.26 light years. From: Parallax",
        "A ball of gas. From: Stars",
    ]
    assert [link["href"] for link in found.select("dd a")] == ["parallax.html", "stars.html"]


def test_the_role_term_finds_a_term_however_it_is_capitalised(tmp_path: Path) -> None:
    text = "# Plain\n\n{term}`parsec`, {term}`Parsec` and {term}`PARSECS <PARSEC>`.\n"
    built = build({**COURSE, "plain.md": text}, tmp_path, nitpicky=True, **CONFIG)
    assert built.warnings == ""
    assert [link["href"] for link in main(built, "plain").select("p a")] == [
        "terms.html#term-parsec"
    ] * 3
    assert main(built, "terms").select_one("#term-parsec")


def test_another_project_finds_a_term(tmp_path: Path) -> None:
    built = build(COURSE, tmp_path, **CONFIG)
    inventory = InventoryFile.loads((built.out / "objects.inv").read_bytes(), uri="")
    assert inventory["std:term", "Parsec"].uri == "terms.html#term-parsec"


def test_terms_that_differ_in_signs_have_different_ids(tmp_path: Path) -> None:
    files = {
        "index.md": defining("C", "C++", "c#", "+", "Straße") + "\n{term}`C++` {term}`straße`\n",
        "terms.md": "---\norphan: true\n---\n" + GLOSSARY,
    }
    built = build(files, tmp_path)
    ids = [entry["id"] for entry in entries(built)]
    assert built.warnings == ""
    assert len(set(ids)) == 5
    assert [link["href"].partition("#")[2] in ids for link in main(built).select("p a")] == [
        True
    ] * 2


def test_the_id_of_a_term_does_not_depend_on_the_others() -> None:
    alone = {key: term_ids([key])[key] for key in ("c", "c++", "self-repair", "linear probe")}
    assert term_ids(alone) == alone
    assert alone["self-repair"] == "term-self-repair"
    assert alone["linear probe"] == "term-linear-probe"


def test_a_second_glossary_has_no_ids(tmp_path: Path) -> None:
    twice = GLOSSARY + "\n:::{article-glossary}\n:::\n"
    files = {"index.md": index("a", "terms", "z"), "a.md": defining("Star"), "z.md": GLOSSARY}
    built = build({**files, "terms.md": twice}, tmp_path)
    assert built.warnings == ""
    assert [entry.get("id") for entry in entries(built)] == ["term-star", None]
    assert [entry.get("id") for entry in entries(built, "z")] == [None]


SPHINX = "# Own\n\n```{glossary}\nstar\n  Of Sphinx.\n```\n"


def test_a_term_of_sphinxs_own_glossary_stays_where_it_is(tmp_path: Path) -> None:
    files = {
        "index.md": index("a", "own", "terms", body="{term}`Star`"),
        "a.md": defining("Star"),
        "own.md": SPHINX,
        "terms.md": GLOSSARY,
    }
    built = build(files, tmp_path)
    assert built.warnings == ""
    assert main(built).select_one("p a")["href"] == "own.html#term-star"
    assert words(entries(built)[0]) == "Star"


def test_a_term_that_moves_to_sphinxs_own_glossary_is_no_second_definition(tmp_path: Path) -> None:
    files = {
        "index.md": index("a", "own", "terms", body="{term}`star`"),
        "a.md": defining("star"),
        "own.md": "# Own\n",
        "terms.md": GLOSSARY,
    }
    linked = []
    for own in ("# Own\n", SPHINX, "# Own\n"):
        built = build({**files, "own.md": own}, tmp_path, fresh=False)
        assert built.warnings == ""
        linked.append(main(built).select_one("p a")["href"])
    assert linked == ["terms.html#term-star", "own.html#term-star", "terms.html#term-star"]


def test_a_term_defined_twice_has_both_definitions(tmp_path: Path) -> None:
    files = {
        "index.md": index("a", "b", "terms"),
        "a.md": article("A", order=1, glossary=[{"term": "Star", "definition": "Gas."}]),
        "b.md": article("B", order=2, glossary=[{"term": "star", "definition": "Light."}]),
        "terms.md": GLOSSARY,
    }
    built = build(files, tmp_path, suppress_warnings=["marginalia.duplicate_term"])
    assert built.warnings == ""
    found = main(built, "terms").select_one("dd")
    assert words(found) == "Gas. From: A Light. From: B"


def test_a_glossary_without_terms_is_left_out_and_told(tmp_path: Path) -> None:
    built = build({"index.md": GLOSSARY}, tmp_path)
    assert built.warnings.endswith(
        "index.md:3: WARNING: the glossary is empty: no article defines a term "
        "[marginalia.empty_list]\n"
    )
