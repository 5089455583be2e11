"""The closed list of what can go wrong.

Each warning has the type ``marginalia`` and one of these subtypes, so that a project can silence
one of them: ``suppress_warnings = ["marginalia.nested_note"]``. The sentence beside a name is its
documentation.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils import nodes

TYPE = "marginalia"

logger = logging.getLogger(__name__)


class Problem(Enum):
    """What can be wrong in a source file or in ``conf.py``."""

    OPTION_VALUE = (
        "option_value",
        "An option in conf.py has a value that it cannot have. Its default is used.",
    )
    EMPTY_NOTE = (
        "empty_note",
        "A sidenote or margin note has no text. It is left out: nothing was written in it.",
    )
    SPLIT_NOTE = (
        "split_note",
        "A note ends with the name of a role, whose backquote ended it. Use double backquotes.",
    )
    NESTED_NOTE = (
        "nested_note",
        "A note stands within a note. Its text is kept, in brackets, in the outer note.",
    )
    NOTE_WITHOUT_ANCHOR = (
        "note_without_anchor",
        "No text stands before a sidenote directive. Its number gets a line of its own.",
    )
    MISPLACED_NOTE = (
        "misplaced_note",
        "A note stands where no note can: in the text of a link. It is put behind the link.",
    )
    UNDEFINED_FOOTNOTE = (
        "undefined_footnote",
        "A footnote is referred to but nowhere defined. What was written is shown as it stands.",
    )
    UNUSED_FOOTNOTE = (
        "unused_footnote",
        "A footnote is defined, but nothing refers to it. It becomes a margin note.",
    )
    PAUSE_WITHOUT_QUESTION = (
        "pause_without_question",
        "A pause-and-think block has no question after its name. Its body is shown all the same.",
    )
    STRAY_DISCUSSION = (
        "stray_discussion",
        "A discussion stands outside of a pause-and-think block. It is shown open, in its place.",
    )
    KEY_IDEA_WITHOUT_TERM = (
        "key_idea_without_term",
        "A key idea has no term after its name. Its definition is shown all the same.",
    )
    EMPTY_LIST = (
        "empty_list",
        "A list of questions, key ideas or claims has nothing to show. It is left out.",
    )
    EMPTY_KEY_IDEA = (
        "empty_key_idea",
        "A key idea has a term and no definition. The term is shown alone.",
    )
    UNKNOWN_MATH = (
        "unknown_math",
        "A formula holds something that cannot be made MathML. Its TeX source is shown instead.",
    )

    UNKNOWN_PREREQUISITE = (
        "unknown_prerequisite",
        "A prerequisite of an article is no document, label or web address. It is shown as text.",
    )
    CYCLIC_PREREQUISITE = (
        "cyclic_prerequisite",
        "Articles need each other, in a circle. None can be read first.",
    )
    HARDER_PREREQUISITE = (
        "harder_prerequisite",
        "A prerequisite is harder than the article that needs it.",
    )
    UNKNOWN_BLOCK = (
        "unknown_block",
        "An article is in a block that nothing defines. It comes behind all blocks.",
    )
    UNKNOWN_DIFFICULTY = (
        "unknown_difficulty",
        "The difficulty of an article is none of beginner, intermediate, advanced. It is left out.",
    )
    ARTICLE_ORDER = (
        "article_order",
        "The order of the articles in a block has a gap, or two articles have the same place.",
    )
    DUPLICATE_TERM = (
        "duplicate_term",
        "A term is defined twice, in one article or in two. The glossary shows both definitions.",
    )
    MISSING_METADATA = (
        "missing_metadata",
        "An article has no title or no description in its front matter.",
    )
    METADATA_TYPE = (
        "metadata_type",
        "A value in the front matter has the wrong type. It is left out.",
    )
    METADATA_KEY = (
        "metadata_key",
        "A key in the front matter of an article is unknown, and much like one that is known.",
    )
    TITLE_MISMATCH = (
        "title_mismatch",
        "The title in the front matter of an article is not the heading of its page.",
    )
    BLOCK_FILE = (
        "block_file",
        "A file _block.yaml cannot be used as it is. Its block is named after its folder.",
    )

    UNCITED_WORK = (
        "uncited_work",
        "Works are in a file that a bibliography is made of, and nothing cites them.",
    )
    CITATION_FILE = (
        "citation_file",
        "CITATION.cff is not as the format wants it. What is wrong is left out of citations.",
    )
    CITATION_METADATA = (
        "citation_metadata",
        "The front matter of a page names its authors, date or DOI in a way that cannot be read.",
    )
    TAKEN_ADDRESS = (
        "taken_address",
        "A file of the site has the name of a page for old links or citations. It is kept.",
    )
    ANCHOR_LOCK_FILE = (
        "anchor_lock_file",
        "The file anchors.lock.json, or a record in it, cannot be understood.",
    )
    ANCHOR_PATTERN = (
        "anchor_pattern",
        "The name of a heading is another one in addresses, or can be none: docutils changes it.",
    )
    ANCHOR_USED_TWICE = (
        "anchor_used_twice",
        "A permanent name stands at two headings. A printed link can lead to one only.",
    )
    ANCHOR_NAMELESS = (
        "anchor_nameless",
        "A heading has no permanent name, and so no link to it can be promised.",
    )
    ANCHOR_NEW = (
        "anchor_new",
        "The permanent name of a heading is not in anchors.lock.json yet.",
    )
    ANCHOR_MISSING = (
        "anchor_missing",
        "A permanent name stands at no heading any more, and nothing says where it leads now.",
    )
    ANCHOR_MOVED = (
        "anchor_moved",
        "A heading stands at another place than anchors.lock.json says.",
    )
    ANCHOR_REVIVED = (
        "anchor_revived",
        "A permanent name that was retired stands at a heading again.",
    )
    ANCHOR_SUCCESSOR = (
        "anchor_successor",
        "A retired name has no living successor, and no reason to show in its place.",
    )
    ANCHOR_OLD_PLACE = (
        "anchor_old_place",
        "An old place belongs to two names, or is where another section stands now.",
    )
    ANCHOR_REMOVED = (
        "anchor_removed",
        "A name or an old place of the last release is no longer in anchors.lock.json.",
    )

    CLAIM_INCOMPLETE = (
        "claim_incomplete",
        "A claim has no id, says nothing, or lacks its kind or its verdict.",
    )
    CLAIM_OPTION = (
        "claim_option",
        "An option of a claim, or of a table of claims, is unknown or cannot have that value.",
    )
    CLAIM_DUPLICATE = (
        "claim_duplicate",
        "Two claims have the same id. References lead to the first.",
    )
    CLAIM_UNKNOWN = (
        "claim_unknown",
        "A reference leads to no claim. Its text is shown.",
    )
    CLAIM_UNKNOWN_WORK = (
        "claim_unknown_work",
        "A claim rests on a work that is in no file of works. Its key is shown.",
    )
    CLAIM_WORKS_UNREAD = (
        "claim_works_unread",
        "Claims name works, and the project does not load sphinxcontrib-bibtex. Keys are shown.",
    )
    CLAIM_WITHOUT_EVIDENCE = (
        "claim_without_evidence",
        "A claim is said to be supported or contested, and rests on no evidence.",
    )
    CLAIM_UNOPPOSED = (
        "claim_unopposed",
        "A claim is said to be contested or refuted, and nothing is named that speaks against it.",
    )
    CLAIM_DATE = (
        "claim_date",
        "A claim was reviewed on a day that is no date, or is still to come.",
    )

    TIMELINE_FILE = (
        "timeline_file",
        "The file of a timeline is not there, or not within the project, or cannot be read.",
    )
    TIMELINE_DATA = (
        "timeline_data",
        "The YAML of a timeline is none, or not of milestones. What can be read is shown.",
    )
    TIMELINE_DATE = (
        "timeline_date",
        "A milestone has no date, or one that cannot be, or ends before it begins. It comes last.",
    )
    TIMELINE_KEY = (
        "timeline_key",
        "A key of a milestone is unknown, or there twice. What stands behind it is not shown.",
    )
    TIMELINE_TITLE = (
        "timeline_title",
        "A milestone has no title.",
    )
    TIMELINE_CITATION = (
        "timeline_citation",
        "A milestone cites a work that no file of works has. It is shown without that citation.",
    )

    def __init__(self, subtype: str, meaning: str) -> None:
        self.subtype = subtype
        self.meaning = meaning


def warn(
    problem: Problem,
    message: str,
    location: nodes.Node | tuple[str, int] | str | None,
) -> None:
    """Log *message* as a warning of the kind *problem*.

    :param location: a node, a document name with a line, or a text that names the place.
    """
    logger.warning("%s", message, type=TYPE, subtype=problem.subtype, location=location)
