"""A metadata address that takes connections and stays silent, as behind some proxies, holds nothing up.

Real: azure-identity's ManagedIdentityCredential, over HTTP, to an address in the place of 169.254.169.254.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from kubetui.azure.cluster_tokens import LIMIT_S
from kubetui.azure.machine_feed import LONGEST
from tests.unit.azure.whole_path import SECONDS, WholePath, whole_path


class Metadata:
    """It counts who comes, and answers with ``token`` once there is one."""

    def __init__(self) -> None:
        self.came = 0
        self.left = 0
        self.token = ""
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                if self.token:
                    writer.write(self._answer())
        self.left += 1
        writer.close()

    def _answer(self) -> bytes:
        ends = {"expires_in": "86400", "expires_on": "4000000000", "not_before": "0"}
        token = {"access_token": self.token, "resource": "https://management.azure.com", "token_type": "Bearer"}
        body = json.dumps(token | ends).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


@asynccontextmanager
async def metadata() -> AsyncIterator[Metadata]:
    made = Metadata()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()


async def until(path: WholePath, true: Callable[[], object]) -> None:
    """Let the loop turn until something is so; no time passes."""
    async with asyncio.timeout(SECONDS):
        while not true():
            await path.clock.advance(0)


@pytest.fixture
async def asked_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[WholePath, Metadata]]:
    """A machine whose person asks for the managed identity by name."""
    async with metadata() as imds, whole_path(tmp_path, monkeypatch) as path:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.address)
        path.environ["AZURE_TOKEN_CREDENTIALS"] = "ManagedIdentityCredential"
        yield path, imds


async def test_silence_is_given_up_said_and_left_behind(asked_by_name: tuple[WholePath, Metadata]) -> None:
    path, imds = asked_by_name
    path.pane.follow(path.nodes, path.clock.now(), moved=True)
    await until(path, lambda: imds.came)
    assert path.words == "Azure: reading …", "the pane goes on meanwhile"

    await path.pass_time(LIMIT_S)
    said = await path.look()

    assert "no answer within 30 s – is this an Azure machine with a managed identity" in said
    assert "169.254.169.254" in said
    await until(path, lambda: imds.left == imds.came)


async def test_once_it_answers_the_machines_come(asked_by_name: tuple[WholePath, Metadata]) -> None:
    path, imds = asked_by_name
    path.pane.follow(path.nodes, path.clock.now(), moved=True)
    await until(path, lambda: imds.came)
    await path.pass_time(LIMIT_S)
    await path.look()

    imds.token = path.azure.token

    assert await path.look_after(LONGEST) == "Azure just now"
    assert set(path.powers) == {"running"}


async def test_who_leaves_meanwhile_leaves_nothing_behind(asked_by_name: tuple[WholePath, Metadata]) -> None:
    path, imds = asked_by_name
    path.pane.follow(path.nodes, path.clock.now(), moved=True)
    await until(path, lambda: imds.came)

    path.pane.rest()

    await until(path, lambda: imds.left == imds.came)


@pytest.mark.parametrize("signed_in_with_az", [True, False])
async def test_nobody_is_sent_there_who_did_not_ask_for_it_by_name(
    signed_in_with_az: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with metadata() as imds, whole_path(tmp_path, monkeypatch) as path:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.address)
        if not signed_in_with_az:
            (tmp_path / ".azure/azureProfile.json").unlink()

        await path.look()

        assert bool(path.powers) is signed_in_with_az
        assert imds.came == 0
