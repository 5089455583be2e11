"""Bring an essay site of Eleventy or Tufte-Jekyll to sphinx-marginalia.

    python -m marginalia_import SOURCE DEST --project

A program, not an extension of Sphinx. It needs ``pip install "sphinx-marginalia[import]"``.

How an article goes through it:

``template``, ``arguments``
    cut its text into tags, expressions, comments, code, formulas and what is between;
``assemble``
    asks the rule of each tag (``rules``, ``own``) what it becomes, and puts a mark in its place;
``kramdown``, ``structure``
    make blocks of what the old site's HTML and attribute lists meant;
``blocks``, ``inline``
    rewrite headings, paragraphs, tables, links and images;
``marks``
    puts everything back, blocks with fences as long as they need;
``links``
    names the headings when all articles are read.

``discover`` and ``run`` read files, ``write`` writes them; all else is text in, text out.
"""
