"""What is wrong with the object, before anything else; nothing where all is well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe.facts import Facts
from kubetui.insight.describe.page import Entry, Words
from kubetui.insight.describe.reading import ago, get
from kubetui.insight.describe.state import state_of
from kubetui.kinds.kind import Meaning

NOTABLE: Final = frozenset({Meaning.LOOK, Meaning.ACT, Meaning.PLANNED})


def in_short(facts: Facts) -> Iterator[Entry]:
    """One line, and one more where the object is on its way out."""
    state = state_of(facts.found)
    if state.meaning in NOTABLE:
        yield Words(state.words, meaning=state.meaning)
    yield from leaving(facts)


def leaving(facts: Facts) -> Iterator[Entry]:
    """It is being deleted; finalizers may hold it."""
    deleted = get(facts.found, "metadata", "deletionTimestamp")
    if deleted:
        held = get(facts.found, "metadata", "finalizers")
        by = f"; held by {', '.join(map(str, held))}" if isinstance(held, list) and held else ""
        yield Words(f"being deleted, asked for {ago(deleted, facts.now)}{by}", meaning=Meaning.PLANNED)
