"""A byte stream cut into lines, whatever the chunks; a line longer than the bound ends with words about the rest.

Lines end at ``\\n`` alone: the kubelet writes one after each, and what else a container wrote (``\\r``, NUL, U+2028)
is its own. The kubelet joins what the runtime had split at 16 KiB, so a line may have megabytes.
"""

from __future__ import annotations

from typing import Final

LONGEST: Final = 256 * 1024
"""Bytes of a line that are held, its stamp included."""


class LineCutter:
    """Feed chunks, get complete lines."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._rest = bytearray()
        self._over = 0

    @property
    def rest(self) -> bytes:
        """What came of a line whose end has not come."""
        return bytes(self._rest)

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that ``chunk`` completes, without their ends; empty lines are lines too."""
        if b"\n" not in chunk:
            self._keep(chunk)
            return []
        lines = chunk.split(b"\n")
        begun = bool(self._rest)
        if begun:
            self._keep(lines[0])
            lines[0] = bytes(self._rest) + (_words(self._over) if self._over else b"")
        self._rest.clear()
        self._over = 0
        self._keep(lines.pop())
        if len(chunk) > self._longest:
            for index in range(int(begun), len(lines)):  # the one that was begun is shortened already
                lines[index] = self._short(lines[index])
        return lines

    def _short(self, line: bytes) -> bytes:
        over = len(line) - self._longest
        return line if over <= 0 else line[: self._longest] + _words(over)

    def _keep(self, part: bytes) -> None:
        room = self._longest - len(self._rest)
        self._rest += part[:room]
        self._over += max(0, len(part) - room)


def _words(left_out: int) -> bytes:
    return f" [… {left_out:,} more bytes of this line are not held]".encode()
