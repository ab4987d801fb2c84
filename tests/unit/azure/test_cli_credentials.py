"""Tokens from ``az`` and ``azd``, as scripts: what they are asked, what may come, and that nothing of them stays."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError

from kubetui.azure import cli_credentials
from kubetui.azure.cli_credentials import AZ, AZD, CliCredential, Tool
from kubetui.cluster.errors import SignInFailed
from tests.unit.azure.test_cluster_tokens import Host, az_answer, host

__all__ = ["host"]

SCOPE = "https://management.azure.com/.default"


class Scripts:
    """A folder that is the PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, tool: Tool, body: str) -> None:
        path = self.folder / tool.program
        path.write_text(f'#!/bin/sh\necho "$PWD $@" >> {self.folder}/asked\n{body}\n')
        path.chmod(0o755)

    async def token(self, tool: Tool, tenant: str = "") -> Any:
        async with CliCredential(tool, tenant, {"PATH": f"{self.folder}:/usr/bin:/bin"}) as credential:
            return await credential.get_token(SCOPE)

    @property
    def asked(self) -> list[str]:
        return (self.folder / "asked").read_text().splitlines()

    def pids(self) -> list[int]:
        """Of the script and what it forked, once it has written them."""
        path = self.folder / "pids"
        text = path.read_text() if path.exists() else ""
        return [int(pid) for pid in text.split()] if text.endswith("\n") else []


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    return Scripts(tmp_path)


async def until(true: Callable[[], object]) -> None:
    """Wait for another process; bounded, and as quick as it is."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 – another process gives no event
            await asyncio.sleep(0.005)


def gone(pid: int) -> bool:
    """Ended, even where nobody has taken note of it yet."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return True
    return state == "Z"


FORKS = 'sleep 600 & first=$!; (sleep 600; sleep 600) & echo $$ $first $! > "{folder}/pids"; wait'
"""Children, one of them with a child of its own, and no answer."""


# --- what is asked and understood


async def test_az_is_asked_for_the_resource_in_the_tenant_from_a_folder_of_the_systems(scripts: Scripts) -> None:
    scripts.write(AZ, az_answer("the-token", 1_900_000_000))

    token = await scripts.token(AZ, "my-tenant.onmicrosoft.com")

    assert (token.token, token.expires_on) == ("the-token", 1_900_000_000)
    (asked,) = scripts.asked
    assert asked.endswith(
        "bin account get-access-token --output json --resource https://management.azure.com"
        " --tenant my-tenant.onmicrosoft.com"
    )
    assert not asked.startswith(str(Path.cwd()))


async def test_an_older_az_tells_the_end_by_the_clock_on_the_wall(scripts: Scripts) -> None:
    scripts.write(AZ, """echo '{"accessToken": "t", "expiresOn": "2030-01-02 03:04:05.000000"}'""")
    assert (await scripts.token(AZ)).expires_on == int(datetime(2030, 1, 2, 3, 4, 5).timestamp())  # noqa: DTZ001 – local


async def test_azd_is_asked_for_the_scope_and_answers_in_utc(scripts: Scripts) -> None:
    scripts.write(AZD, """echo '{"token": "t", "expiresOn": "2030-01-02T03:04:05Z"}'""")

    token = await scripts.token(AZD, "tenant")

    assert (token.token, token.expires_on) == ("t", 1_893_553_445)
    assert scripts.asked[0].endswith(f"auth token --output json --no-prompt --scope {SCOPE} --tenant-id tenant")


@pytest.mark.parametrize(
    ("tool", "body", "kind", "words"),
    [
        (AZ, "echo 'WARNING: news'; echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
         CredentialUnavailableError, "Please run 'az login'"),
        (AZ, "echo 'WARNING: 2 updates' >&2; echo 'ERROR: AADSTS700082: too old. az login' >&2; echo Trace >&2; exit 1",
         ClientAuthenticationError, "^ERROR: AADSTS700082: too old. az login$"),
        (AZ, "echo 'WARNING: x' >&2; echo 'ERROR: broken' >&2; exit 2", ClientAuthenticationError, "^ERROR: broken$"),
        (AZ, "exit 3", ClientAuthenticationError, "Failed to invoke Azure CLI"),
        (AZ, "exit 127", CredentialUnavailableError, "Azure CLI not found on path"),
        (AZ, "echo no json", ClientAuthenticationError, "Unexpected output from Azure CLI"),
        (AZ, """echo '{"accessToken": "s3cret"}'""", ClientAuthenticationError, "^Unexpected output from Azure CLI$"),
        (AZ, """echo 'not "accessToken": "s3cret"' >&2; exit 1""", ClientAuthenticationError, r'"\*\*\*\*"'),
        (AZD, """echo '{"type":"consoleMessage","data":{"message":"ERROR: not logged in, run `azd auth login` to"}}' >&2
          exit 1""", CredentialUnavailableError, "azd auth login"),
        (AZD, """echo '{"error":"fetching token: AADSTS50076","message":"x"}' >&2; exit 1""",
         ClientAuthenticationError, "^fetching token: AADSTS50076$"),
    ],
)  # fmt: skip
async def test_why_there_is_none(scripts: Scripts, tool: Tool, body: str, kind: type[Exception], words: str) -> None:
    scripts.write(tool, body)
    with pytest.raises(ClientAuthenticationError, match=words) as caught:
        await scripts.token(tool)
    assert type(caught.value) is kind
    assert "s3cret" not in str(caught.value)


async def test_one_that_is_not_there_or_cannot_be_started(scripts: Scripts) -> None:
    with pytest.raises(CredentialUnavailableError, match="Azure Developer CLI not found"):
        await scripts.token(AZD)
    (scripts.folder / "azd").write_text("#!/no/such/program\n")
    (scripts.folder / "azd").chmod(0o755)
    with pytest.raises(CredentialUnavailableError, match=r"Failed to execute .*/azd: No such file"):
        await scripts.token(AZD)


@pytest.mark.parametrize("tenant", ["not a tenant", "a;b", "--debug x", "ä"])
def test_a_tenant_that_is_none_is_not_asked_for(tenant: str) -> None:
    with pytest.raises(ValueError, match="Invalid tenant"):
        CliCredential(AZ, tenant, {})


# --- nothing stays


@pytest.mark.parametrize("tool", [AZ, AZD], ids=["az", "azd"])
async def test_cancelled_it_leaves_no_process_behind(scripts: Scripts, tool: Tool) -> None:
    scripts.write(tool, FORKS.format(folder=scripts.folder))
    asking = asyncio.ensure_future(scripts.token(tool))
    await until(scripts.pids)

    asking.cancel()
    await asyncio.wait([asking])

    assert asking.cancelled()
    assert len(scripts.pids()) == 3
    for pid in scripts.pids():
        await until(lambda pid=pid: gone(pid))  # type: ignore[misc]  # a bound default


async def test_one_that_takes_too_long_is_ended_with_its_children(
    scripts: Scripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts.write(AZ, FORKS.format(folder=scripts.folder))
    ended = asyncio.Event()

    async def limit(_: float) -> None:
        await ended.wait()

    monkeypatch.setattr(cli_credentials, "_limit", limit)
    asking = asyncio.ensure_future(scripts.token(AZ))
    await until(scripts.pids)
    ended.set()

    with pytest.raises(CredentialUnavailableError, match="Timed out waiting for Azure CLI"):
        await asking
    for pid in scripts.pids():
        await until(lambda pid=pid: gone(pid))  # type: ignore[misc]  # a bound default


async def test_a_sign_in_to_the_cluster_that_is_given_up_leaves_none_either(host: Host) -> None:
    scripts = Scripts(host.folder)
    scripts.write(AZ, FORKS.format(folder=host.folder))
    asking = asyncio.ensure_future(host.tokens("-l", "azurecli").credential())
    await until(scripts.pids)

    await host.clock.advance(31)

    with pytest.raises(SignInFailed, match="no answer within 30 s"):
        await asking
    for pid in scripts.pids():
        await until(lambda pid=pid: gone(pid))  # type: ignore[misc]  # a bound default


async def test_nor_does_one_that_nobody_waits_for_any_more(host: Host) -> None:
    scripts = Scripts(host.folder)
    scripts.write(AZ, FORKS.format(folder=host.folder))
    tokens = host.tokens("-l", "azurecli")
    waiting = [asyncio.ensure_future(tokens.credential()) for _ in range(2)]
    await until(scripts.pids)

    for one in waiting:
        one.cancel()
    await asyncio.wait(waiting)

    for pid in scripts.pids():
        await until(lambda pid=pid: gone(pid))  # type: ignore[misc]  # a bound default
