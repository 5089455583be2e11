"""The directives and roles of MyST that a new project knows, and those that become others. Pure."""

from __future__ import annotations

import re

#: The directives whose content is code, so that nothing is read in it.
CODE = frozenset(
    "code code-block code-cell sourcecode literalinclude math raw mermaid eval-rst doctest "
    "prompt graphviz parsed-literal bibliography toctree csv-table image embed glue tikz".split()
)
#: What the new project knows: docutils, Sphinx, MyST-Parser, sphinx-design and our own extensions.
KNOWN = CODE - {*"mermaid embed glue prompt tikz code-cell doctest graphviz".split()} | frozenset(
    "admonition attention caution danger error hint important note seealso tip warning "
    "figure table list-table topic sidebar rubric epigraph highlights pull-quote compound "
    "container contents centered hlist versionadded versionchanged deprecated versionremoved "
    "glossary index only include tabularcolumns productionlist math eval-rst div figure-md "
    "meta role class default-role date replace unicode line-block header footer sectnum "
    "highlight option program cmdoption envvar object describe confval "
    "grid grid-item grid-item-card card card-carousel tab-set tab-item tab-set-code dropdown "
    "card-header card-footer accordion steps step button-link button-ref article-info acks "
    "codeauthor sectionauthor title target-notes rst-class cssclass footbibliography "
    "sidenote marginnote margin pause-and-think discussion key-idea learning-path timeline "
    "claim claim-table claim-matrix how-to-cite pause-list key-idea-list article-glossary".split()
)
ADMONITIONS = frozenset(
    "admonition attention caution danger error hint important note seealso tip warning".split()
)
#: The admonition for each kind of callout, in all dialects. A kind that docutils knows keeps its
#: name. Obsidian, Docusaurus, VitePress and MkDocs show the name of the others as their title.
CALLOUTS = {
    **{name: name for name in ADMONITIONS - {"admonition"}},
    **dict.fromkeys("info information abstract summary tldr todo example".split(), "note"),
    **dict.fromkeys("success check done".split(), "tip"),
    **dict.fromkeys("question help faq".split(), "hint"),
    **dict.fromkeys("failure fail missing".split(), "danger"),
    "bug": "error",
    # Those of The Carpentries.
    **dict.fromkeys(
        "challenge checklist instructor keypoints objectives prereq questions testimonial".split(),
        "note",
    ),
}
#: Other words for a kind, which no dialect shows.
SYNONYMS = {"warn": "warning", "alert": "warning"}
CALLOUTS |= SYNONYMS
#: What myst-nb knows.
CODE_CELLS = frozenset({"code-cell", "glue", "raw-cell"})
#: The roles that the new project knows.
ROLES = frozenset(
    "abbr abbreviation acronym any code command cve cwe dfn doc download emphasis eq "
    "envvar file footcite guilabel index keyword kbd literal mailheader makevar manpage math "
    "menuselection mimetype newsgroup numref option pep program raw ref regexp rfc samp "
    "strong sub subscript sup superscript term title-reference token "
    "confval sidenote marginnote claim glossary reading-time".split()
)
#: What the names of the other directives and roles that it knows begin with: those of domains.
DOMAINS = ("py:", "c:", "cpp:", "js:", "rst:", "std:", "math:")
#: The roles of sphinxcontrib-bibtex.
CITE = re.compile(
    r"cite(?::(?:(?:p|t|ct|c?author|authorpar)s?|(?:year|label)(?:par)?|empty))?|footcite(?::[pt]s?)?"
)
#: The directives of others that become ours.
RENAMED = {"aside": "marginnote", "margin": "marginnote"}
PROOFS = {
    "theorem", "lemma", "corollary", "proposition", "definition", "example", "remark", "proof",
    "axiom", "conjecture", "algorithm", "property", "observation", "criterion", "assumption",
    "exercise", "solution",
}  # fmt: skip
UNNUMBERED = frozenset({"proof", "remark", "solution"})
#: What ends a part with cells, which no directive can contain.
GATES = frozenset({"exercise-end", "solution-end"})
