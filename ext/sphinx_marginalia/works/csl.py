"""Render works and citations in a style of the Citation Style Language, with pandoc.

A style of CSL sees all works at once: it tells two works of one year apart, numbers works, orders
them. So one call of pandoc gets many works and citations, as JSON, and returns them as JSON.

In an author–date style a work depends on those of the same authors only, and pandoc takes more than
twice the time for twice the works. There the works are divided by the name of their first author
into batches, and one call more with a style that only sorts gives the order of them all. A result
is kept in a folder by a digest of all that it depends on, so what has not changed is not rendered.

Pandoc is not part of this package: ``pip install sphinx-marginalia[csl]`` brings it, and styles.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sphinx_marginalia.core.outdated import fingerprint, write_atomically
from sphinx_marginalia.works.csl_styles import StyleError, sorting_style
from sphinx_marginalia.works.pandoc_nodes import ENTRY, name_others

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sphinxcontrib.bibtex.citation_target import CitationTarget

    from sphinx_marginalia.works.csl_styles import Style
    from sphinx_marginalia.works.pandoc_nodes import Inlines

    Item = dict[str, Any]

#: About how many works pandoc renders in the least time for each.
BATCH = 64
#: The version of the JSON: pandoc reads any of 1.x and writes its own.
API = [1, 23]

#: The seconds after which pandoc is taken to hang.
TIMEOUT = 600
#: More notes than there may be between two that are near.
FAR = 1000

Mode = Literal["NormalCitation", "AuthorInText", "SuppressAuthor"]


class Cluster(NamedTuple):
    """A citation of one or more works together."""

    mode: Mode
    #: Each work, with the words before and after it.
    targets: tuple[CitationTarget, ...]


class Rendered(NamedTuple):
    """Works and citations in a style."""

    #: The entry of each work as JSON, in the order of the bibliography.
    entries: dict[str, str]
    #: The citations, as JSON too: an environment with thousands of texts is read fast.
    citations: dict[Cluster, str]


@cache
def find_pandoc() -> str:
    """Return the path of pandoc: of the package that brings it, else of the system.

    :raises StyleError: there is none
    """
    if importlib.util.find_spec("pypandoc"):
        import pypandoc  # noqa: PLC0415  # installed with the extra ``csl`` only

        try:
            return str(pypandoc.get_pandoc_path())
        except OSError:
            pass
    if path := shutil.which("pandoc"):
        return path
    message = 'a citation style needs pandoc: pip install "sphinx-marginalia[csl]"'
    raise StyleError(message)


class Renderer:
    """Renders in one style and language, and keeps the results in a folder."""

    def __init__(self, style: Style, language: str, folder: Path) -> None:
        self.style = style
        self.language = language
        self.folder = folder

    @property
    def is_for_notes(self) -> bool:
        """Whether citations are notes in this style."""
        return self.style.kind == "note"

    def in_sequence(self, items: Mapping[str, Item], clusters: Sequence[Cluster]) -> list[Inlines]:
        """Return the citations *clusters* of one page, each as those before it make it."""
        return self._run(items, clusters)[1] if clusters else []

    def render(self, items: Mapping[str, Item], clusters: Iterable[Cluster]) -> Rendered:
        """Return *items*, which are works by their ids, and the citations *clusters* of them."""
        clusters = list(dict.fromkeys(clusters))
        if self.style.kind != "author-date" or len(items) <= BATCH:
            return _collected([(items, clusters)], [self._run(items, clusters)])
        batches = _batches(items, clusters)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            order = pool.submit(self._order, items)
            results = list(pool.map(lambda batch: self._run(*batch), batches))
            keys = order.result()
        together = _collected(batches, results)
        # What sorts the same keeps the order of its batch, which gave the letters of the years.
        in_batch: dict[str, Iterator[str]] = {}
        for entries, _citations in results:
            in_batch.update(dict.fromkeys(entries, iter(entries)))
        ordered = (next(in_batch[key]) for key in keys)
        return together._replace(entries={key: together.entries[key] for key in ordered})

    def _order(self, items: Mapping[str, Item]) -> list[str]:
        """Return the ids of *items* in the order of the bibliography."""
        return list(self._run(items, [], sorting_style(self.style))[0])

    def _run(
        self, items: Mapping[str, Item], clusters: Sequence[Cluster], style: str = ""
    ) -> tuple[dict[str, Inlines], list[Inlines]]:
        """Return the entries and the citations that pandoc renders, or has rendered before.

        :param style: the text of a style to be used instead of ours
        """
        style = style or self.style.text
        step = 1 if self.is_for_notes else FAR
        document = {
            "pandoc-api-version": API,
            "meta": {
                "nocite": {"t": "MetaInlines", "c": [_cite([(key, "", "") for key in items])]}
            },
            "blocks": [{"t": "Para", "c": [_cite(cluster.targets, cluster.mode, n * step)]}
                       for n, cluster in enumerate(clusters, 1)],
        }  # fmt: skip
        works = [{**item, "id": _id(key)} for key, item in items.items()]
        inputs = (style, self.language, find_pandoc(), document, works)
        file = self.folder / f"{fingerprint(inputs)}.json"
        with suppress(OSError, ValueError, LookupError, TypeError):  # It may be damaged.
            cached = _parts(file.read_bytes(), len(clusters))
            os.utime(file)
            return cached
        output = self._pandoc(document, works, style)
        try:
            parts = _parts(output, len(clusters))
        except (ValueError, LookupError, TypeError):
            raise StyleError(
                "pandoc: its answer is not what version 2.11 or later writes"
            ) from None
        with suppress(OSError):  # Another process may be writing the same.
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(file, output)
        return parts

    def prune(self, count: int) -> None:
        """Remove all results but the *count* that were used last."""
        files = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-count]:
            file.unlink(missing_ok=True)

    def _pandoc(self, document: dict[str, Any], items: list[Item], style: str) -> bytes:
        # Not in our folder: another process may be rendering the same.
        with TemporaryDirectory() as name:
            works, styles = Path(name, "works.json"), Path(name, "style.csl")
            works.write_text(json.dumps(items), encoding="utf-8")
            styles.write_text(style, encoding="utf-8")
            options = ["--citeproc", f"--csl={styles}", f"--bibliography={works}"]
            metadata = ["--metadata=link-citations", f"--metadata=lang:{self.language}"]
            try:
                done = subprocess.run(
                    [find_pandoc(), "--from=json", "--to=json", *options, *metadata],
                    input=json.dumps(document).encode(), capture_output=True, check=False,
                    timeout=TIMEOUT,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                raise StyleError(f"pandoc: {error}") from None
        if done.returncode:
            message = done.stderr.decode(errors="replace").strip() or f"status {done.returncode}"
            raise StyleError(f"pandoc (2.11 or later is needed): {message}")
        return done.stdout


def _parts(output: bytes, count: int) -> tuple[dict[str, Inlines], list[Inlines]]:
    """Return the entries and the *count* citations in what pandoc has written.

    :raises ValueError: or a ``LookupError`` or ``TypeError``: it is not what pandoc writes
    """
    blocks = json.loads(output)["blocks"]
    name_others(blocks)
    citations = [blocks[n]["c"][0]["c"][1] for n in range(count)]
    entries = {
        f"#{div['c'][0][0]}".removeprefix(ENTRY): div["c"][1][0]["c"]
        for block in blocks[count:]
        for div in block["c"][1]
    }
    return entries, citations


def _collected(
    batches: Sequence[tuple[Mapping[str, Item], Sequence[Cluster]]],
    results: Sequence[tuple[dict[str, Inlines], list[Inlines]]],
) -> Rendered:
    """Return the *results* of all *batches* together."""
    together = Rendered({}, {})
    for (_items, clusters), (entries, citations) in zip(batches, results, strict=True):
        together.entries.update({key: json.dumps(entry) for key, entry in entries.items()})
        texts = map(json.dumps, citations)
        together.citations.update(zip(clusters, texts, strict=True))
    return together


def _cite(
    targets: Iterable[tuple[str, str, str]], mode: Mode = "NormalCitation", number: int = 0
) -> dict[str, Any]:
    """Return a citation as pandoc writes it."""
    return {"t": "Cite", "c": [[{
        "citationId": _id(key), "citationPrefix": _words(before), "citationSuffix": _words(after),
        "citationMode": {"t": mode}, "citationNoteNum": number, "citationHash": 0,
    } for key, before, after in targets], []]}  # fmt: skip


def _id(key: str) -> str:
    """Return what pandoc calls a work: it would read the key ``*`` as all works."""
    return ENTRY.removeprefix("#ref-") + key


def _words(text: str) -> Inlines:
    words = [{"t": "Str", "c": word} for word in text.split()]
    return [part for word in words for part in (word, {"t": "Space"})][:-1]


def _batches(
    items: Mapping[str, Item], clusters: Sequence[Cluster]
) -> list[tuple[dict[str, Item], list[Cluster]]]:
    """Divide works and citations, so that works that are cited together stay together."""
    first = {key: _first_name(item) for key, item in items.items()}
    parents = {name: name for name in first.values()}

    def root(name: str) -> str:
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    for cluster in clusters:
        roots = sorted({root(first[target.key]) for target in cluster.targets})
        for other in roots[1:]:
            parents[other] = roots[0]
    # By a digest, so that one work more changes one batch, not all that follow it.
    count = 1 << max(len(items) // BATCH - 1, 0).bit_length()
    batches: list[tuple[dict[str, Item], list[Cluster]]] = [({}, []) for _ in range(count)]

    def batch(key: str) -> tuple[dict[str, Item], list[Cluster]]:
        return batches[int(fingerprint(root(first[key]))[:8], 16) % count]

    for key, item in items.items():
        batch(key)[0][key] = item
    for cluster in clusters:
        batch(cluster.targets[0].key)[1].append(cluster)
    return [one for one in batches if one[0]]


def _first_name(item: Item) -> str:
    """Return the name that a style sorts a work by, and tells works apart by."""
    names = next((item[role] for role in ("author", "editor") if item.get(role)), None)
    return str(names[0].get("family") or names[0].get("literal")) if names else ""
