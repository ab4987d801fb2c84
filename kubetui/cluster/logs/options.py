"""What of a log is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from kubetui.cluster.logs.line_cutter import LONGEST

MOST_STREAMS = 50
"""Streams open at a time unless a person asks for more: each is a connection through the API server to a kubelet."""


@dataclass(frozen=True, slots=True)
class LogOptions:
    """How far back, which containers, and whether to go on."""

    containers: str = ""
    """A regular expression that a container's name must contain; ``""`` for all."""
    since: float | None = None
    """Seconds back from now; None for the whole of what the node holds."""
    tail: int | None = None
    """At most so many lines of each container that is there already; None for all."""
    previous: bool = False
    """The container run before the present one, read once."""
    follow: bool = True
    most_streams: int = MOST_STREAMS
    longest_line: int = LONGEST
    """Bytes; of a longer line the rest is counted and left out."""
    old_lines: int = 20
    """Lines shown of the run before, where a container has restarted within what is asked for; 0 for none."""
