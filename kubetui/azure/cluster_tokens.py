"""The API server's token straight from Azure, where kubelogin is not installed or not wanted; a ``TokenSource``."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, TypeVar

from kubetui.azure.kubelogin import Kubelogin, kubelogin_of
from kubetui.cluster.clock import Clock, Late, before
from kubetui.cluster.entra import entra_advice
from kubetui.cluster.errors import ClusterError, SignInFailed
from kubetui.cluster.held_credential import HeldCredential
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.sign_in import ATTENDED_S, Attempt, SignIns, first_of
from kubetui.cluster.status_errors import printable
from kubetui.cluster.token import Credential

T = TypeVar("T")

LIMIT_S = 30.0
"""How long a token may take that asks nobody: a metadata address that accepts and stays silent would hang for ever."""
SKEW_S = 300.0
"""A token is renewed this long before it ends; Entra's last an hour or more."""
_INSTALL = "run: az aks install-cli"
_BY_HAND = frozenset({"devicecode", "interactive"})
_KNOWN = _BY_HAND | {"azurecli", "azd", "msi", "workloadidentity", "spn", "azurepipelines"}


def azure_tokens(
    target: Target, clock: Clock, environ: Mapping[str, str], sign_ins: SignIns, *, always: bool = False
) -> AzureTokens | None:
    """Tokens for ``target`` from Azure's own library; None where its user signs in otherwise, or kubelogin does it.

    ``always``: also where kubelogin is installed. Raises SignInFailed for what only kubelogin can do.
    """
    login = kubelogin_of(target, environ)
    if login is None or target.user is None or target.user.entry.exec is None:
        return None
    installed = shutil.which(target.user.entry.exec.command, path=environ.get("PATH")) is not None
    if installed and (not always or _only_kubelogin(login)):
        return None
    if why := _only_kubelogin(login):
        raise SignInFailed(f"sign in as {target.user.name} without kubelogin", why, _INSTALL)
    return AzureTokens(login, target.user.name, clock, environ, sign_ins)


def _only_kubelogin(login: Kubelogin) -> str:
    """Why kubelogin is needed; ``""`` where it is not."""
    if login.pop:
        return "proof-of-possession tokens, which Azure Arc wants, are made by kubelogin only, and it is not installed"
    if login.mode not in _KNOWN:
        return f"the login mode {printable(login.mode)} is kubelogin's only, and it is not installed"
    if not login.server_id:
        return "its arguments in kubeconfig name no --server-id"
    return ""


class AzureTokens:
    """Asks ``azure-identity`` as kubelogin's arguments say. Every question is bounded in time."""

    def __init__(
        self, login: Kubelogin, account: str, clock: Clock, environ: Mapping[str, str], sign_ins: SignIns
    ) -> None:
        self._login, self._account = login, account
        self._clock, self._environ, self._sign_ins = clock, environ, sign_ins
        self._by_hand: Any = None
        self._held = HeldCredential(self._run, _good_until, self._begin, sign_ins, clock)

    async def credential(self) -> Credential:
        """The token while it lasts, else a new one. Raises SignInFailed."""
        return await self._held.credential()

    def reject(self, credential: Credential) -> None:
        """The next call asks for another token."""
        self._held.reject(credential)

    def describe(self) -> str:
        """In a few words."""
        return f"Azure's own library in kubelogin's place ({self._login.mode})"

    @property
    def _tried(self) -> str:
        return f"sign in as {self._account} to Azure ({self._login.mode})"

    def _begin(self) -> Attempt:
        return self._sign_ins.begin(f"Azure ({self._login.mode})", self._account)

    async def _run(self, attempt: Attempt) -> Credential:
        token = await self._token(attempt)
        return Credential(token=token.token, expires_at=float(token.expires_on))

    async def _token(self, attempt: Attempt) -> Any:
        library = await asyncio.to_thread(credentials_library)
        asked = self._ask_by_hand(library, attempt) if self._login.mode in _BY_HAND else self._ask(library)
        limit = self._sign_ins.patience(attempt) if self._login.mode in _BY_HAND else self._short(attempt)
        try:
            return await before(asked, limit)
        except Late:
            raise self._unfinished(attempt) from None
        except library.ERRORS as error:
            raise sign_in_failed(self._tried, error, library, self._login.authority, self._advice()) from None

    async def _short(self, attempt: Attempt) -> None:
        await first_of(self._clock.sleep(LIMIT_S), attempt.stopped())

    async def _ask(self, library: ModuleType) -> Any:
        # A credential for each token, closed at once: no connection to Entra is left behind, and a token lasts an hour.
        async with library.credential_for(self._login, self._environ) as credential:
            return await credential.get_token(self._login.scope)

    async def _ask_by_hand(self, library: ModuleType, attempt: Attempt) -> Any:
        if self._login.mode == "interactive" and not library.has_browser(self._environ):
            raise SignInFailed(
                self._tried,
                "there is no browser on this machine",
                "run: kubelogin convert-kubeconfig -l devicecode, or az login and -l azurecli",
            )
        loop = asyncio.get_running_loop()
        if self._by_hand is None:
            # Kept: it holds the refresh token, with which the next token needs no person.
            self._by_hand = library.ByHand(
                self._login, self._environ, lambda text: loop.call_soon_threadsafe(self._say, text), int(ATTENDED_S)
            )
        self._attempt = attempt
        try:
            return await in_thread(self._by_hand.token)
        finally:
            self._by_hand.end()

    def _say(self, text: str) -> None:
        if not self._attempt.ended:
            self._attempt.say(text)

    def _unfinished(self, attempt: Attempt) -> SignInFailed:
        if attempt.declined:
            return SignInFailed(self._tried, "you ended it", "^r asks again")
        if attempt.overdue:
            answer = f"nobody finished it within {ATTENDED_S / 60:.0f} minutes"
            return SignInFailed(self._tried, answer, "^r asks again")
        if attempt.asks:
            return SignInFailed(
                self._tried,
                f"it asks for a sign-in by hand: {printable(attempt.text)}",
                "run: az login, or use -l azurecli",
            )
        return SignInFailed(
            self._tried, f"no answer within {LIMIT_S:.0f} s", _SLOW.get(self._login.mode, "try again: ^r")
        )

    def _advice(self) -> str:
        return _ADVICE.get(self._login.mode, f"check the arguments of kubelogin in kubeconfig, or {_INSTALL}")


def sign_in_failed(tried: str, error: Exception, library: ModuleType, host: str, otherwise: str) -> SignInFailed:
    """For one of ``library.ERRORS``; ``otherwise``: what to do where neither the way there nor Entra says."""
    below: ClusterError | None = library.unreached(tried, error, host)
    if below is not None:
        return SignInFailed(below.tried, below.answer, below.advice)
    words = printable(str(getattr(error, "message", "") or error).partition("\n")[0])
    return SignInFailed(tried, words or type(error).__name__, entra_advice(str(error)) or otherwise)


_ADVICE = {
    "azurecli": "run: az login",
    "azd": "run: azd auth login",
    "devicecode": "^r asks again; or run: az login, then kubelogin convert-kubeconfig -l azurecli",
    "msi": "has this machine a managed identity that may sign in to the cluster? else run: az login, then "
    "kubelogin convert-kubeconfig -l azurecli",
}
_SLOW = {
    "azurecli": "is az waiting for something? run: az account show",
    "msi": "is this an Azure machine with a managed identity, and does a proxy swallow 169.254.169.254?",
}


def credentials_library() -> ModuleType:
    """``credentials.py``, which imports half a second's worth of packages."""
    from kubetui.azure.quiet import log_to_our_file

    log_to_our_file()
    from kubetui.azure import credentials

    return credentials


async def in_thread(work: Callable[[], T]) -> T:
    """The result of ``work``, in a thread that the program's end does not wait for.

    A thread, because azure-identity has device codes and browsers synchronously only; a daemon, because it may wait
    for a person when we leave.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        try:
            value = work()
        except Exception as error:  # carried over to whoever awaits it
            _tell(loop, result, error=error)
        else:
            _tell(loop, result, value=value)

    threading.Thread(target=run, name="azure sign-in", daemon=True).start()
    return await result


def _tell(
    loop: asyncio.AbstractEventLoop, result: asyncio.Future[T], *, value: Any = None, error: Exception | None = None
) -> None:
    def settle() -> None:
        if result.done():
            return
        if error is not None:
            result.set_exception(error)
        else:
            result.set_result(value)

    with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
        loop.call_soon_threadsafe(settle)


def _good_until(credential: Credential) -> float:
    return (credential.expires_at or 0.0) - SKEW_S
