"""How Python collects garbage in a program that holds long histories."""

import gc

_BEFORE_LOOKING = (50_000, 20, 100)
"""Numbers of new objects, and of earlier looks. The usual 700 are soon there in a history, whose objects all stay: a
report of a large team took half as long again."""


def collect_seldom() -> None:
    """Of the whole process; objects that no cycle holds are freed at once, as always."""
    gc.set_threshold(*_BEFORE_LOOKING)
