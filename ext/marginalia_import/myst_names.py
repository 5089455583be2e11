"""The directives and roles of MyST that a new project knows, and those that become others. Pure."""

from __future__ import annotations

#: The directives whose content is code, so that nothing is read in it.
CODE = frozenset(
    "code code-block code-cell sourcecode literalinclude math raw mermaid eval-rst doctest "
    "prompt graphviz parsed-literal bibliography toctree csv-table image embed glue tikz".split()
)
#: What the new project knows: docutils, Sphinx, MyST-Parser, sphinx-design and our own extensions.
KNOWN = CODE - {"mermaid", "embed", "glue", "prompt", "tikz", "code-cell", "doctest"} | frozenset(
    "admonition attention caution danger error hint important note seealso tip todo warning "
    "figure table list-table topic sidebar rubric epigraph highlights pull-quote compound "
    "container contents centered hlist versionadded versionchanged deprecated versionremoved "
    "glossary index only include tabularcolumns productionlist math eval-rst div figure-md "
    "html meta role class default-role date replace unicode line-block header footer sectnum "
    "highlight currentmodule module py:function py:class py:method py:module py:data "
    "py:attribute py:exception option program cmdoption envvar object describe confval "
    "grid grid-item grid-item-card card card-carousel tab-set tab-item tab-set-code dropdown "
    "button-link button-ref article-info "
    "sidenote marginnote margin pause-and-think discussion key-idea learning-path timeline "
    "claim claim-table claim-matrix how-to-cite pause-list key-idea-list article-glossary".split()
)
ADMONITIONS = frozenset(
    "admonition attention caution danger error hint important note seealso tip warning".split()
)
#: What myst-nb knows.
CODE_CELLS = frozenset({"code-cell", "glue", "raw-cell"})
#: The roles that the new project knows.
ROLES = frozenset(
    "abbr abbreviation any button class code command del dfn doc download emphasis eq eval "
    "envvar external file guilabel index keyword kbd literal mailheader makevar manpage math "
    "menuselection mimetype newsgroup numref option pep program raw ref regexp rfc samp span "
    "strike strong sub subscript sup superscript term title-reference token underline u "
    "confval sidenote marginnote claim glossary key-idea how-to-cite".split()
)
#: The directives of others that become ours.
RENAMED = {"aside": "marginnote", "margin": "marginnote"}
PROOFS = {
    "theorem", "lemma", "corollary", "proposition", "definition", "example", "remark", "proof",
    "axiom", "conjecture", "algorithm", "property", "observation", "criterion", "assumption",
}  # fmt: skip
UNNUMBERED = frozenset({"proof", "remark"})
