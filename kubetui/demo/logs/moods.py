"""What is wrong in the cluster, as far as programs write about it: intervals of time, kept so that the past stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kubetui.demo.logs.line import SECOND
from kubetui.demo.logs.voice import Speaker

MoodName = Literal[
    "upstream-silent", "dns-gone", "tunnel-cut", "scrapes-fail", "dependency-down", "config-broken", "node-silent"
]


@dataclass(eq=False)
class Interval:
    """One time that something was wrong, for all programs or for some."""

    name: MoodName
    number: int
    begin: int
    """Nanoseconds."""
    end: int | None = None
    """None: it still is."""
    namespace: str = ""
    app: str = ""
    owner: str = ""
    """Whose programs are concerned; ``""`` for all."""
    node: str = ""
    node_ip: str = ""
    """The node that programs write about, where it is not their own."""

    def concerns(self, speaker: Speaker) -> bool:
        """Whether this container's program is among them."""
        return (
            self.namespace in ("", speaker.namespace)
            and self.app in ("", speaker.app)
            and self.owner in ("", speaker.owner)
        )


class Moods:
    """All of them, in the order in which they began."""

    def __init__(self, now: Callable[[], float]) -> None:
        """``now``: the moment that is being lived, Unix seconds."""
        self._now = now
        self._intervals: list[Interval] = []
        self.version = 0
        """Another one after each change."""

    def begin(
        self,
        name: MoodName,
        *,
        namespace: str = "",
        app: str = "",
        owner: str = "",
        node: str = "",
        node_ip: str = "",
    ) -> Interval:
        """From now on."""
        begin = int(self._now() * SECOND)
        interval = Interval(name, len(self._intervals), begin, None, namespace, app, owner, node, node_ip)
        self._intervals.append(interval)
        self.version += 1
        return interval

    def end(self, name: MoodName) -> None:
        """What began under this name is over; harmless when nothing did."""
        for interval in self._intervals:
            if interval.name == name and interval.end is None:
                interval.end = int(self._now() * SECOND)
                self.version += 1

    def end_one(self, interval: Interval) -> None:
        """This one is over, if it was not."""
        if interval.end is None:
            interval.end = int(self._now() * SECOND)
            self.version += 1

    def of(self, speaker: Speaker, first: int, until: int) -> Iterator[Interval]:
        """Those that concern a program and touch a time."""
        for interval in self._intervals:
            if interval.begin < until and (interval.end is None or interval.end > first) and interval.concerns(speaker):
                yield interval
