"""Compare how a bibliography is read with how pandoc reads it, variable by variable of CSL-JSON.

    python tools/compare_bibliography.py references.bib
    python tools/compare_bibliography.py --from biblatex library.bib --show 5

Prints a table: for each reason, in how many values of how many the two differ for it. Needs the
extra ``csl``. Exits with 1 if more than 2 % of the values differ for no reason of the list.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx_marginalia.works.biblatex import entries_with_problems
from sphinx_marginalia.works.csl import find_pandoc
from sphinx_marginalia.works.csl_json import csl_item
from sphinx_marginalia.works.reading import TolerantParser, read_file

if TYPE_CHECKING:
    from collections.abc import Callable

#: The share of values that may differ for no reason of the list.
MOST = 0.02
#: What no citation style prints.
IGNORED = frozenset("id abstract annote keyword citation-key".split())
#: Signs that are written in several ways; the last is how we mark “and others”.
SIGNS = str.maketrans('’‘“”"–\xa0\u0131', "'''''- i", "{}\u2060\xad\ue000")


def plain(value: Any) -> Any:
    """Return *value* without its markup, capitals and kinds of signs."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    text = re.sub(r"<[^>]+>", "", str(value)).translate(SIGNS)
    return unicodedata.normalize("NFC", " ".join(text.replace("$ ", "$").split())).casefold()


def words(value: Any) -> Counter[str]:
    """Return the words of a value, however it is divided."""
    parts = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Counter(re.findall(r"\w+", parts))


def names(value: Any) -> list[str]:
    """Return the words of each name, sorted."""
    return [" ".join(sorted(" ".join(name.values()).split())) for name in value]


def _numbers(value: Any) -> list[str]:
    return re.findall(r"\d+", json.dumps(value))


#: Why a value may differ: the variables, a test of pandoc's value and ours, and the reason.
REASONS: tuple[tuple[str, Callable[[Any, Any, str], bool], str], ...] = (
    (
        "author editor translator",
        lambda theirs, ours, _entry: names(ours)[: len(theirs)] == names(theirs),
        "names: which part a particle is, and authors that are inherited",
    ),
    (
        "issued accessed event-date",
        lambda theirs, ours, _entry: _numbers(ours)[: len(_numbers(theirs))] == _numbers(theirs),
        "dates: pandoc leaves out a month, or what is no year",
    ),
    ("language", lambda *_: True, "language: the tag of “english”, and BibTeX’s"),
    ("genre type", lambda *_: True, "kinds: their words, and types that pandoc leaves open"),
    (
        "type publisher number URL note",
        lambda theirs, _ours, entry: "arxiv" in entry or "http" in str(theirs),
        "archives: where a preprint is",
    ),
    (
        "",
        lambda theirs, ours, _entry: isinstance(ours, str) and words(theirs) <= words(ours),
        "text: pandoc drops a command and its words, or a field",
    ),
    (
        "title title-short volume-title collection-title container-title",
        lambda _theirs, _ours, entry: "volume" in entry,
        "volumes: the title is that of the whole, or of the volume",
    ),
    (
        "publisher",
        lambda theirs, ours, _entry: str(theirs).endswith(str(ours)),
        "publisher: pandoc adds the organization",
    ),
)


def reason(variable: str, theirs: Any, ours: Any, entry: str) -> str:
    """Return why a value differs, or an empty text."""
    for variables, is_why, why in REASONS:
        if variable in (variables.split() or [variable]) and is_why(theirs, ours, entry):
            return why
    return ""


def items(file: Path, form: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the entries as pandoc and as we read them, by key."""
    parser = TolerantParser("utf-8")
    read_file(parser, file)
    entries_with_problems(parser.data.entries)
    ours = {entry.key: csl_item(entry.key, entry) for entry in parser.data.entries.values()}
    command = [str(find_pandoc()), "-f", form, "-t", "csljson", str(file)]
    output = subprocess.run(command, capture_output=True, check=True).stdout
    return {item["id"]: item for item in json.loads(output)}, ours


def main() -> int:
    """Print the table, and examples of each reason if the command line asks for them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--from", dest="form", choices=("bibtex", "biblatex"), default="bibtex")
    parser.add_argument("--show", type=int, default=0, help="print so many examples of each reason")
    options = parser.parse_args()
    theirs, ours = items(options.file, options.form)
    compared, reasons = 0, defaultdict(list)
    for key in theirs.keys() & ours.keys():
        for variable in (theirs[key].keys() | ours[key].keys()) - IGNORED:
            compared += 1
            pair = [plain(one[key].get(variable, "")) for one in (theirs, ours)]
            if pair[0] != pair[1]:
                why = reason(variable, *pair, str(theirs[key] | ours[key]).casefold())
                reasons[why].append(
                    (key, variable, theirs[key].get(variable), ours[key].get(variable))
                )
    print(f"{len(theirs)} entries of pandoc, {len(theirs.keys() - ours.keys())} of them not ours")
    print(f"\n| why | of {compared:,} values | % |\n| :-- | --: | --: |")
    for why, examples in sorted(reasons.items(), key=lambda pair: -len(pair[1])):
        print(f"| {why or '**no reason**'} | {len(examples)} | {len(examples) / compared:.1%} |")
        for example in sorted(examples)[: options.show]:
            print("   ", *example, sep="\n      ")
    return int(len(reasons[""]) > MOST * compared or bool(theirs.keys() - ours.keys()))


if __name__ == "__main__":
    raise SystemExit(main())
