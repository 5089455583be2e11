"""A small course, for tests to change."""

from __future__ import annotations

import json

BLOCKS = {"first": "First steps", "later": "Later on"}
CONFIG = {"articles_blocks": BLOCKS}


def article(title: str, body: str = "Text.", **values: object) -> str:
    """Return a page whose front matter is complete; *values* are added, or ``None`` takes one out."""
    values = {"title": title, "description": f"About {title}."} | values
    # What JSON can say, YAML reads.
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
        if value is not None
    ]
    return "\n".join(["---", *lines, "---", f"# {title}", "", body, ""])


def index(*names: str, body: str = "") -> str:
    """Return the root page with *names* in its table of contents."""
    return "\n".join(["# Course", "", "```{toctree}", *names, "```", "", body, ""])


PATH = "# Path\n\n:::{learning-path}\n:::\n"
GLOSSARY = "# Terms\n\n:::{article-glossary}\n:::\n"

#: Two articles in the first block and one in the second, with all that shows them.
COURSE = {
    "index.md": index("stars", "parallax", "galaxies", "plain", "path", "terms"),
    "stars.md": article(
        "Stars",
        difficulty="beginner",
        block="first",
        order=1,
        glossary=[{"term": "Star", "definition": "A ball of gas."}],
    ),
    "parallax.md": article(
        "Parallax",
        difficulty="intermediate",
        category="distances",
        block="first",
        order=2,
        prerequisites=["stars"],
        updated="2026-11-01",
        glossary=[{"term": "Parsec", "definition": "3.26 light years."}],
    ),
    "galaxies.md": article(
        "Galaxies", difficulty="advanced", block="later", order=1, prerequisites=["parallax"]
    ),
    "plain.md": "# Plain\n\nA {term}`parsec` is far.\n",
    "path.md": PATH,
    "terms.md": GLOSSARY,
}
