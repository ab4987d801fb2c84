"""What a log is made of: lines as containers wrote them, and marks about what happened between them.

Times are nanoseconds since the epoch (``int``), as the node's container runtime stamped them: RFC 3339 with nine
digits does not fit a float. A source is one container of one pod, known by its index in ``LogSources``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

NANO = 1_000_000_000
"""Nanoseconds of a second."""
NO_SOURCE = 0
"""The index that entries about no single source carry; sources count from 1."""


class LogLine(NamedTuple):
    """One line of one container."""

    time: int
    """Nanoseconds since the epoch."""
    source: int
    """Index in ``LogSources``."""
    text: bytes
    """The container's bytes without the line end: any bytes, not sanitised."""


class MarkKind(Enum):
    """What happened."""

    RESTARTED = "restarted"
    """Lines of the container that ended stand above, those of the new one below."""
    RECONNECTED = "reconnected"
    """The stream had broken and goes on; nothing was lost."""
    GAP = "gap"
    """Lines are missing here, or may be: ``seconds`` or ``lines`` say how much at most, ``text`` why."""
    NODE_SAID = "node said"
    """The kubelet wrote this into the stream, not the container: ``text``."""
    JOINED = "joined"
    """A new pod or container; its lines follow."""
    ENDED = "ended"
    """The container has ended; nothing more will come unless it starts again."""
    GONE = "gone"
    """The pod was deleted."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry that no container wrote. ``words`` says it in full, without the source's name."""

    kind: MarkKind
    time: int
    """Nanoseconds since the epoch, by which it is put in order: when it was so by the node's clock (a container's
    start or end, the line before a break), else our own.
    """
    source: int = NO_SOURCE
    seconds: float = 0.0
    """How long the break (RECONNECTED) or the gap (GAP) was."""
    lines: int = 0
    """Lines of the old container that stand above (RESTARTED), or that are missing (GAP)."""
    exit_code: int | None = None
    """How the container ended (RESTARTED, ENDED)."""
    text: str = ""
    """Why: ``OOMKilled``, ``rotated on the node before it could be read``. The cluster's words are not sanitised."""

    @property
    def words(self) -> str:
        """What a person reads: ``reconnected after 3.2 s · nothing lost``."""
        return _WORDS[self.kind](self)


def seconds_words(seconds: float) -> str:
    """``0.4 s``, ``14 s``, ``3m20s``, ``2h5m``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 120:
        return f"{minutes}m{rest}s" if rest else f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes}m" if minutes else f"{hours}h"


def _restarted(mark: Mark) -> str:
    how = _how(mark)
    old = "the old container's lines above"
    if mark.lines:
        amount = "line" if mark.lines == 1 else f"{mark.lines} lines"
        old = f"last {amount} of the old container above"
    return f"restarted{how} · {old}, new one from here"


def _how(mark: Mark) -> str:
    parts = [] if mark.exit_code is None else [f"exit {mark.exit_code}"]
    if mark.text == "OOMKilled":
        parts.append("out of memory")
    elif mark.text and mark.text not in ("Error", "Completed"):
        parts.append(mark.text)
    return f" ({', '.join(parts)})" if parts else ""


def _gap(mark: Mark) -> str:
    if mark.lines:
        amount = f"{mark.lines:,} lines"
    else:
        amount = f"up to {seconds_words(mark.seconds)}" if mark.seconds else "lines"
    return f"{amount} missing: {mark.text}" if mark.text else f"{amount} missing"


_WORDS: dict[MarkKind, Callable[[Mark], str]] = {
    MarkKind.RESTARTED: _restarted,
    MarkKind.RECONNECTED: lambda mark: f"reconnected after {seconds_words(mark.seconds)} · nothing lost",
    MarkKind.GAP: _gap,
    MarkKind.NODE_SAID: lambda mark: f"the node says: {mark.text}",
    MarkKind.JOINED: lambda mark: "joined",
    MarkKind.ENDED: lambda mark: f"ended{_how(mark)}",
    MarkKind.GONE: lambda mark: "pod deleted",
}


class Entries(NamedTuple):
    """Many entries in their final order, by column: what the merge hands to a sink."""

    times: Sequence[int]
    sources: Sequence[int]
    texts: Sequence[bytes]
    """Empty where a mark stands."""
    marks: Mapping[int, Mark]
    """Index in this batch to its mark."""


class LogSink(Protocol):
    """Where entries go: ``LogBuffer``, or a writer."""

    def extend(self, entries: Entries) -> None:
        """Take entries that follow all earlier ones."""
