"""Tokens from ``az`` and ``azd``, run so that nothing of them outlives a sign-in that was ended.

In the place of azure-identity's AzureCliCredential and AzureDeveloperCliCredential, which leave the program running
when they are cancelled, and its children when it takes too long. What is asked, and what is understood of the answer,
is theirs (azure-identity 1.27). Imports ``azure.identity``: only ``credentials.py`` imports this file.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Final, NamedTuple

import msgspec
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError

from kubetui.cluster.process import Outcome, run
from kubetui.kinds.age import unix

PROCESS_S: Final = 25
"""Seconds that ``az`` and ``azd`` may take; azure-identity's own 10 are short for a cold start behind a proxy."""
_TENANT: Final = re.compile(r"[0-9A-Za-z.-]{1,256}", re.ASCII)
_SCOPE: Final = re.compile(r"[0-9A-Za-z_.:/-]{1,512}", re.ASCII)
_FOLDER: Final = "/bin"
"""Where they are started: ``python -m`` takes modules from the folder that it is in, which may be anybody's."""
_SECRET: Final = re.compile(r'("(?:accessToken|token)"\s*:\s*")[^"]*')
_LONGEST: Final = 2_000
_NOT_FOUND: Final = 127


class Tool(NamedTuple):
    """A program that has somebody signed in."""

    program: str
    name: str
    arguments: tuple[str, ...]
    target: str
    """The option that names what the token is for."""
    tenant: str
    """The option that names the tenant."""
    plain: str
    """The variable that keeps colours out of what it writes."""
    signs_in: tuple[str, ...]
    """What it says to who is not signed in."""
    login: str


AZ: Final = Tool(
    "az", "Azure CLI", ("account", "get-access-token", "--output", "json"), "--resource", "--tenant",
    "AZURE_CORE_NO_COLOR", ("az login", "az account set"), "Please run 'az login' to set up an account",
)  # fmt: skip
AZD: Final = Tool(
    "azd", "Azure Developer CLI", ("auth", "token", "--output", "json", "--no-prompt"), "--scope", "--tenant-id",
    "NO_COLOR", ("not logged in, run `azd auth login`",), "Please run 'azd auth login'",
)  # fmt: skip


class _AzAnswer(msgspec.Struct):
    token: str = msgspec.field(name="accessToken")
    expires: int = msgspec.field(name="expires_on", default=0)
    """Unix seconds; an older ``az`` tells only the other."""
    expires_local: str = msgspec.field(name="expiresOn", default="")
    """``2030-01-01 00:00:00.000000`` by this machine's clock on the wall."""

    @property
    def ends(self) -> int:
        return self.expires or int(datetime.fromisoformat(self.expires_local).timestamp())


class _AzdAnswer(msgspec.Struct):
    token: str
    expires: str = msgspec.field(name="expiresOn")

    @property
    def ends(self) -> int:
        return unix(self.expires)


class _AzdData(msgspec.Struct, frozen=True):
    message: str = ""


class _AzdError(msgspec.Struct):
    error: str = ""
    data: _AzdData = _AzdData()


class CliCredential:
    """An ``AsyncTokenCredential``. Raises ValueError for a tenant that is none."""

    def __init__(self, tool: Tool, tenant: str, environ: Mapping[str, str]) -> None:
        if tenant and not _TENANT.fullmatch(tenant):
            raise ValueError("Invalid tenant id: only letters, digits, '-' and '.' are allowed")
        self._tool, self._tenant, self._environ = tool, tenant, environ

    async def __aenter__(self) -> CliCredential:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """There is nothing to close."""

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """A token for one scope. Raises CredentialUnavailableError, ClientAuthenticationError and ValueError."""
        (scope,) = scopes
        if not _SCOPE.fullmatch(scope):
            raise ValueError(f"Invalid scope: {scope[:100]!r}")
        outcome = await self._run(self._arguments(scope))
        if outcome.code is None:
            raise CredentialUnavailableError(message=f"Timed out waiting for {self._tool.name}")
        if outcome.code:
            raise self._failed(outcome)
        return self._token(outcome.output)

    def _arguments(self, scope: str) -> list[str]:
        tool = self._tool
        target = scope.removesuffix("/.default") if tool is AZ else scope
        tenant = [tool.tenant, self._tenant] if self._tenant else []
        return [*tool.arguments, tool.target, target, *tenant]

    async def _run(self, arguments: Sequence[str]) -> Outcome:
        program = shutil.which(self._tool.program, path=self._environ.get("PATH", os.defpath))
        if program is None:
            raise self._missing()
        environ = {**self._environ, self._tool.plain: "true"}
        try:
            return await run([program, *arguments], environ, _limit(PROCESS_S), folder=_FOLDER)
        except OSError as error:
            raise CredentialUnavailableError(message=f"Failed to execute {program}: {error.strerror}") from None

    def _missing(self) -> CredentialUnavailableError:
        return CredentialUnavailableError(message=f"{self._tool.name} not found on path")

    def _failed(self, outcome: Outcome) -> Exception:
        # azd tells some of it on standard output; a token is on neither then, and would be covered.
        said = _SECRET.sub(r"\1****", outcome.errors or outcome.output.decode("utf-8", "replace"))
        if outcome.code == _NOT_FOUND:
            return self._missing()
        if any(words in said for words in self._tool.signs_in) and "AADSTS" not in said:
            return CredentialUnavailableError(message=self._tool.login)
        return ClientAuthenticationError(message=_reason(said) or f"Failed to invoke {self._tool.name}")

    def _token(self, output: bytes) -> AccessToken:
        wire: type[_AzAnswer | _AzdAnswer] = _AzAnswer if self._tool is AZ else _AzdAnswer
        try:
            found = msgspec.json.decode(output, type=wire, strict=False)
            return AccessToken(found.token, found.ends)
        except (ValueError, OverflowError, RecursionError):  # msgspec's are ValueErrors
            raise ClientAuthenticationError(message=f"Unexpected output from {self._tool.name}") from None


async def _limit(seconds: float) -> None:
    """Real time: another program's."""
    await asyncio.sleep(seconds)


def _reason(said: str) -> str:
    """The line that says why: Entra's, else what calls itself an error, else the last; warnings come before it."""
    lines = [words for line in said[-_LONGEST:].splitlines() if (words := _words(line.strip()))]
    for sign in ("AADSTS", "ERROR"):
        if found := next((line for line in lines if sign in line), ""):
            return found
    return lines[-1] if lines else ""


def _words(line: str) -> str:
    """``azd`` writes errors as JSON, a line each, in one of two shapes."""
    try:
        told = msgspec.json.decode(line, type=_AzdError)
    except (ValueError, RecursionError):
        return line
    return " ".join((told.error or told.data.message).split())
