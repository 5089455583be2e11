"""What can be wrong with permanent names of sections."""

from __future__ import annotations

from sphinx_marginalia.core.diagnostics import Example, Problem


class PermalinkProblem(Problem):
    """Problems of permanent names of sections."""

    ANCHOR_LOCK_FILE = (
        "The file anchors.lock.json, or a record in it, cannot be understood.",
        Example(
            "(distances)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances",\n    "sucessor": "parallax"\n  }\n}'
            },
        ),
    )
    ANCHOR_PATTERN = (
        "The name of a heading is another one in addresses, or can be none: docutils changes it.",
        Example(
            "(61-cygni)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "cygni": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#cygni"\n  }\n}'
            },
        ),
    )
    ANCHOR_USED_TWICE = (
        "A permanent name stands at two headings. A printed link can lead to one only.",
        Example(
            "(distances)=\n# Distances",
            files={
                "parallax.md": "(distances)=\n# Parallax",
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances"\n  }\n}',
            },
        ),
    )
    ANCHOR_NAMELESS = (
        "A heading has no permanent name, and so no link to it can be promised.",
        Example(
            "(distances)=\n# Distances\n\n## Parallax",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances"\n  }\n}'
            },
        ),
    )
    ANCHOR_NEW = (
        "The permanent name of a heading is not in anchors.lock.json yet.",
        Example(
            "(distances)=\n# Distances\n\n(parallax)=\n## Parallax",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances"\n  }\n}'
            },
        ),
    )
    ANCHOR_MISSING = (
        "A permanent name stands at no heading any more, and nothing says where it leads now.",
        Example(
            "(distances)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances"\n  },\n  "parallax": {\n    "first": "1.0",\n'
                '    "title": "Distances",\n    "at": "index#parallax"\n  }\n}'
            },
        ),
    )
    ANCHOR_MOVED = (
        "A heading stands at another place than anchors.lock.json says.",
        Example(
            "(distances)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "stars#distances"\n  }\n}'
            },
        ),
    )
    ANCHOR_REVIVED = (
        "A permanent name that was retired stands at a heading again.",
        Example(
            "(distances)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances",\n    "reason": "It was wrong."\n  }\n}'
            },
        ),
    )
    ANCHOR_SUCCESSOR = (
        "A retired name has no living successor, and no reason to show in its place.",
        Example(
            "(distances)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances"\n  },\n  "cygni": {\n    "first": "1.0",\n'
                '    "title": "Distances",\n    "at": "index#cygni",\n'
                '    "successor": "distance"\n  }\n}'
            },
        ),
    )
    ANCHOR_OLD_PLACE = (
        "An old place belongs to two names, or is where another section stands now.",
        Example(
            "(distances)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances",\n    "was": [\n      "stars#cygni"\n    ]\n  },\n'
                '  "cygni": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#cygni",\n    "successor": "distances",\n    "was": [\n'
                '      "stars#cygni"\n    ]\n  }\n}'
            },
        ),
    )
    ANCHOR_REMOVED = (
        "A name or an old place of the last release is no longer in anchors.lock.json.",
        Example(
            "(distances)=\n# Distances",
            files={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances"\n  }\n}'
            },
            released={
                "anchors.lock.json": '{\n  "distances": {\n    "first": "1.0",\n    "title": "Distances",\n'
                '    "at": "index#distances"\n  },\n  "parallax": {\n    "first": "1.0",\n'
                '    "title": "Distances",\n    "at": "index#parallax"\n  }\n}'
            },
        ),
    )
