"""What the extensions cost: build times against plain Sphinx, as ratios within one run.

``corpus``
    Essays made from a seed: the same text once with footnotes, once with sidenotes.
``measure``
    One build in a process of its own, its CPU seconds and its memory.
``report``
    Ratios and growth, as a Markdown table and as JSON.
``hotspots``
    Where the time of our extensions goes.

``python -m bench --help`` tells the options. CPU seconds depend on the machine and on what else it
does, so builds to be compared take turns, and only their ratio is a result.
"""
