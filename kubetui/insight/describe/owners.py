"""The chain of owners, from the object up to its root, each with its state."""

from __future__ import annotations

from collections.abc import Iterator

from kubetui.insight.describe.facts import Facts, Link
from kubetui.insight.describe.metadata import controller
from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.state import state_of
from kubetui.kinds.kind import Meaning


def owners(facts: Facts) -> Iterator[Entry]:
    """Nothing for an object that nobody owns."""
    if not facts.owners and controller(facts.found) is None:
        return
    if not facts.owners:
        yield Field("Owners", "loading …" if facts.owners_loading else "–")
        return
    yield Heading("Owners")
    yield Grid((), [_row(depth, link) for depth, link in enumerate(facts.owners)])


def _row(depth: int, link: Link) -> Row:
    name = "  " * depth + ("└ " if depth else "") + f"{link.kind}/{link.name}"
    words = link.trouble or link.words
    return Row((name,), note=words, meaning=Meaning.LOOK if link.trouble else link.meaning)


def link_of(found: object, kind: str, name: str) -> Link:
    """An owner that was read."""
    state = state_of(found)
    return Link(kind, name, f"{state.words}: {state.why}" if state.why else state.words, state.meaning)
