"""Azure behind a proxy of a company: whom TLS trusts, and which way is taken, alike for all that talk to Azure.

The server is real TLS of a private CA; proxies are real too, and know a name that nobody else does.
"""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from kubetui.azure.resource_manager import ResourceManager
from kubetui.azure.scale_sets import read_machines
from kubetui.azure.transport import proxy_to
from kubetui.azure.trust import trusted
from kubetui.cluster.errors import ClusterError, TlsFailed
from tests.unit.azure.entra import CLIENT, TENANT, Entra
from tests.unit.azure.resource_manager_double import PLACE, ResourceManagerDouble, Tokens
from tests.unit.azure.test_cluster_tokens import Host
from tests.unit.cluster.api_server_double import ConnectProxy, Double, SocksProxy, Tls, serving, talking

NAME = "kubernetes"
"""The other name in the server's certificate: it resolves behind a proxy only."""


@dataclass
class Azure:
    """Entra and the resource manager at one address, and three who talk to them."""

    server: Double
    entra: Entra
    host: Host
    tls: Tls

    def address(self, name: str = "127.0.0.1") -> str:
        self.entra.authority = f"{name}:{self.server.port}"
        return self.entra.authority

    async def read_machines(self, environ: Mapping[str, str], name: str = "127.0.0.1") -> None:
        async with ResourceManager(f"https://{self.address(name)}", Tokens(), environ) as manager:
            machines = await read_machines(manager, {PLACE: frozenset()}, 0.0)
        assert len(machines.sets) == 1

    async def service_principal(self, environ: Mapping[str, str], name: str = "127.0.0.1") -> None:
        await self._token(environ, name, "--login", "spn", "--client-secret", "the-secret")

    async def device_code(self, environ: Mapping[str, str], name: str = "127.0.0.1") -> None:
        self.entra.signed_in = True
        await self._token(environ, name, "--login", "devicecode")

    async def _token(self, environ: Mapping[str, str], name: str, *login: str) -> None:
        self.host.environ |= environ
        arguments = ["--authority-host", f"https://{self.address(name)}", "--disable-instance-discovery",
                     "--tenant-id", TENANT, "--client-id", CLIENT, *login]  # fmt: skip
        assert (await self.host.tokens(*arguments).credential()).token == "token-1"


Talk = Callable[[Azure, Mapping[str, str], str], Awaitable[None]]
ALL = pytest.mark.parametrize(
    "talk", [Azure.read_machines, Azure.service_principal, Azure.device_code], ids=lambda one: one.__name__
)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls.make(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def azure(tmp_path: Path, tls: Tls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Azure]:
    entra, manager = Entra(), ResourceManagerDouble()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith(f"/{TENANT}/"):
            return await entra.answer(request)
        assert isinstance(request, web.BaseRequest)
        return await manager.answer(request)  # type: ignore[arg-type]  # it reads nothing that an app's request adds

    host = Host(tmp_path, monkeypatch)
    host.sign_ins.attend(lambda: None)
    async with serving(answer, tls.server_context()) as server:
        yield Azure(server, entra, host, tls)


# --- whom TLS trusts


@ALL
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
async def test_a_bundle_that_is_named_is_trusted(azure: Azure, talk: Talk, variable: str) -> None:
    await talk(azure, {variable: str(azure.tls.ca)}, "127.0.0.1")


@ALL
async def test_without_one_the_error_says_where_to_name_the_ca(azure: Azure, talk: Talk) -> None:
    with pytest.raises(ClusterError, match="unable to get local issuer certificate") as raised:
        await talk(azure, {}, "127.0.0.1")
    assert "REQUESTS_CA_BUNDLE" in raised.value.advice
    assert azure.server.requests == []


@ALL
async def test_a_bundle_that_is_not_there_is_named_and_nothing_is_sent(azure: Azure, talk: Talk) -> None:
    with pytest.raises(ClusterError) as raised:
        await talk(azure, {"REQUESTS_CA_BUNDLE": "/nowhere/corp.pem"}, "127.0.0.1")

    assert raised.value.tried == "trust the CAs that REQUESTS_CA_BUNDLE names"
    assert raised.value.answer == "/nowhere/corp.pem can't be read (No such file or directory)"
    assert raised.value.advice.startswith("mend REQUESTS_CA_BUNDLE, or unset it")
    assert azure.server.requests == []


@pytest.mark.parametrize("content", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nMII\n"])
async def test_a_file_without_certificates_is_named(azure: Azure, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.pem").write_bytes(content)
    with pytest.raises(TlsFailed, match=r"bad\.pem holds no certificates"):
        await azure.read_machines({"SSL_CERT_FILE": str(tmp_path / "bad.pem")})


async def test_a_hostile_path_is_no_crash(azure: Azure) -> None:
    with pytest.raises(TlsFailed, match="can't be read") as raised:
        await azure.read_machines({"CURL_CA_BUNDLE": "/x\0\x1b[31my"})
    assert "\x1b" not in str(raised.value)


@pytest.fixture
def hashed(tmp_path: Path, tls: Tls) -> Path:
    """A folder as c_rehash leaves it."""
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(tls.ca)]
    name = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    (tmp_path / f"{name}.0").write_bytes(tls.ca.read_bytes())
    return tmp_path


async def test_a_folder_of_hashed_files_serves_too(azure: Azure, hashed: Path) -> None:
    await azure.read_machines({"REQUESTS_CA_BUNDLE": str(hashed)})


async def test_requests_own_variable_goes_before_curls_and_both_files_of_different_names_count(azure: Azure) -> None:
    await azure.read_machines({"REQUESTS_CA_BUNDLE": str(azure.tls.ca), "CURL_CA_BUNDLE": "/nowhere"})
    await azure.read_machines({"REQUESTS_CA_BUNDLE": str(azure.tls.other_ca), "SSL_CERT_FILE": str(azure.tls.ca)})


def test_the_systems_cas_stay_trusted_beside_it(tls: Tls) -> None:
    def subjects(environ: Mapping[str, str]) -> set[str]:
        return {str(one["subject"]) for one in trusted(environ).get_ca_certs()}

    added = subjects({"REQUESTS_CA_BUNDLE": str(tls.ca)}) - subjects({})
    assert subjects({}) <= subjects({"REQUESTS_CA_BUNDLE": str(tls.ca)})
    assert len(added) == 1


async def test_a_bundle_that_is_missing_does_not_keep_away_what_needs_none(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A managed identity's token comes unencrypted, from the machine itself."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        ends = int(azure.host.clock.now()) + 3600
        told = {"access_token": "of-the-machine", "expires_on": str(ends), "token_type": "Bearer", "resource": "aks"}
        return web.json_response(told)

    async with serving(answer) as metadata:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata.url)
        azure.host.environ["REQUESTS_CA_BUNDLE"] = "/nowhere"
        credential = await azure.host.tokens("--login", "msi").credential()
    assert credential.token == "of-the-machine"


# --- which way


@ALL
async def test_a_proxy_leads_to_azure(azure: Azure, talk: Talk) -> None:
    proxy = ConnectProxy()
    async with talking(proxy.talk) as port:
        environ = {"REQUESTS_CA_BUNDLE": str(azure.tls.ca), "HTTPS_PROXY": f"http://me:p%40ss@127.0.0.1:{port}"}
        await talk(azure, environ, NAME)

    assert proxy.heads[0].startswith(f"CONNECT {NAME}:{azure.server.port} HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic bWU6cEBzcw==\r\n" in proxy.heads[0]
    assert all("Proxy-Authorization" not in request.headers for request in azure.server.requests)


@ALL
async def test_a_socks_proxy_does_so_too(azure: Azure, talk: Talk) -> None:
    proxy = SocksProxy()
    async with talking(proxy.talk) as port:
        await talk(azure, {"SSL_CERT_FILE": str(azure.tls.ca), "https_proxy": f"socks5://127.0.0.1:{port}"}, NAME)
    assert set(proxy.asked) == {NAME}


@ALL
async def test_a_proxy_that_refuses_is_named_without_its_password(azure: Azure, talk: Talk) -> None:
    async with talking(ConnectProxy("403 Forbidden").talk) as port:
        with pytest.raises(ClusterError, match="it answered 403 Forbidden") as raised:
            await talk(azure, {"HTTPS_PROXY": f"http://me:the-word@127.0.0.1:{port}"}, NAME)
    assert "(from HTTPS_PROXY)" in raised.value.answer
    assert "the-word" not in str(raised.value)


@ALL
async def test_a_proxy_of_an_unknown_kind_says_which_are_known(azure: Azure, talk: Talk) -> None:
    with pytest.raises(ClusterError, match="the scheme 'ftp' is not known"):
        await talk(azure, {"HTTPS_PROXY": "ftp://127.0.0.1:1"}, NAME)


MANAGEMENT = "https://management.azure.com/subscriptions"


@pytest.mark.parametrize(
    ("url", "environ", "way"),
    [
        (MANAGEMENT, {"HTTPS_PROXY": "http://p:1"}, "http://p:1 (from HTTPS_PROXY)"),
        (MANAGEMENT, {"https_proxy": "p:1"}, "http://p:1 (from https_proxy)"),
        (MANAGEMENT, {"HTTP_PROXY": "http://p:1"}, "None"),
        (MANAGEMENT, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".azure.com"}, "None"),
        (MANAGEMENT, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "management.azure.com:443"}, "None"),
        (MANAGEMENT, {"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, "None"),
        ("https://10.1.2.3/x", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "None"),
        ("http://169.254.169.254/metadata", {"HTTP_PROXY": "http://p:1"}, "None"),
        ("http://127.0.0.1:40342/metadata", {"HTTP_PROXY": "http://p:1"}, "None"),
    ],
)
def test_the_way_is_the_environments(url: str, environ: Mapping[str, str], way: str) -> None:
    assert str(proxy_to(url, environ)) == way
