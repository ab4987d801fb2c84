"""JSON with holes: written once per workload, filled once per object, by one join."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

_HOLE = re.compile(r'"@m:(\w+)@":0,|,"@t:(\w+)@"|"@v:(\w+)@"|@s:(\w+)@')


def member(slot: str) -> str:
    """A key that stands for whole members: put ``{member("NODE"): 0}`` into a dict, before another member.

    What fills the hole brings its own comma at the end, or is empty.
    """
    return f"@m:{slot}@"


def tail(slot: str) -> str:
    """The end of a list, not its first item: what fills the hole brings its own comma in front, or is empty."""
    return f"@t:{slot}@"


def value(slot: str) -> str:
    """A value that stands for raw JSON."""
    return f"@v:{slot}@"


def text(slot: str) -> str:
    """A part of a JSON string; what fills the hole is already escaped."""
    return f"@s:{slot}@"


class Template:
    """Bytes of JSON with named holes."""

    __slots__ = ("_parts", "_pick", "slots")

    def __init__(self, source: str, slots: Sequence[str]) -> None:
        """``slots``: the order in which ``render`` takes the values; a hole with another name is a KeyError."""
        index = {slot: position for position, slot in enumerate(slots)}
        parts: list[bytes] = []
        holes: list[int] = []
        end = 0
        for hole in _HOLE.finditer(source):
            parts += (source[end : hole.start()].encode(), b"")
            holes.append(index[next(name for name in hole.groups() if name)])
            end = hole.end()
        parts.append(source[end:].encode())
        if len(holes) < 2:
            raise ValueError("a template has at least two holes")
        self.slots = tuple(slots)
        self._parts = parts
        self._pick = itemgetter(*holes)

    def render(self, values: Sequence[bytes]) -> bytes:
        """The JSON, with ``values`` in the order of ``slots``."""
        parts = self._parts.copy()
        parts[1::2] = self._pick(values)
        return b"".join(parts)
