"""Sign-ins that may need a person: what a plugin says while it runs, who ends it, who lends it the terminal.

The plugin's side writes here, the screen's side looks here; neither knows the other. One ``SignIns`` a session.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from kubetui.cluster.clock import Clock

SILENT_S = 60.0
"""How long a sign-in may take that says nothing, or that nobody sees; ``az`` needs 1 to 3 s, a slow proxy 20."""
ATTENDED_S = 900.0
"""How long one may take whose words a person can read: Entra's device codes are good for 15 minutes."""
MOST_LINES = 200
_MOST_LINE = 2000
_TOKEN = re.compile(r"eyJ[\w-]{8,}(\.[\w-]+)*")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+[^\s\"'<>.,;:)]")
_CODE = re.compile(r"\bcode:?\s+([A-Z0-9][A-Z0-9-]{5,15})\b")
_BY_HAND = re.compile(
    r"microsoft\.com/device(?:login)?\b|login\.microsoft\.com/device|\benter the code\b|[?&]user_code=", re.IGNORECASE
)


class Declined(Exception):
    """The person does not lend the terminal."""


Lend = Callable[["Attempt"], AbstractAsyncContextManager[None]]
"""Gives the terminal to an attempt: while the context is open the dashboard neither draws nor reads keys.
Raises Declined on entering."""


class Attempt:
    """One sign-in that runs now, or has just ended."""

    def __init__(self, program: str, account: str, began: float, changed: Callable[[], None]) -> None:
        """``began`` in Unix seconds; ``changed`` is called after each change."""
        self.program = program
        self.account = account
        self.began = began
        self.ended = False
        self.declined = False
        """The person ended it."""
        self.wants_terminal = False
        """The person chose to give it the terminal."""
        self.on_terminal = False
        """It has been given the terminal."""
        self.overdue = False
        """Nobody finished it in time, though its words were there to be read."""
        self._lines: list[str] = []
        self._last = ""
        self._changed = changed
        self._stop = asyncio.Event()
        self._asked = asyncio.Event()

    @property
    def lines(self) -> tuple[str, ...]:
        """What it said: the last lines, the one that has not ended yet included; no control sequences, no tokens."""
        shown = (*self._lines, self._last) if self._last else self._lines
        return tuple(_TOKEN.sub("…", line) for line in shown)

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def asks(self) -> bool:
        """Whether its words are those of a device-code sign-in: it waits for a person."""
        return _BY_HAND.search(self.text) is not None

    @property
    def address(self) -> str:
        """The last web address it named; ``""`` for none."""
        found = _ADDRESS.findall(self.text)
        return found[-1] if found else ""

    @property
    def code(self) -> str:
        """The device code it named; ``""`` for none."""
        found = _CODE.findall(self.text)
        return found[-1] if found else ""

    def say(self, text: str) -> None:
        """It wrote ``text``, any part of a line or several."""
        *whole, self._last = (self._last + _CONTROL.sub("", text)).replace("\r\n", "\n").split("\n")
        # A carriage return starts the line anew, as progress bars do.
        self._lines += [line.rpartition("\r")[2][:_MOST_LINE] for line in whole]
        self._last = self._last.rpartition("\r")[2][:_MOST_LINE] if "\r" in self._last else self._last[:_MOST_LINE]
        del self._lines[:-MOST_LINES]
        if self.asks:
            self._asked.set()
        self._changed()

    def decline(self) -> None:
        """The person does not want it: end it."""
        self.declined = True
        self._stop.set()

    def take_terminal(self) -> None:
        """The person lets it ask on the terminal: it is started again there."""
        self.wants_terminal = True
        self._stop.set()

    def end(self) -> None:
        """It is over, whichever way."""
        self.ended = True
        self._changed()

    def go_on_terminal(self) -> None:
        """It runs on the terminal from now on."""
        self.on_terminal = True
        self._stop.clear()

    async def stopped(self) -> None:
        """Until the person stops it."""
        await self._stop.wait()

    async def asked(self) -> None:
        """Until it asks for a person."""
        await self._asked.wait()


class SignIns:
    """The sign-ins of one session. Unattended, nobody sees their words: a prompt then ends its sign-in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._running: list[Attempt] = []
        self._watch: Callable[[], None] | None = None
        self.lend: Lend | None = None
        """None where there is no terminal to be lent."""
        self.waived = 0
        """How often the person asked to try again: what was declined before counts no more."""

    @property
    def attended(self) -> bool:
        """Whether somebody sees what an attempt says."""
        return self._watch is not None

    @property
    def running(self) -> tuple[Attempt, ...]:
        """The attempts that have not ended."""
        return tuple(self._running)

    def attend(self, watch: Callable[[], None] | None, lend: Lend | None = None) -> None:
        """Call ``watch`` after each change from now on; None: nobody looks any more."""
        self._watch = watch
        self.lend = lend

    def again(self) -> None:
        """The person wants another try: sign-ins that were declined may run again."""
        self.waived += 1

    def begin(self, program: str, account: str) -> Attempt:
        """A new attempt; its owner calls ``finish``."""
        attempt = Attempt(program, account, self._clock.now(), self._changed)
        self._running.append(attempt)
        self._changed()
        return attempt

    def finish(self, attempt: Attempt) -> None:
        """The attempt has ended."""
        if attempt in self._running:
            self._running.remove(attempt)
        attempt.end()

    async def patience(self, attempt: Attempt) -> None:
        """Until ``attempt`` must end: it had its time, the person stopped it, or it asks and nobody is there."""
        nobody = () if self.attended else (attempt.asked(),)
        await first_of(self._time(attempt), attempt.stopped(), *nobody)

    async def long_patience(self, attempt: Attempt) -> None:
        """The same on the terminal, where a person sees all of it."""
        await first_of(self._clock.sleep(ATTENDED_S), attempt.stopped())

    async def _time(self, attempt: Attempt) -> None:
        await self._clock.sleep(SILENT_S)
        if self.attended and attempt.lines:
            await self._clock.sleep(ATTENDED_S - SILENT_S)
            attempt.overdue = True

    def _changed(self) -> None:
        if self._watch is not None:
            self._watch()


async def first_of(*waits: Coroutine[Any, Any, None]) -> None:
    """Until the first is over; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
