"""Bytes as lines of sixteen, in hexadecimal and as characters, made when they are looked at."""

from __future__ import annotations

from collections.abc import Sequence

from kubetui.ui.widgets.line_source import Span

WIDTH = 16
"""Bytes a line."""


class HexLines:
    """A ``LineSource`` of any number of bytes: offset, sixteen bytes, their printable ASCII characters."""

    def __init__(self, value: bytes) -> None:
        self._value = value

    def __len__(self) -> int:
        return -(-len(self._value) // WIDTH)

    def line(self, index: int) -> Sequence[Span]:
        """See ``LineSource``."""
        part = self._value[index * WIDTH : (index + 1) * WIDTH]
        digits = f"{part[:8].hex(' '):<23}  {part[8:].hex(' '):<23}"
        characters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in part)
        return (Span(f"{index * WIDTH:08x}  ", "dim"), Span(f"{digits}  "), Span(characters, "string"))
