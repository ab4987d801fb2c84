"""What a description is made from, and what a kind declares: its sections, and what else must be read for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kubetui.insight.describe.page import Entry
from kubetui.insight.describe.reading import Json
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Meaning


@dataclass(frozen=True, slots=True)
class Part:
    """Something that was read beside the object, or why it was not."""

    items: Sequence[Any] = ()
    trouble: str = ""
    """Why it is not here: ``forbidden: list pods in team-04``."""
    loading: bool = False
    more: bool = False
    """There are more items than were read."""

    @property
    def known(self) -> bool:
        """Whether the items are all that there is to say."""
        return not self.trouble and not self.loading


LOADING = Part(loading=True)


@dataclass(frozen=True, slots=True)
class Link:
    """One owner, in the order from the object to the root."""

    kind: str
    name: str
    words: str = ""
    """Its state."""
    meaning: Meaning = Meaning.PLAIN
    trouble: str = ""
    """Why its state, and whatever owns it, is not known."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a description is made from."""

    found: Json
    """The object. A Secret's values are their sizes in bytes."""
    now: float
    """Unix seconds."""
    parts: Mapping[str, Part] = field(default_factory=dict)
    """By the names of ``Need``."""
    events: Part = LOADING
    """Of ``EventRow``."""
    owners: Sequence[Link] = ()
    owners_loading: bool = False

    def part(self, name: str) -> Part:
        """A part; one that was not asked for is still loading."""
        return self.parts.get(name, LOADING)

    @property
    def event_rows(self) -> Sequence[EventRow]:
        """The events."""
        return self.events.items


@dataclass(frozen=True, slots=True)
class Need:
    """A further read: a list, or one object (``single``)."""

    name: str
    path: str
    tried: str
    """For messages: ``list pods in team-04``."""
    query: tuple[tuple[str, str], ...] = ()
    single: bool = False
    wire: Any = None
    """A msgspec Struct to decode each item to, where whole objects would be too much; None: as they are."""
    row: Callable[[Any], Any] | None = None
    """What is kept of each item; worked out once, when it came."""


Section: TypeAlias = Callable[[Facts], Iterable[Entry]]


def no_needs(found: Json) -> Sequence[Need]:
    """For kinds whose object says everything."""
    return ()


@dataclass(frozen=True, slots=True)
class Description:
    """How one kind is described."""

    kind: str
    group: str
    sections: tuple[Section, ...]
    needs: Callable[[Json], Sequence[Need]] = no_needs
    has_events: bool = True
    """False where kubectl shows none."""
