"""The real kubelogin as an exec plugin: its prompt reaches the person, its answer is understood, its cache serves."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.exec_plugin import ExecPlugin
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import ExecEntry, UserEntry
from kubetui.cluster.sign_in import Attempt, SignIns
from tests.cluster import binaries
from tests.cluster.certificates import Authority
from tests.cluster.programs import NODE
from tests.unit.azure.entra import CLIENT, TENANT, Entra
from tests.unit.cluster.api_server_double import ConnectProxy, serving, talking

pytestmark = pytest.mark.cluster

HOST = "login.microsoftonline.com"
SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"
V1BETA1 = "client.authentication.k8s.io/v1beta1"


class Host:
    """A jump host with kubelogin, whose only way out is a proxy that leads to our own Entra."""

    def __init__(self, kubelogin: Path, folder: Path, proxy: int, ca: Path, idp: Entra) -> None:
        self.idp = idp
        self.sign_ins = SignIns(SystemClock())
        self._kubelogin, self._folder = kubelogin, folder
        self._environ = {
            "PATH": f"{folder}:/usr/bin:/bin",
            "HOME": str(folder),
            "HTTPS_PROXY": f"http://127.0.0.1:{proxy}",
            "SSL_CERT_FILE": str(ca),
        }

    def az(self, body: str) -> None:
        path = self._folder / "az"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def plugin(self, *arguments: str) -> ExecPlugin:
        fixed = ["get-token", "--server-id", SERVER, "--tenant-id", TENANT, "--disable-instance-discovery"]
        entry = ExecEntry(command=str(self._kubelogin), api_version=V1BETA1, args=[*fixed, *arguments])
        user = User("clusterUser_rg_prod", UserEntry(exec=entry), self._folder)
        target = Target("prod", "", "https://x.hcp.we.azmk8s.io", user)
        return ExecPlugin(target, user, entry, SystemClock(), self._environ, self.sign_ins)


@pytest.fixture(scope="module")
def kubelogin() -> Path:
    """The program, if it was built."""
    try:
        return binaries.find([program for program in NODE if program.name == "kubelogin"])["kubelogin"]
    except binaries.NotBuilt as absent:
        pytest.skip(str(absent))


class LeadsTo(ConnectProxy):
    """A proxy that leads every name to one port of loopback."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from tests.unit.cluster.api_server_double import _lead

        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
        await _lead("127.0.0.1", self._port, reader, writer)


@asynccontextmanager
async def jump_host(kubelogin: Path, folder: Path) -> AsyncIterator[Host]:
    authority = Authority(folder / "ca", "ca")
    issued = authority.issue("server", HOST, alternatives=f"DNS:{HOST}")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(issued.certificate, issued.key)
    idp = Entra(authority=HOST, interval=1)
    async with serving(idp.answer, context) as server, talking(LeadsTo(server.port).talk) as proxy:
        yield Host(kubelogin, folder, proxy, authority.root.certificate, idp)


async def test_its_device_code_is_read_and_answered(kubelogin: Path, tmp_path: Path) -> None:
    async with jump_host(kubelogin, tmp_path) as host:
        changed = asyncio.Event()
        host.sign_ins.attend(changed.set)
        plugin = host.plugin("--login", "devicecode", "--client-id", CLIENT)
        asking = asyncio.ensure_future(plugin.credential())

        def seen() -> Attempt | None:
            return next((attempt for attempt in host.sign_ins.running if attempt.asks), None)

        async with asyncio.timeout(30):
            while seen() is None:
                await changed.wait()
                changed.clear()
        attempt = seen()
        assert attempt is not None
        assert (attempt.code, attempt.address) == ("F7QK2LXYZ", "https://microsoft.com/devicelogin")

        host.idp.signed_in = True
        credential = await asyncio.wait_for(asking, 30)
        assert credential.token == "token-1"
        assert credential.expires_at is not None


async def test_its_refusals_are_read(kubelogin: Path, tmp_path: Path) -> None:
    async with jump_host(kubelogin, tmp_path) as host:
        host.idp.error = "AADSTS53003: Access has been blocked by Conditional Access policies."
        with pytest.raises(SignInFailed, match="AADSTS53003") as caught:
            await host.plugin("--login", "spn", "--client-id", CLIENT, "--client-secret", "s").credential()
        assert "Conditional Access" in caught.value.advice


async def test_with_az_it_needs_nobody(kubelogin: Path, tmp_path: Path) -> None:
    async with jump_host(kubelogin, tmp_path) as host:
        host.az('echo \'{"accessToken": "from-az", "expires_on": 4102444800, "expiresOn": "2100-01-01 00:00:00.0"}\'')
        assert (await host.plugin("--login", "azurecli").credential()).token == "from-az"

        host.az("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1")
        with pytest.raises(SignInFailed) as caught:
            await host.plugin("--login", "azurecli").credential()
        assert caught.value.advice.startswith("run: az login")
