"""One answer of the log endpoint, from bytes to new lines: cut, stamped, and joined to what was delivered before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from kubetui.cluster.logs.line_cutter import LineCutter
from kubetui.cluster.logs.resuming import Delivered, Overlap, Seam
from kubetui.cluster.logs.stamps import Stamps

_NODES_WORDS: Final = re.compile(
    rb"(?i)(?:failed to|unable to|error |rpc error|internal error|unexpected |can't |cannot |container )"
)
"""How the kubelet and the runtime begin what they write into a stream instead of an error status."""


class Reading:
    """Feed chunks; new lines go to ``emit`` and are noted in ``delivered``.

    A stream without stamps (a virtual kubelet may ignore ``timestamps``) is *unstamped*: its lines carry the time
    they came, and nothing can be resumed.
    """

    def __init__(
        self,
        delivered: Delivered,
        emit: Callable[[Sequence[int], Sequence[bytes]], None],
        node_said: Callable[[int, bytes], None],
        now: Callable[[], int],
        *,
        resume: bool,
        longest: int,
        counted: bool = False,
    ) -> None:
        """``counted``: it was asked for by a number of lines."""
        self._delivered, self._emit, self._node_said, self._now = delivered, emit, node_said, now
        self._cutter = LineCutter(longest)
        self._stamps = Stamps()
        self._seam = Seam(delivered, counted) if resume and delivered else None
        self._stamped = False
        self.unstamped = False
        self.lines = 0
        """New lines so far."""
        self.held: tuple[Sequence[int], Sequence[bytes]] | None = None
        """Where the last delivered line is missing in a resumed stream: the lines that came, until ``accept``."""

    @property
    def overlap(self) -> Overlap:
        """Whether this goes on where the last one ended; FOUND too where there was nothing to go on from."""
        return Overlap.FOUND if self._seam is None else self._seam.overlap

    @property
    def complete(self) -> bool:
        """Whether this got as far as the last delivered line."""
        return self._seam is None or self._seam.reached

    @property
    def undecided(self) -> bool:
        """Lines wait because nothing says yet whether they were delivered."""
        return self._seam is not None and self._seam.overlap is Overlap.SEARCHING and self._seam.holds

    @property
    def rest(self) -> bytes:
        """What came of a line whose end has not come."""
        return self._cutter.rest

    def feed(self, chunk: bytes) -> None:
        """More bytes."""
        lines = self._cutter.feed(chunk)
        if lines:
            self._take(lines)

    def quiet(self, *, for_long: bool = True) -> None:
        """Nothing came for a while: whatever is undecided is decided. Before that was ``for_long`` repeated lines wait
        for the rest of them, which may have been held up.
        """
        if self._seam is not None and self.undecided and (for_long or not self._seam.only_repeats):
            self._pass(*self._seam.decide())

    def finish(self) -> None:
        """The container is over and this was all: a line without an end is one too."""
        if self._cutter.rest:
            self.feed(b"\n")
        self.quiet()

    def accept(self) -> None:
        """The held lines follow a gap: deliver them."""
        if self.held is not None:
            (times, texts), self.held = self.held, None
            self._deliver(times, texts)

    def _take(self, lines: list[bytes]) -> None:
        times, texts, bare = self._stamps.read(lines)
        if bare:
            self._take_with_bare(times, texts, frozenset(bare))
        else:
            self._stamped = True
            self._join(times, texts)

    def _take_with_bare(self, times: list[int], texts: list[bytes], bare: frozenset[int]) -> None:
        """Line by line: this is rare."""
        for index, (time, text) in enumerate(zip(times, texts, strict=True)):
            if index not in bare:
                self._stamped = True
                self._join([time], [text])
            elif self._seam is not None and not self._stamped:
                # The end of a long line that began before the time asked for: the kubelet stamps first parts only. It
                # began more than a second before the last line that was delivered, so that it was delivered too.
                continue
            elif self.unstamped or (not self._stamped and not self._delivered and not _NODES_WORDS.match(text)):
                self.unstamped = True
                self._join([self._now()], [text])
            else:
                self._node_said(time or self._delivered.last or self._now(), text)

    def _join(self, times: Sequence[int], texts: Sequence[bytes]) -> None:
        if self._seam is None or self._seam.overlap is Overlap.FOUND:
            self._deliver(times, texts)
        else:
            self._pass(*self._seam.feed(times, texts))

    def _pass(self, times: Sequence[int], texts: Sequence[bytes]) -> None:
        """Lines that are new; held where it is not clear what is missing before them."""
        if self.held is not None:
            self.held = ([*self.held[0], *times], [*self.held[1], *texts])
        elif times and self._seam is not None and self._seam.overlap is Overlap.MISSING and not self.lines:
            self.held = (times, texts)
        else:
            self._deliver(times, texts)

    def _deliver(self, times: Sequence[int], texts: Sequence[bytes]) -> None:
        if times:
            self.lines += len(times)
            self._emit(times, texts)
            self._delivered.note(times, texts)
