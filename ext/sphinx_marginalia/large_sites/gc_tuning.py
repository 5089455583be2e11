"""Run Python's garbage collector less often during a build.

Sphinx makes millions of small objects and needs them to the end. Python runs the collector every
700 new ones (2,000 since 3.13) and frees almost nothing: that is half of the time of a large build.
Here it runs every 10,000, and on older objects relatively more often than by default, so that a
build takes no more memory. Objects that exist before the build are frozen, so the collector skips
them, and so are those of the environment that is loaded. At exit, where it takes half of a build in
which nothing has changed, it skips all objects.

The settings are restored when a build ends, even if it failed.
"""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING

from sphinx_marginalia.core.outdated import LAST
from sphinx_marginalia.large_sites.options import GC_TUNING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: For :func:`gc.set_threshold`: how many new objects start a collection of the youngest, how many
#: of those start one of the middle generation, and how many of these a full one. Measured on 250
#: essays; (10,000, 10, 10) is as fast and takes half as much memory again.
THRESHOLDS = (10_000, 5, 5)
#: With more frozen objects, a program has frozen them: Python 3.12 itself starts with hundreds.
MOST_FROZEN_BY_PYTHON = 1000


class Collector:
    """The garbage collector of this process, which several builds may share."""

    def __init__(self) -> None:
        self._builds = 0
        self._thresholds = gc.get_threshold()
        self._has_frozen = False
        self._must_unfreeze = False

    def relax(self) -> None:
        """Have it run less often, and skip existing objects, unless it is switched off."""
        self._builds += 1
        if self._builds > 1:
            return
        self._thresholds = gc.get_threshold()
        if self._thresholds[0] and gc.isenabled():
            gc.set_threshold(*THRESHOLDS)
            # Once in a process: the garbage of one build is collected in the next. And a program
            # that has frozen objects itself would not want them unfrozen.
            frozen = gc.get_freeze_count()
            self._must_unfreeze = not self._has_frozen and frozen < MOST_FROZEN_BY_PYTHON
            self._has_frozen = True
            if self._must_unfreeze:
                gc.freeze()

    def freeze(self) -> None:
        """Have it skip what exists now as well, where it skips anything: the loaded environment."""
        if self._must_unfreeze:
            gc.freeze()

    def restore(self) -> None:
        """Restore its settings when the last of the builds has ended."""
        self._builds = max(0, self._builds - 1)
        if self._builds:
            return
        gc.set_threshold(*self._thresholds)
        if self._must_unfreeze:
            self._must_unfreeze = False
            gc.unfreeze()


COLLECTOR = Collector()


def tune(app: Sphinx, config: Config) -> None:
    """Tune the collector before the environment of the last build is loaded (``config-inited``)."""
    if GC_TUNING.value(config):
        # Only at exit: what a program that builds several projects no longer uses is collected.
        atexit.unregister(gc.freeze)
        atexit.register(gc.freeze)
        COLLECTOR.relax()
        app.connect("builder-inited", lambda _app: COLLECTOR.freeze())
        app.connect("build-finished", lambda _app, _exception: COLLECTOR.freeze(), priority=0)
        # After the files beside the site are written.
        app.connect(
            "build-finished", lambda _app, _exception: COLLECTOR.restore(), priority=LAST + 1
        )
