"""Compare what readers get from two builds of the same sources: words, ids, links of each page.

    python tools/compare_sites.py BEFORE AFTER [--ignore PATTERN]

BEFORE and AFTER are folders of HTML (an unpacked EPUB works too). Prints each difference, and exits
with 1 if there is one. Words are compared in order, with the words of notes wherever they are.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = (".html", ".xhtml")
#: Elements whose text nobody reads.
SILENT = frozenset(("script", "style", "template"))
#: Words around a difference that are shown with it.
CONTEXT = 4


class Page(NamedTuple):
    """What a page has for a reader."""

    words: list[str]
    ids: list[str]
    #: The addresses of links, pictures and forms.
    links: list[str]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page([], [], [])
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        for name, value in attrs:
            if name == "id" and value:
                self.page.ids.append(value)
            elif name in {"href", "src", "action"} and value and tag not in {"link", "script"}:
                self.page.links.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.page.words.extend(data.split())


def read(folder: Path) -> dict[str, Page]:
    """Return the pages of a site by their paths."""
    pages = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix in SUFFIXES:
            parser = _Parser()
            parser.feed(file.read_text(encoding="utf-8", errors="replace"))
            pages[file.relative_to(folder).as_posix()] = parser.page
    return pages


def differences(
    before: dict[str, Page], after: dict[str, Page], *, moved: bool = False
) -> Iterator[str]:
    """Yield what is not the same, a line each.

    :param moved: whether words may have another place, and ids and links may be added
    """
    for name in sorted(before.keys() - after.keys()):
        yield f"{name}: the page is gone"
    for name in sorted(after.keys() - before.keys()):
        yield f"{name}: a new page"
    for name in sorted(before.keys() & after.keys()):
        one, other = before[name], after[name]
        parts = [("id", one.ids, other.ids), ("link", one.links, other.links)]
        if moved:
            # Some writers give an id to two elements; only the first is a target.
            parts = [(what, list(dict.fromkeys(old)), new) for what, old, new in parts]
            parts.append(("word", letters(one.words), letters(other.words)))
        else:
            yield from (f"{name}: {line}" for line in word_differences(one.words, other.words))
        for what, old, new in parts:
            for entry in sorted((Counter(old) - Counter(new)).elements()):
                yield f"{name}: {what} lost: {entry}"
            for entry in sorted((Counter(new) - Counter(old)).elements()) if not moved else ():
                yield f"{name}: {what} new: {entry}"


def letters(words: Sequence[str]) -> list[str]:
    """Return the words in *words* without the marks around them, which move with notes."""
    return re.findall(r"\w+", " ".join(words))


def word_differences(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield the words that were replaced, with those around them."""
    if list(old) == list(new):
        return
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            around = " ".join(old[max(0, i - CONTEXT) : i])
            yield f"words: … {around} [{' '.join(old[i:j])}] -> [{' '.join(new[k:m])}]"


def dead_links(folder: Path) -> Iterator[str]:
    """Yield the links within a site that lead nowhere."""
    pages = read(folder)
    ids = {name: set(page.ids) for name, page in pages.items()}
    for name, page in pages.items():
        for link in dict.fromkeys(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (folder / name).parent / unquote(parts.path) if parts.path else folder / name
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{name}: dead link: {link}"
                continue
            path = target.resolve().relative_to(folder.resolve()).as_posix()
            fragment = unquote(parts.fragment)
            if fragment and path in ids and fragment not in ids[path]:
                yield f"{name}: dead link: {link}"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the differences and the dead links that are new."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--ignore", default="(?!)", help="leave out lines that match this pattern")
    parser.add_argument("--moved", action="store_true", help="only report what was lost")
    arguments = parser.parse_args(argv)
    before, after = read(arguments.before), read(arguments.after)
    dead = set(dead_links(arguments.before))
    lines = [*differences(before, after, moved=arguments.moved)]
    lines += [line for line in dead_links(arguments.after) if line not in dead]
    lines = [line for line in lines if not re.search(arguments.ignore, line)]
    print("\n".join(lines))
    words = sum(len(page.words) for page in after.values())
    print(f"{len(after)} pages, {words:,} words: {len(lines)} differences", file=sys.stderr)
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
