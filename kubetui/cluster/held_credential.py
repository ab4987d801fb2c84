"""One account's credential: asked for once for all who wait, kept while it lasts, never sprung on a person twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.sign_in import Attempt, SignIns
from kubetui.cluster.single_flight import SingleFlight
from kubetui.cluster.token import Credential


class HeldCredential:
    """What ``ask`` gives, until the time that ``good_until`` reads in it, in Unix seconds."""

    def __init__(
        self,
        ask: Callable[[Attempt], Awaitable[Credential]],
        good_until: Callable[[Credential], float],
        begin: Callable[[], Attempt],
        sign_ins: SignIns,
        clock: Clock,
    ) -> None:
        self._ask, self._lasts, self._begin = ask, good_until, begin
        self._sign_ins, self._clock = sign_ins, clock
        self._held: Credential | None = None
        self._good_until = 0.0
        self._given_up: tuple[SignInFailed, int] | None = None
        self._flight = SingleFlight(self._run)

    async def credential(self) -> Credential:
        """The last one while it lasts, else a new one. Raises SignInFailed.

        A sign-in that the person ended, or did not answer, is not sprung on them again before they ask for it.
        """
        if self._held is not None and self._clock.now() < self._good_until:
            return self._held
        if self._given_up is not None and self._given_up[1] == self._sign_ins.waived:
            error = self._given_up[0]
            raise SignInFailed(error.tried, error.answer, error.advice)
        return await self._flight.result()

    def reject(self, credential: Credential) -> None:
        """The next call asks for another, if no newer one has come meanwhile."""
        if credential == self._held:
            self._held = None

    async def _run(self) -> Credential:
        attempt = self._begin()
        try:
            credential = await self._ask(attempt)
        except SignInFailed as error:
            if attempt.declined or attempt.on_terminal or attempt.overdue:
                self._given_up = (error, self._sign_ins.waived)
            raise
        finally:
            self._sign_ins.finish(attempt)
        self._held, self._given_up = credential, None
        self._good_until = self._lasts(credential)
        return credential
