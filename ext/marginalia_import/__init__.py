"""Import a site of another generator into a Sphinx project with sphinx-marginalia.

    marginalia-import SOURCE DEST --project

This is a program, not an extension. It imports neither Sphinx nor an extension, and needs
``pip install "sphinx-marginalia[import]"``.

Read: :mod:`~marginalia_import.importer` guesses the dialect with :mod:`~marginalia_import.sites`,
whose modules find the articles and settings of a site, as a
:class:`~marginalia_import.sites.site.Site`, and its works.

Convert: :mod:`~marginalia_import.convert` takes one article through these steps.

===================================== ==============================================================
:mod:`~marginalia_import.tokenizer`   cuts the text into tags, expressions, comments, code, formulas
:mod:`~marginalia_import.templates`   asks the rule of each tag (:mod:`~marginalia_import.rules`)
                                      and leaves a placeholder in its place
``kramdown``, ``extensions``          turn attribute lists and the markup of plugins into Markdown
``mdx``, ``hugo_text``                show the code of MDX, and convert shortcodes by rule
:mod:`~marginalia_import.pandoc`      rewrites what only Pandoc’s Markdown has, with included files
:mod:`~marginalia_import.html`        converts HTML that means something: notes, citations, tables,
                                      details, figures, headings
``parser``, ``blocks``                find headings, paragraphs and tables, and rewrite them
``markdown``, ``notes``               rewrite the text in them, and its notes
``placeholders``                      puts everything back, with fences as long as they need to be
``links``                             labels the headings when all articles are converted
:mod:`~marginalia_import.check`       compares the words, and looks for markup that stayed
===================================== ==============================================================

An article that is in MyST already goes through :mod:`~marginalia_import.myst` instead.

Write: :mod:`~marginalia_import.project` writes the articles and the pages around them.

Only ``importer``, ``sites``, ``rules.custom``, ``pandoc.includes`` and ``project`` touch files; all
others turn text into text.
"""
