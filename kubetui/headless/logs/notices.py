"""What goes on beside the lines, told once each on standard error: who cannot be read, who is left out, and why.

Containers get into the same trouble one after the other, within a second or two: what is new waits a moment for others
of its kind, and is one line then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kubetui.cluster.logs.tail import LogTail
from kubetui.headless.logs.folding import folded, name, names
from kubetui.store.logs.sources import LogPhase, SourceKey
from kubetui.store.state import Phase

_WORTH_TELLING: Final = frozenset(
    {LogPhase.WAITING, LogPhase.RECONNECTING, LogPhase.THROTTLED, LogPhase.FORBIDDEN, LogPhase.ENDED}
)
_LIST_TROUBLE: Final = frozenset({Phase.FAILED, Phase.FORBIDDEN, Phase.STALE, Phase.NOT_INSTALLED})
_TOLD_AT_THE_END: Final = frozenset({LogPhase.RECONNECTING, LogPhase.ENDED})
GATHERED: Final = 4
MOST_GATHERED: Final = 12
"""Looks without another new trouble after which those gathered are told; and looks at most."""


class Notices:
    """``look`` after something changed; each state is told when it begins."""

    def __init__(self, tail: LogTail, say: Callable[[str], None]) -> None:
        self._tail, self._say = tail, say
        self._known: dict[int, str] = {}
        self._new: dict[SourceKey, str] = {}
        self._waited = self._quiet = 0
        self._list_told = ""
        self._left_told = 0
        self._none_told = False

    def look(self) -> None:
        """Tell what is new."""
        self._pods()
        known: dict[int, str] = {}
        for source in self._tail.sources:
            state = self._tail.sources.state(source.index)
            words = ""
            if state.phase in _WORTH_TELLING and state.reason:
                words = f"{state.phase.value}: {state.reason}" + (f" – {state.advice}" if state.advice else "")
            if state.phase is LogPhase.ENDED and self._tail.options.follow:
                words = ""  # its mark says so
            if state.phase in _TOLD_AT_THE_END and not self._tail.options.follow and _is_of(source.key, words):
                words = ""  # whether it comes to that, and why, the verdict says
            if words != self._known.get(source.index, ""):
                self._note(source.key, words)
            if words:
                known[source.index] = words
        self._known = known
        self._gather()
        self._left_out()

    def finish(self) -> None:
        """Tell what is gathered."""
        for line in folded(self._new.items()):
            self._say(line)
        self._new.clear()
        self._waited = self._quiet = 0

    def _note(self, key: SourceKey, words: str) -> None:
        if words:
            self._new[key] = words
            self._quiet = 0
        else:
            self._new.pop(key, None)  # over before it was told

    def _gather(self) -> None:
        if self._new:
            self._waited, self._quiet = self._waited + 1, self._quiet + 1
            if self._quiet >= GATHERED or self._waited >= MOST_GATHERED:
                self.finish()

    def _pods(self) -> None:
        state = self._tail.state
        words = ""
        if state.phase in _LIST_TROUBLE:
            words = f"{state.reason}" + (f" – {state.advice}" if state.advice else "")
        if words != self._list_told:
            self._list_told = words
            if words:
                self._say(words)
        if self._tail.settled and not self._tail.pods and not self._none_told and self._tail.options.follow:
            self._none_told = True
            target = self._tail.target
            self._say(f"no pod matches {target.words} in {target.place} yet; waiting for one, ^c ends")

    def _left_out(self) -> None:
        left = self._tail.left_out
        if not self._tail.options.follow or len(left) <= self._left_told or not self._tail.settled:
            return
        self._left_told = len(left)
        most = self._tail.most_streams
        followed = "one container is" if most == 1 else f"{most} containers are"
        self._say(f"{followed} followed, {len(left)} not: {names(left)}; --max-streams {most + len(left)} follows all")


def _is_of(key: SourceKey, words: str) -> bool:
    """Whether an error of reading this log speaks, which names it; a defect of ours does not."""
    return name(key) in words
