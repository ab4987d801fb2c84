"""A line of a container's log, and how the container runtime keeps it: records of at most 16 KiB with a timestamp."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubetui.demo.moment import rfc3339

SECOND = 1_000_000_000
"""Nanoseconds: all times of logs are integers, since equal timestamps have to be equal."""
RECORD_BYTES = 16 * 1024
"""containerd's ``max_container_log_line_size``: what is longer becomes several records, all but the last ``P``."""
OVERHEAD = len("2026-11-21T12:04:05.123456789Z stdout F \n")
"""What the runtime writes around each record."""
_PART_NANOSECONDS = 850
"""Between two records of one line: the kubelet shows the first one's time only."""


class Line(NamedTuple):
    """One line. Lines of a file are in the order of ``at``; their timestamps may be equal, or a little out of order."""

    at: int
    """When it was written, in the world's time: nanoseconds since 1970."""
    stamp: int
    """The timestamp that the node gave it, by the node's own clock."""
    text: bytes
    """Without the line's end; any bytes."""

    @property
    def records(self) -> int:
        """How many the runtime made of it."""
        return max(1, -(-len(self.text) // RECORD_BYTES))

    @property
    def stored(self) -> int:
        """Bytes of it in the node's file."""
        return len(self.text) + self.records * OVERHEAD


class Record(NamedTuple):
    """A piece of a line as the node's file has it."""

    stamp: int
    text: bytes
    last: bool
    """The line ends here (``F``); otherwise it goes on in the next record (``P``)."""


def records(line: Line, skip: int = 0) -> Iterator[Record]:
    """The line's records, without the first ``skip`` of them."""
    count = line.records
    for number in range(skip, count):
        piece = line.text[number * RECORD_BYTES : (number + 1) * RECORD_BYTES]
        yield Record(line.stamp + number * _PART_NANOSECONDS, piece, number == count - 1)


def timestamp(stamp: int) -> bytes:
    """As the kubelet writes it: always nine digits, ``2026-11-21T12:04:05.000000001Z`` (AKS nodes run in UTC)."""
    seconds, rest = divmod(stamp, SECOND)
    return f"{rfc3339(seconds)[:-1]}.{rest:09d}Z".encode()
