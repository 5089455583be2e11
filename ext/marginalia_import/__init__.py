"""Import a site of another generator into a Sphinx project with sphinx-marginalia.

    marginalia-import SOURCE DEST --project

This is a program, not an extension. It imports neither Sphinx nor an extension, and needs
``pip install "sphinx-marginalia[import]"``.

Read: :mod:`~marginalia_import.importer` guesses the dialect; :mod:`~marginalia_import.eleventy`,
:mod:`~marginalia_import.jekyll` or one of :mod:`~marginalia_import.dialects` finds the articles and
settings, which become a :class:`~marginalia_import.site.Site`;
:mod:`~marginalia_import.bibliography` reads the works.

Convert: :mod:`~marginalia_import.convert` takes one article through these steps.

==================================== ===============================================================
:mod:`~marginalia_import.tokenizer`  cuts the text into tags, expressions, comments, code, formulas
:mod:`~marginalia_import.templates`  asks the rule of each tag (``builtin_rules``, ``custom_rules``)
                                     and leaves a placeholder in its place
``kramdown``, ``extensions``         turn attribute lists and the markup of plugins into Markdown
``mdx``, ``components``              show the code of MDX, and convert its components by rule
``hugo_text``                        converts shortcodes by rule (``named_rules``)
``math_and_code``                    converts formulas, and the code in shortcodes and components
``pandoc_includes``                  adds included files and frozen output to an article of Quarto
``elements``, ``html_tree``          convert HTML that means something: notes, citations, tables
``html_blocks``                      turns details, figures and headings of HTML into directives
``parser``, ``blocks``               find headings, paragraphs and tables, and rewrite them
``markdown``, ``notes``              rewrite the text in them, and its notes
``placeholders``                     puts everything back, with fences as long as they need to be
``links``                            labels the headings when all articles are converted
:mod:`~marginalia_import.check`      compares the words, and looks for markup that stayed
==================================== ===============================================================

Write: :mod:`~marginalia_import.project` writes the articles and the pages around them.

Only ``importer``, ``discovery``, the readers of sites, ``site``, ``bibliography``,
``custom_rules``, ``tufte_html``, ``pandoc_includes`` and ``project`` touch files; all others turn
text into text.
"""
