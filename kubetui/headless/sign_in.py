"""Sign-ins without the dashboard: what a plugin says goes to standard error, and the terminal is its own anyway."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator

from kubetui.cluster.sign_in import Attempt, SignIns


def attend(sign_ins: SignIns) -> None:
    """What a plugin says goes to standard error as it comes; where that is a terminal, the plugin may ask there."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return  # nobody to answer: a prompt then ends its sign-in
    told: dict[Attempt, int] = {}

    def watch() -> None:
        for attempt in sign_ins.running:
            words = attempt.text
            new = words[told.get(attempt, 0) :]
            sys.stderr.write("".join(c if c.isprintable() or c == "\n" else " " for c in new))
            sys.stderr.flush()
            told[attempt] = len(words)

    @contextlib.asynccontextmanager
    async def lend(_: Attempt) -> AsyncIterator[None]:
        yield

    sign_ins.attend(watch, lend)
