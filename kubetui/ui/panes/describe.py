"""One object in words: its state, events, owners. It follows the object; one that is gone keeps its text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any, Final

from kubetui.cluster.gather import trouble_words
from kubetui.cluster.object_at import ObjectAt
from kubetui.cluster.session import Session
from kubetui.commands.subject import Resource, Subject
from kubetui.insight.describe.describe import describe
from kubetui.insight.describe.page import Entry, Line, Words
from kubetui.kinds.kind import Meaning
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.described_lines import DescribedLines
from kubetui.ui.header import clock_text
from kubetui.ui.large_object import is_large
from kubetui.ui.meanings import ascii_only, mark
from kubetui.ui.object_facts import ObjectFacts, kind_at
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.panes.yaml import YamlPane

SHARE: Final = 400
"""Ages are brought up to date each second, of a long text less often: making it takes a part of so many."""
LONGEST_PAUSE: Final = 15.0
"""Seconds after which ages are brought up to date, however long that takes."""


class DescribePane(TextPane):
    """Describes what is at ``at``, of whatever kind.

    ``held``: a store of the object's kind that stays in step while this pane is open; without one the object is
    watched.
    """

    def __init__(self, desk: Desk, session: Session, at: ObjectAt, held: Store[Any] | None = None) -> None:
        super().__init__(desk, session)
        self.at = at
        self._followed = ObjectFacts(session, at, held, self._changed)
        self._shown = DescribedLines()
        self._stale = True
        self._made = 0.0
        self._pause = 1.0
        self._making: asyncio.Task[None] | None = None
        self.led_here: Sequence[Entry] = ()
        """What was found wrong with it before it was opened."""
        self._gone_since = ""
        self._ascii = ascii_only()

    # --- coming and going

    def enter(self) -> None:
        """Read the object; what is missing says so."""
        self.lines.set_empty(f"loading {self.at.kind} {self.at.where} …")
        self._followed.start()

    def leave(self) -> None:
        """Stop following."""
        self._followed.stop()
        if self._making is not None:
            self._making.cancel()

    def refetch(self) -> None:
        """Read everything anew."""
        self._followed.again()

    def subjects(self) -> Sequence[Subject]:
        """The object described."""
        at = self.at
        resource = Resource(at.kind, at.plural, at.group, at.version, namespaced=bool(at.namespace))
        return [Subject(resource, at.name, at.namespace)]

    def _changed(self) -> None:
        self._stale = True
        self.desk.request_tick()

    # --- lines

    def tick(self, now: float) -> None:
        """The text where something changed, and as time goes by."""
        if self._stale or now - self._made >= self._pause:
            self._stale, self._made = False, now
            self._make(now)
        super().tick(now)

    def _make(self, now: float) -> None:
        facts, error = self._followed.facts, self._followed.error
        if facts is None:
            if error is not None:
                self.lines.set_empty(f"▲ {error.tried}: {error.answer}\n\n{error.advice}")
            return
        present = replace(facts, now=now)
        make = partial(describe, present, self._mark, self._notice(now))
        if not is_large(facts.found):
            began = perf_counter()
            self._show(make())
            self._pause = min(max(1.0, SHARE * (perf_counter() - began)), LONGEST_PAUSE)
        elif self._making is None or self._making.done():
            self._pause = LONGEST_PAUSE
            self._making = asyncio.create_task(self._make_large(make), name="describe a large object")
        else:
            self._stale = True  # once more, when that is done

    async def _make_large(self, make: Callable[[], list[Line]]) -> None:
        # Off the loop, for the reason that ``made_from`` gives.
        self._show(await asyncio.to_thread(make))
        self.desk.request_tick()

    def _show(self, lines: list[Line]) -> None:
        first = len(self._shown) == 0
        at_end = self.lines.top > 0 and self.lines.at_end
        if not self._shown.put(lines):
            return
        if first:
            self.lines.set_source(self._shown)
        else:
            self.lines.source_changed()
        if at_end:
            # Who reads the events wants to see the next one.
            self.lines.to_end()

    def _mark(self, meaning: Meaning) -> str:
        return mark(meaning, plain=self._ascii)

    def _notice(self, now: float) -> list[Entry]:
        """What is wrong with the text itself; then what led here."""
        return [*self._gaps(now), *self.led_here]

    def _gaps(self, now: float) -> list[Entry]:
        if self._followed.gone:
            self._gone_since = self._gone_since or clock_text(now)
            return [Words(f"gone since {self._gone_since}; below is what was known last", meaning=Meaning.ACT)]
        self._gone_since = ""
        if self._followed.error is not None:
            words = trouble_words(self._followed.error)
            return [Words(f"{words}; below is what was known before", meaning=Meaning.LOOK)]
        return []

    @property
    def text(self) -> str:
        """The description."""
        return self._shown.text

    @property
    def save_parts(self) -> Sequence[str]:
        """``Pod``, ``team-04``, ``checkout-0.txt``."""
        return (self.at.kind, self.at.namespace, f"{self.at.name}.txt")

    def action_yaml(self) -> None:
        """The same object as YAML."""
        self.desk.open_pane(YamlPane(self.desk, self.session, kind_at(self.at), (self.at.namespace, self.at.name)))

    # --- what is said

    @property
    def heading(self) -> str:
        """``Pod team-04/checkout-0  described · 87 lines``."""
        parts = [f"{self.at.kind} {self.at.where}  described"]
        if len(self._shown):
            parts.append(f"{len(self._shown):,} lines")
        if self._followed.facts is not None and not self._followed.follows:
            parts.append("changes are not seen: ^r reads it anew")
        return " · ".join(parts)

    @property
    def state(self) -> SyncState:
        """Whether the object came, and is still there."""
        followed = self._followed
        if followed.gone:
            return SyncState(Phase.NOT_INSTALLED, reason=f"the {self.at.kind} is gone", advice="Esc goes back")
        if followed.error is not None:
            error = followed.error
            return SyncState(Phase.FAILED, reason=f"{error.tried}: {error.answer}", advice=error.advice)
        if followed.facts is None:
            return SyncState(Phase.CONNECTING)
        state = followed.store_state
        return state if state is not None and state.phase is Phase.STALE else SyncState(Phase.LIVE)
