"""Python's garbage collector looks less often while a project is built.

Sphinx makes millions of small objects, and Python looks through the new ones after every 700. Few
of them are garbage yet: half of the time of a large build goes into looking. With this extension
Python looks after every 10,000, and through the older ones oftener than usual in turn, so that a
build takes no more memory. What is there before a build, which is modules for the most part, it
does not look through at all. What is built is the same.

When Python ends, it looks through everything several times more, for what will be gone in a moment
anyhow: that is half of a build in which nothing has changed. It is told not to.

The interpreter's own settings are put back when the build is over, also one that failed; after one
that never began, or was stopped by a signal, they stay, and what was there is not looked through.
"""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING

from sphinx_marginalia.large_sites.options import GC_TUNING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

#: How many objects are made before the youngest are looked through, how often that happens before
#: the middle-aged are, and how often that before all are: see :func:`gc.set_threshold`. Measured on
#: 250 essays; (10,000, 10, 10) takes as long and half as much memory again.
THRESHOLDS = (10_000, 5, 5)
#: Fewer than these no program has frozen: Python 3.12 begins with some hundreds.
FEW = 1000


class Collector:
    """The garbage collector of this process, which several builds may share."""

    def __init__(self) -> None:
        self._builds = 0
        self._before = gc.get_threshold()
        self._has_frozen = False
        self._thaws = False

    def relax(self, _app: Sphinx, _config: Config) -> None:
        """Have it look less often, and not through what is there, unless it is switched off."""
        self._builds += 1
        if self._builds > 1:
            return
        self._before = gc.get_threshold()
        if self._before[0] and gc.isenabled():
            gc.set_threshold(*THRESHOLDS)
            # Once in a process: what a build leaves is to be found in the next. And a program that
            # has frozen objects itself would not want them thawed.
            self._thaws = not self._has_frozen and gc.get_freeze_count() < FEW
            self._has_frozen = True
            if self._thaws:
                gc.freeze()

    def restore(self, _app: Sphinx, _exception: Exception | None) -> None:
        """Have it look as before, when the last of the builds is over."""
        self._builds = max(0, self._builds - 1)
        if self._builds:
            return
        gc.set_threshold(*self._before)
        if self._thaws:
            self._thaws = False
            gc.unfreeze()


COLLECTOR = Collector()


def register(app: Sphinx) -> None:
    """Tune the collector before the environment of the last build is loaded."""
    app.connect("config-inited", _tune)


def _tune(app: Sphinx, config: Config) -> None:
    if GC_TUNING.value(config):
        # Frozen objects are not collected. Only when Python ends: what a program that builds several
        # projects no longer uses should be collected before.
        atexit.unregister(gc.freeze)
        atexit.register(gc.freeze)
        COLLECTOR.relax(app, config)
        app.connect("build-finished", COLLECTOR.restore)
