"""Between a session's sign-ins and the person: shows what a plugin says, lends it the terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from kubetui.ui._textual_private import DiffedApp
from kubetui.ui.widgets.safe_text import safe

if TYPE_CHECKING:
    from kubetui.cluster.sign_in import Attempt, SignIns
    from kubetui.ui.screens.sign_in import SignInScreen

WORDS_AFTER = 1.0
"""Seconds after which what a sign-in says is shown, unless it asks for a person, which shows at once: most warnings
of a token that is renewed are gone by then."""
SILENT_AFTER = 6.0
"""Seconds after which a sign-in that says nothing is shown too, so that it can be ended."""


class SignInDesk:
    """Follows the sign-ins of the session in view. The dialog it opens can be hidden; the sign-in then goes on."""

    def __init__(self, app: DiffedApp[None]) -> None:
        self._app = app
        self._sign_ins: SignIns | None = None
        self._screen: SignInScreen | None = None
        self._hidden: Attempt | None = None
        self._awaited: Attempt | None = None
        """Looked at again in a while: it may be over by then."""
        self._lent = False

    def attend(self, sign_ins: SignIns | None) -> None:
        """Look after these from now on, and no longer after others."""
        if self._sign_ins is not None:
            self._sign_ins.attend(None)
        self._close()
        self._sign_ins, self._lent = sign_ins, False
        if sign_ins is not None:
            sign_ins.attend(self._changed, self._lend if self._app.can_lend_terminal else None)
            self._changed()

    def again(self) -> None:
        """The person wants another try; a dialog that was hidden comes back."""
        self._hidden = None
        if self._sign_ins is not None:
            self._sign_ins.again()
            self._changed()

    def words(self) -> str:
        """For the header while a sign-in runs: ``signing in with kubelogin``; else ``""``."""
        attempt = self._attempt
        return f"signing in with {safe(attempt.program)}" if attempt is not None else ""

    @property
    def _attempt(self) -> Attempt | None:
        running = self._sign_ins.running if self._sign_ins is not None else ()
        return running[-1] if running else None

    # --- the dialog

    def _changed(self) -> None:
        attempt = self._attempt
        if attempt is None:
            self._close()
        elif self._screen is not None and self._screen.attempt is attempt:
            self._screen.show_lines()
        elif attempt is not self._hidden:
            if attempt.asks:
                self._open(attempt)
            elif attempt is not self._awaited:
                self._awaited = attempt
                self._app.set_timer(WORDS_AFTER, lambda: self._open_if(attempt, words=True))
                self._app.set_timer(SILENT_AFTER, lambda: self._open_if(attempt, words=False))

    def _open_if(self, attempt: Attempt, *, words: bool) -> None:
        if attempt.ended or attempt is self._hidden or attempt.on_terminal or self._screen is not None:
            return
        if attempt.lines or not words:
            self._open(attempt)

    def _open(self, attempt: Attempt) -> None:
        if self._screen is not None:
            if self._screen.attempt is attempt:
                return
            self._close()
        from kubetui.ui.screens.sign_in import SignInScreen

        screen = self._screen = SignInScreen(attempt, can_lend=self._app.can_lend_terminal)
        self._app.push_screen(screen, lambda hidden: self._left(screen, hidden))

    def _left(self, screen: SignInScreen, hidden: bool | None) -> None:
        if hidden:
            self._hidden = screen.attempt
        if self._screen is screen:
            self._screen = None

    def _close(self) -> None:
        screen, self._screen = self._screen, None
        if screen is not None and screen.is_attached and screen.is_active:
            screen.dismiss(False)  # under another dialog it goes by itself, when that is closed

    # --- the terminal

    @asynccontextmanager
    async def _lend(self, attempt: Attempt) -> AsyncIterator[None]:
        if self._lent and not attempt.wants_terminal:
            await self._ask(attempt)
        self._close()
        self._lent = True
        async with self._app.lent_terminal():
            who = f"{safe(attempt.program)} signs in as {safe(attempt.account)}"
            print(f"kubetui: {who} and has the terminal; ^c ends it\n", flush=True)  # noqa: T201 – it is not ours now
            yield

    async def _ask(self, attempt: Attempt) -> None:
        """The first time it is expected; later it would come over somebody who types something else."""
        from kubetui.cluster.sign_in import Declined

        attempt.say("It has to ask on the terminal again.\n")
        self._open(attempt)
        await attempt.stopped()
        if not attempt.wants_terminal:
            raise Declined
        attempt.go_on_terminal()
