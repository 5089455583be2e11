"""The articles of a project, and what each shows of others."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from sphinx.util import docname_join

from sphinx_marginalia.articles import curriculum
from sphinx_marginalia.articles.curriculum import Block, Curriculum, Fault
from sphinx_marginalia.articles.frontmatter import Article
from sphinx_marginalia.articles.nodes import article_glossary, article_header, learning_path
from sphinx_marginalia.articles.options import BLOCKS
from sphinx_marginalia.core.records import RecordsDomain
from sphinx_marginalia.core.tree import StaysInPlace
from sphinx_marginalia.core.warnings import Problem, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from sphinx.environment import BuildEnvironment

BLOCK_FILE = "_block.yaml"


class Place(NamedTuple):
    """Where a prerequisite leads."""

    docname: str
    #: The id of a section; empty for the whole document.
    node_id: str = ""
    #: The title of that section; empty where the document's is meant.
    title: str = ""


class ArticlesDomain(RecordsDomain[Article]):
    """The front matter of each article; from it, the curriculum."""

    name = "marginalia-articles"
    label = "articles"
    initial_data: ClassVar[dict[str, Any]] = {
        **RecordsDomain.initial_data,
        # Worked out when all documents are read, for those that are written after: the blocks,
        # where the prerequisites of each article lead, what follows it, what it shows of others.
        "blocks": [],
        "places": {},
        "following": {},
        "shown": {},
        # The documents with a glossary, and the terms that were told to Sphinx.
        "glossaries": [],
        "terms": {},
    }

    def collect(self, document: nodes.document) -> list[Article]:
        """Return the front matter of *document* with what there is to read, if it is an article."""
        header = document.next_node(article_header)
        if header is None:
            return []
        words, notes, code = _amounts(document)
        article = cast("Article", header["article"])
        return [article._replace(words=words, note_words=notes, code_lines=code)]

    def shows_list(self, document: nodes.document) -> bool:
        """Return whether *document* shows the curriculum or the glossary."""
        return any(document.next_node(place) for place in (learning_path, article_glossary))

    def note_doc(self, docname: str, document: nodes.document) -> None:
        """Note the article, and whether its page holds the glossary."""
        super().note_doc(docname, document)
        if document.next_node(article_glossary):
            self.data["glossaries"].append(docname)

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* held."""
        super().clear_doc(docname)
        if docname in self.data["glossaries"]:
            self.data["glossaries"].remove(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read in *docnames*."""
        super().merge_domaindata(docnames, otherdata)
        self.data["glossaries"] += sorted(docnames & set(otherdata["glossaries"]))

    # --- the curriculum ---

    @property
    def articles(self) -> dict[str, Article]:
        """The articles by their documents."""
        return {docname: records[0] for docname, records in self.data["records"].items()}

    @property
    def places(self) -> dict[str, list[Place | None]]:
        """Where each prerequisite of an article leads, by the article's document."""
        return cast("dict[str, list[Place | None]]", self.data["places"])

    @property
    def following(self) -> dict[str, str]:
        """The document after each article in the curriculum."""
        return cast("dict[str, str]", self.data["following"])

    def curriculum(self) -> Curriculum:
        """Return the articles in their order, with what each needs first."""
        known = [Block(*block) for block in self.data["blocks"]]
        found = Curriculum(known, curriculum.ordered(self.articles, known))
        for docname in found.articles:
            places = self.places.get(docname, ())
            needs = dict.fromkeys(place.docname for place in places if place is not None)
            found.needs[docname] = list(needs)
        return found

    def _places(self) -> dict[str, list[Place | None]]:
        """Look up every prerequisite."""
        by_slug: dict[str, list[str]] = {}
        for docname in self.env.found_docs:
            by_slug.setdefault(_slug(docname), []).append(docname)
        return {
            docname: [self._place(docname, item.target, by_slug) for item in article.prerequisites]
            for docname, article in self.articles.items()
        }

    def _place(self, docname: str, target: str, by_slug: dict[str, list[str]]) -> Place | None:
        """Return where a prerequisite of *docname* leads: a document, a label, an old address."""
        path = re.sub(r"\.(?:md|rst)$", "", target.partition("#")[0])
        known = self.env.found_docs
        for candidate in (path.strip("/"), docname_join(docname, path)):
            if candidate in known:
                return Place(candidate)
            if f"{candidate}/index" in known:
                return Place(f"{candidate}/index")
        standard = self.env.domains.standard_domain
        if target in standard.labels:
            return Place(*standard.labels[target])
        if target in standard.anonlabels:
            return Place(*standard.anonlabels[target])
        found = by_slug.get(_slug(path.strip("/")), []) if path.startswith("/") else []
        return Place(found[0]) if len(found) == 1 else None

    # --- what is wrong ---

    def check_consistency(self) -> None:
        """Report what is wrong among the articles."""
        found = self.curriculum()
        for fault in [*self._unknown_prerequisites(found), *curriculum.faults(found)]:
            line = found.articles[fault.docname].line(fault.key)
            warn(
                fault.problem, fault.message, location=f"{self.env.doc2path(fault.docname)}:{line}"
            )

    def _unknown_prerequisites(self, found: Curriculum) -> Iterator[Fault]:
        labels = self.env.domains.standard_domain.anonlabels
        names = sorted({*self.env.found_docs, *labels})
        for docname, article in found.articles.items():
            places = self.places.get(docname, ())
            for item, place in zip(article.prerequisites, places, strict=True):
                if place is None:
                    near = get_close_matches(item.target, names, 1)
                    hint = f"did you mean {near[0]!r}?" if near else "name a document or a label"
                    message = f"unknown prerequisite {item.target!r}; {hint}"
                    yield Fault(Problem.UNKNOWN_PREREQUISITE, message, docname, "prerequisites")

    # --- what has to be written again ---

    def outdated_lists(self) -> list[str]:
        """Return the documents that show something of others which has changed."""
        self.data["blocks"] = [tuple(block) for block in blocks(self.env)]
        self.data["places"] = self._places()
        found = self.curriculum()
        self.data["following"] = found.following()
        shown = {docname: self._shown(found, docname) for docname in found.articles}
        before, self.data["shown"] = self.data["shown"], shown
        changed = {docname for docname in shown if before.get(docname) != shown[docname]}
        lists = self.data["lists"] if before != shown else super().outdated_lists()
        return sorted({*changed, *lists})

    def _shown(self, found: Curriculum, docname: str) -> str:
        """Return all that the page of an article shows of other pages."""
        following = self.following.get(docname, "")
        places = [(place, self._title(place)) for place in self.places[docname]]
        after = self._title(Place(following)) if following else ""
        return repr((places, following, after, found.title_of(found.articles[docname].block)))

    def _title(self, place: Place | None) -> str:
        if place is None or place.title:
            return ""
        title = self.env.titles.get(place.docname)
        return title.astext() if title else ""


def _slug(docname: str) -> str:
    """Return the last part of an address, by which an older site knew a page."""
    return re.sub(r"/?index$", "", docname).rsplit("/", 1)[-1]


def blocks(env: BuildEnvironment) -> list[Block]:
    """Return the blocks in their order: from ``conf.py``, else from the files in the folders."""
    configured = BLOCKS.value(env.config)
    if configured:
        return [Block(str(name), str(title or name)) for name, title in configured.items()]
    found: list[tuple[float, str, Block]] = []
    folders = {str(Path(docname).parent) for docname in env.found_docs}
    folders |= {str(parent) for folder in folders for parent in Path(folder).parents}
    for folder in sorted(folders):
        file = Path(env.srcdir, folder, BLOCK_FILE)
        if file.is_file() and folder != ".":
            found.append(_block(file, Path(folder).name))
    return [block for _, _, block in sorted(found)]


def _block(file: Path, name: str) -> tuple[float, str, Block]:
    """Return the order and the block that a file describes."""
    import yaml  # noqa: PLC0415  (comes with myst-parser, and is needed only for these files)

    values: Any
    try:
        values = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        values = " ".join(str(error).split())
    if not isinstance(values, dict):
        message = f"the file describes no block: write title and order in it ({values})"
        warn(Problem.BLOCK_FILE, message, location=f"{file}:1")
        values = {}
    order = values.get("order")
    place = float(order) if isinstance(order, int | float) else float("inf")
    return place, name, Block(name, str(values.get("title") or name))


def _amounts(document: nodes.document) -> tuple[int, int, int]:
    """Return the words of the text, those in notes, and the lines of code."""
    words = notes = code = 0
    waiting: list[tuple[nodes.Node, bool]] = [(child, False) for child in document.children]
    while waiting:
        node, noted = waiting.pop()
        if isinstance(node, nodes.Text):
            count = len(node.astext().split())
            words, notes = (words, notes + count) if noted else (words + count, notes)
        elif isinstance(node, nodes.literal_block):
            code += node.astext().count("\n") + 1
        elif not isinstance(
            node, (article_header, nodes.docinfo, nodes.field_list, nodes.Invisible, nodes.raw)
        ):
            inside = noted or isinstance(node, (nodes.footnote, StaysInPlace))
            waiting += [(child, inside) for child in node.children]
    return words, notes, code
