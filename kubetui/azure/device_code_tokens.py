"""Azure Resource Manager's token from a device-code sign-in that a person asked for; a ``TokenSource``.

Only ``sign_in`` asks a person. What comes later is renewed in silence, or fails and says how to sign in again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from types import ModuleType
from typing import Any, Final

from kubetui.azure.cluster_tokens import LIMIT_S, SKEW_S, credentials_library, in_thread, sign_in_failed
from kubetui.azure.kubelogin import Kubelogin
from kubetui.cluster.clock import Clock, Late, before
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.sign_in import ATTENDED_S, Attempt, SignIns
from kubetui.cluster.single_flight import SingleFlight
from kubetui.cluster.token import Credential

_TRIED: Final = "sign in to Azure with a device code"
_ELSE: Final = "run: az login, here, and kubetui reads with that"


class DeviceCodeTokens:
    """One person's token. It is in memory only, and ends with the program."""

    def __init__(self, login: Kubelogin, clock: Clock, environ: Mapping[str, str], sign_ins: SignIns) -> None:
        """``sign_ins``: those that the person sees."""
        self._login, self._clock, self._environ, self._sign_ins = login, clock, environ, sign_ins
        self._code: Any = None
        self._held: Credential | None = None
        self.ended = False
        """Entra wants the person again."""
        self._renewing = SingleFlight(self._renew)

    async def sign_in(self) -> None:
        """Show a code, and wait until the person has entered it, ended it, or let it run out. Raises SignInFailed."""
        tenant = self._login.tenant_id
        attempt = self._sign_ins.begin("Azure", f"you, in the tenant {tenant}" if tenant else "you")
        try:
            library = await asyncio.to_thread(credentials_library)
            loop = asyncio.get_running_loop()
            try:
                code = library.DeviceCode(
                    self._login,
                    self._environ,
                    lambda text: loop.call_soon_threadsafe(_say, attempt, text),
                    int(ATTENDED_S),
                )
            except library.ERRORS as error:
                raise sign_in_failed(_TRIED, error, library, self._login.authority, _ELSE) from None
            self._held = await self._token(code, library, in_thread(code.ask), self._sign_ins.patience(attempt))
            if self._held is None:
                raise _unfinished(attempt)
            self._code = code
        finally:
            self._sign_ins.finish(attempt)

    async def credential(self) -> Credential:
        """The token while it lasts, else a new one, without asking anybody. Raises SignInFailed."""
        held = self._held
        if held is not None and self._clock.now() < (held.expires_at or 0.0) - SKEW_S:
            return held
        return await self._renewing.result()

    def reject(self, credential: Credential) -> None:
        """The next call asks Entra for another token."""
        if credential == self._held:
            self._held = None

    def describe(self) -> str:
        """In a few words."""
        return "a device code"

    async def _renew(self) -> Credential:
        if self._code is None:
            raise SignInFailed(_TRIED, "nobody has signed in", _ELSE)
        library = credentials_library()
        limit = self._clock.sleep(LIMIT_S)
        try:
            held = await self._token(self._code, library, in_thread(self._code.renew), limit)
        except SignInFailed as error:
            raise SignInFailed("renew the sign-in to Azure", error.answer, error.advice) from None
        if held is None:
            raise SignInFailed("renew the sign-in to Azure", f"no answer within {LIMIT_S:.0f} s", _ELSE)
        self._held = held
        return held

    async def _token(
        self, code: Any, library: ModuleType, asked: Coroutine[Any, Any, Any], limit: Coroutine[Any, Any, None]
    ) -> Credential | None:
        """The token that ``asked`` gives; None where ``limit`` came first. Raises SignInFailed."""
        try:
            token = await before(asked, limit)
            return Credential(token=token.token, expires_at=float(token.expires_on))
        except Late:
            return None
        except library.AuthenticationRequiredError:
            self.ended = True
            raise SignInFailed(_TRIED, "the sign-in has ended", _ELSE) from None
        except library.ERRORS as error:
            raise sign_in_failed(_TRIED, error, library, self._login.authority, _ELSE) from None
        finally:
            code.end()


def _say(attempt: Attempt, text: str) -> None:
    if not attempt.ended:
        attempt.say(text)


def _unfinished(attempt: Attempt) -> SignInFailed:
    if attempt.declined:
        return SignInFailed(_TRIED, "you ended it")
    if attempt.overdue:
        return SignInFailed(_TRIED, f"nobody entered the code within {ATTENDED_S / 60:.0f} minutes")
    return SignInFailed(_TRIED, "Microsoft Entra gave no code", "can this machine reach it, through a proxy perhaps?")
