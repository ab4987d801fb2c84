"""What is wrong with the object, before anything else; nothing where all is well."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.page import Entry, Words
from kubetui.insight.describe.reading import ago, get, seconds_of, strings
from kubetui.insight.describe.state import state_of
from kubetui.kinds.kind import Meaning

_LATE: Final = 10
"""Seconds after the grace by which a kubelet that answers has confirmed the end."""
_NARROW: Final = 76
NOTABLE: Final = frozenset({Meaning.LOOK, Meaning.ACT, Meaning.PLANNED})


def in_short(facts: Facts) -> Iterator[Entry]:
    """One line, and one more where the object is on its way out."""
    state = state_of(facts.found)
    if state.meaning in NOTABLE:
        yield Words(state.words, meaning=state.meaning)
        yield from details(state.why)
    yield from leaving(facts)


def details(*texts: str) -> Iterator[Entry]:
    """What stands behind a problem, in lines that a narrow screen shows whole."""
    for line in "\n".join(texts).splitlines():
        yield from (Words(part, 1) for part in wrap(line.strip(), _NARROW, break_on_hyphens=False))


def leaving(facts: Facts) -> Iterator[Entry]:
    """It is being deleted: when its grace ends or ended, and what holds it."""
    deleted = get(facts.found, "metadata", "deletionTimestamp")
    if not deleted:
        return
    late = facts.now - seconds_of(deleted) > _LATE
    yield Words(
        f"being deleted, its grace {'ended' if late else 'ends'} {ago(deleted, facts.now)}", meaning=Meaning.PLANNED
    )
    held = strings(facts.found, "metadata", "finalizers")
    if held:
        yield Words(f"held by finalizers: {', '.join(held)}", 1, Meaning.LOOK if late else Meaning.PLAIN)
    elif late:
        yield Words("still there although its grace is over: nobody has confirmed its end", 1, Meaning.LOOK)
