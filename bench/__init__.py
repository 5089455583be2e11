"""What the extensions cost: build times against plain Sphinx, as ratios within one run.

``corpus``
    Essays made from a seed.
``contests``
    The same text once for plain Sphinx and once for our extensions, by what is compared.
``citable``
    For one of these: permanent names, their lock, and a ``CITATION.cff``.
``claims``
    For another: claims, or lists and a table that say the same.
``measure``
    One build in a process of its own, its CPU seconds and its memory.
``runner``
    Around each build: notes what the garbage collector takes of it.
``report``
    Ratios and growth, as a Markdown table and as JSON.
``hotspots``
    Where the time of our extensions goes.

``python -m bench --help`` tells the options. CPU seconds depend on the machine and on what else it
does, so builds to be compared take turns, and only their ratio is a result.

Builds are written to the folder for temporary files. Where that is on a disk, to make a file can
take the system up to a hundred times as long as in memory, and never as long as the time before;
``TMPDIR=/dev/shm`` keeps that out of what is measured.
"""
