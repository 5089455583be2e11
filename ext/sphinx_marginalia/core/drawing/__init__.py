"""Figures of text and lines, drawn for web pages and for PDFs.

A feature computes its layout once, as numbers in pixels: ``text`` measures words and breaks them
into lines. Then it draws the layout twice, with ``svg`` and with ``tikz``.
"""

#: A position, or a corner of an outline: from the left and from the top, in pixels.
Point = tuple[float, float]
