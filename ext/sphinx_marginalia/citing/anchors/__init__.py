"""Names of sections that never vanish: what was printed once leads there for ever.

The thinking is pure, a module an idea:

``lock``     the file ``anchors.lock.json``: headings and records, read and written
``places``   where a name stands, and where it leads when it stands nowhere any more
``changes``  what is new since the lock was written; a name that took over, or ended
``rules``    what is wrong: in sources and lock, and against the last release
``forward``  what old pages must keep
``names``    what a name looks like, and which to suggest
``sources``  names written above headings
``site``     whether a built site keeps all that was promised; ``pages`` reads its HTML
``faults``   what can be wrong, in words for people

``history`` asks git, ``files`` writes, and ``program`` is what ``make anchors`` does.
"""
