"""What a page shows of others is as in a clean build, also when it is a third page that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import Built, build

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS = ("myst_parser", "sphinxcontrib.bibtex", "sphinx_marginalia")
BIB = (
    "@misc{one, author={Jan Berg}, title={First}, year={2020}}\n"
    "@misc{two, author={Jan Berg}, title={Second}, year={2020}}\n"
)
CLAIM = ":::{claim} stars\n:kind: capability\n:verdict: supported\n:evidence: two\nShine.\n:::\n"
TABLE = "# T\n\n:::{claim-table}\n:::\n\n:::{pause-list}\n:::\n"
WORKS = "\n```{bibliography}\n```\n"
ARTICLE = "---\ntitle: A\ndescription: Of it.\norder: 1\n"


def index(*names: str) -> str:
    listed = "\n".join(names)
    return f"# Book\n\n```{{toctree}}\n{listed}\n```\n"


def made(files: dict[str, str], folder: Path, builder: str = "html", **config: Any) -> Built:
    source = folder / "source"
    if source.is_dir():
        for file in source.rglob("*.*"):
            if file.relative_to(source).as_posix() not in files:
                file.unlink()
    options = {"bibtex_reference_style": "author_year", "myst_heading_anchors": 3} | config
    bib = [str(source / "works.bib")] if "works.bib" in files else []
    return build(files, folder, builder, extensions=EXTENSIONS, bibtex_bibfiles=bib, **options)


#: The files, what is changed of them, and the pages to be compared.
EDITS: dict[str, tuple[dict[str, str], dict[str, str], tuple[str, ...]]] = {
    "a label of a work in a table": (
        {
            "index.md": index("a", "b", "t", "r"),
            "a.md": f"# A\n\n{CLAIM}",
            "b.md": "# B\n",
            "t.md": TABLE,
            "r.md": f"# R\n{WORKS}",
            "works.bib": BIB,
        },
        {"b.md": "# B\n\n{cite:t}`one`\n"},
        ("a", "t"),
    ),
    "a bibliography that moves": (
        {
            "index.md": index("a", "t", "r", "s"),
            "a.md": f"# A\n\n{{cite:t}}`two`\n\n{CLAIM}",
            "t.md": TABLE,
            "r.md": f"# R\n{WORKS}",
            "s.md": "# S\n",
            "works.bib": BIB,
        },
        {"r.md": "# R\n", "s.md": f"# S\n{WORKS}"},
        ("a", "t"),
    ),
    "a term of Sphinx's own glossary": (
        {
            "index.md": index("a", "b", "gl", "own"),
            "a.md": f"{ARTICLE}glossary:\n  - term: Probe\n    definition: A test.\n---\n# A\n",
            "b.md": "# B\n\n{term}`Probe`\n",
            "gl.md": "# G\n\n:::{article-glossary}\n:::\n",
            "own.md": "# Own\n\n```{glossary}\nProbe\n  Another test.\n```\n",
        },
        {"own.md": "# Own\n"},
        ("b", "gl"),
    ),
    "a section that has no label": (
        {
            "index.md": index("a", "guide"),
            "a.md": f'{ARTICLE}prerequisites: ["guide#some-heading"]\n---\n# A\n',
            "guide.md": "# Guide\n\n## Some heading\n",
        },
        {"guide.md": "# Guide\n\n## Another heading\n"},
        ("a",),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS)
def test_a_page_is_as_in_a_clean_build(edit: str, tmp_path: Path) -> None:
    files, changes, names = EDITS[edit]
    made(files, tmp_path / "again")
    again = made(files | changes, tmp_path / "again", fresh=False)
    clean = made(files | changes, tmp_path / "clean")
    assert {n: again.page(n) for n in names} == {n: clean.page(n) for n in names}
    strip = (str(tmp_path / "again"), str(tmp_path / "clean"))
    assert again.warnings.replace(*strip) == clean.warnings


def test_another_builder_leaves_no_curriculum_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "one"

    def both(text: str, builder: str, fresh: bool = False) -> Built:
        files = {"index.md": index("a", "b", "p"), "b.md": f"{ARTICLE}---\n# A\n", "a.md": text}
        files["p.md"] = "# P\n\n:::{learning-path}\n:::\n"
        # One folder of doctrees for all builders, as with ``sphinx-build -M``.
        shared = folder / "doctrees"
        shared.mkdir(parents=True, exist_ok=True)
        for name in ("html", "dirhtml"):
            if not (shared / name).exists():
                (shared / name).symlink_to(shared, target_is_directory=True)
        return made(files, folder, builder, fresh=fresh)

    plain = f"{ARTICLE}---\n# A\n"
    needs = f"{ARTICLE}prerequisites: [b]\n---\n# A\n"
    first = both(plain, "html", fresh=True).read("curriculum.json")
    assert '"edges": []' not in both(needs, "dirhtml").read("curriculum.json")
    assert both(plain, "html").read("curriculum.json") == first


def test_what_was_built_for_another_setting_is_told_again(tmp_path: Path) -> None:
    files = {"index.md": index("a"), "a.md": f"{ARTICLE}---\n# A\n\n{'word ' * 900}\n"}
    first = made(files, tmp_path).read("curriculum.json")
    other = made(files, tmp_path, fresh=False, articles_words_per_minute=50)
    assert other.read("curriculum.json") != first
    assert made(files, tmp_path, fresh=False).read("curriculum.json") == first


def test_a_list_in_an_appendix_is_filled(tmp_path: Path) -> None:
    files = {
        "index.md": index("paper", "list"),
        "paper.md": f"# Paper\n\n:::{{pause-and-think}} Why?\n:::\n\n{CLAIM}",
        "list.md": TABLE,
        "works.bib": BIB,
    }
    latex = made(
        files,
        tmp_path,
        "latex",
        latex_documents=[("paper", "paper.tex", "Paper", "Me", "manual")],
        latex_appendices=["list"],
    ).read("paper.tex")
    assert latex.count("Why?") == 2
    assert latex.count("Shine.") == 2


def test_an_unknown_work_in_a_plain_list_is_reported_wherever_it_is_cited(tmp_path: Path) -> None:
    files = {
        "index.md": index("a", "b", "r"),
        "a.md": "# A\n\n{cite:t}`one` {cite:t}`one`\n",
        "b.md": "# B\n\n{cite:t}`one`\n",
        "r.md": "# R\n\n```{bibliography}\n:list: bullet\n```\n",
        "works.bib": BIB,
    }
    assert made(files, tmp_path).warnings.count('could not find bibtex key "one"') == 3


def test_each_builder_shows_works_as_they_are_now(tmp_path: Path) -> None:
    files = {
        "index.md": index("a", "r"),
        "a.md": "# A\n\n{cite:t}`one`\n",
        "r.md": f"# R\n{WORKS}",
        "works.bib": BIB,
    }
    folder = tmp_path / "one"
    (folder / "doctrees").mkdir(parents=True)
    for name in ("html", "dirhtml"):
        (folder / "doctrees" / name).symlink_to(folder / "doctrees", target_is_directory=True)
    made(files, folder)
    other = files | {"works.bib": BIB.replace("Jan Berg", "Eva Zorn")}
    made(other, folder, "dirhtml", fresh=False)
    again = made(other, folder, fresh=False)
    assert again.page("a") == made(other, tmp_path / "clean").page("a")
