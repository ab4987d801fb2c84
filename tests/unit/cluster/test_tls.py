"""TLS on real sockets: whom we trust, what we show, and what each refusal says."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from kubetui.cluster.connect import open_transport
from kubetui.cluster.errors import ClusterError, KubeconfigError, SignInFailed, TlsFailed
from kubetui.cluster.exec_plugin import ExecPlugin
from kubetui.cluster.http_transport import HttpTransport
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import ExecEntry, UserEntry
from kubetui.cluster.tls import TlsContexts, build_context
from kubetui.cluster.token import Credential
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Request
from tests.fake_clock import FakeClock
from tests.unit.cluster.api_server_double import Double, Tls, serving, talking

VERSION = Request("/version", "get version")


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls.make(tmp_path_factory.mktemp("tls"))


async def who(request: web.BaseRequest) -> web.StreamResponse:
    """Tells the certificate that came."""
    assert request.transport is not None
    certificate = request.transport.get_extra_info("peercert") or {}
    names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    return web.json_response({"names": names})


@pytest.fixture
async def server(tls: Tls) -> AsyncIterator[Double]:
    async with serving(who, tls.server_context()) as double:
        yield double


@pytest.fixture
async def asking_server(tls: Tls) -> AsyncIterator[Double]:
    async with serving(who, tls.server_context(ask_client=True)) as double:
        yield double


def data(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


async def transport_to(target: Target) -> HttpTransport:
    clock = FakeClock()
    return await open_transport(target, clock, Traffic(clock), {})


async def ask(target: Target) -> bytes:
    transport = await transport_to(target)
    try:
        return (await transport.send(VERSION)).body
    finally:
        await transport.close()


async def failing(target: Target) -> ClusterError:
    with pytest.raises(ClusterError) as caught:
        await ask(target)
    return caught.value


def target(server: Double, user: UserEntry | None = None, folder: Path = Path("/"), **fields: Any) -> Target:
    return Target("lab", "default", server.url, User("joe", user, folder) if user else None, **fields)


class TestTrust:
    async def test_the_ca_of_the_kubeconfig_is_trusted_as_file_and_as_data(self, server: Double, tls: Tls) -> None:
        assert await ask(target(server, ca_file=tls.ca)) == b'{"names": []}'
        assert await ask(target(server, ca_data=data(tls.ca))) == b'{"names": []}'

    async def test_another_ca_is_not_and_says_how_to_get_the_new_one(self, server: Double, tls: Tls) -> None:
        error = await failing(target(server, ca_file=tls.other_ca))
        assert isinstance(error, TlsFailed)
        assert "unable to get local issuer certificate" in error.answer or "self-signed" in error.answer
        assert "get the kubeconfig anew" in error.advice

    async def test_no_ca_means_the_systems(self, server: Double) -> None:
        assert isinstance(await failing(target(server)), TlsFailed)

    async def test_insecure_skips_the_check(self, server: Double) -> None:
        assert await ask(target(server, insecure_skip_tls_verify=True)) == b'{"names": []}'

    async def test_a_wrong_name_is_refused_and_tls_server_name_sets_it_right(self, tls: Tls) -> None:
        async with serving(who, tls.server_context()) as server:
            address = f"https://localhost:{server.port}"  # the certificate names 127.0.0.1 and kubernetes
            error = await failing(Target("lab", "default", address, ca_file=tls.ca))
            assert "tls-server-name" in error.advice
            named = Target("lab", "default", address, ca_file=tls.ca, tls_server_name="kubernetes")
            assert await ask(named) == b'{"names": []}'

    async def test_a_server_without_tls_says_so(self, tls: Tls) -> None:
        async with serving(who) as server:
            url = server.url.replace("http:", "https:")
            error = await failing(Target("lab", "default", url, ca_file=tls.ca))
        assert isinstance(error, TlsFailed)
        assert "speaks no TLS" in error.advice

    async def test_a_renewed_ca_file_is_read_after_a_refusal(self, server: Double, tls: Tls, tmp_path: Path) -> None:
        ca = tmp_path / "ca.crt"
        ca.write_bytes(tls.other_ca.read_bytes())
        transport = await transport_to(target(server, ca_file=ca))
        with pytest.raises(TlsFailed):
            await transport.send(VERSION)
        ca.write_bytes(tls.ca.read_bytes())
        assert (await transport.send(VERSION)).status == 200
        await transport.close()

    @pytest.mark.parametrize(
        "fields",
        [
            {"ca_data": "s3cret not base64"},
            {"ca_data": base64.b64encode(b"s3cret").decode()},
            {"ca_data": base64.b64encode(b"\xff\xfe").decode()},
            {"ca_file": Path("/nonexistent/ca.crt")},
            {"ca_file": Path("/dev/null")},
        ],
    )
    async def test_a_ca_that_is_none_is_an_error_of_the_kubeconfig(self, server: Double, fields: Any) -> None:
        error = await failing(target(server, **fields))
        assert isinstance(error, KubeconfigError)
        assert "s3cret" not in str(error)

    def test_the_strict_flag_is_off_and_an_intermediate_ca_is_an_anchor(self, tls: Tls) -> None:
        context = build_context(Target("lab", "default", "https://x", ca_file=tls.ca), Credential())
        assert not context.verify_flags & ssl.VERIFY_X509_STRICT
        assert context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert context.check_hostname


def refuse(listener: socket.socket, context: ssl.SSLContext, stop: threading.Event) -> None:
    """Take connections whose clients have no certificate, until stopped."""
    while not stop.is_set():
        try:
            accepted, _ = listener.accept()
        except TimeoutError:
            continue
        accepted.settimeout(20)
        wrapped = context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        with pytest.raises(ssl.SSLError):
            wrapped.do_handshake()
        # Closing with unread bytes would reset the connection, and the alert might be lost on its way.
        with socket.socket(fileno=wrapped.detach()) as plain:
            plain.settimeout(20)
            plain.shutdown(socket.SHUT_WR)
            while plain.recv(65536):
                pass


class TestClientCertificate:
    async def test_it_is_shown_from_data_and_from_files(self, asking_server: Double, tls: Tls, tmp_path: Path) -> None:
        as_data = UserEntry(client_certificate_data=data(tls.client.certificate), client_key_data=data(tls.client.key))
        assert await ask(target(asking_server, as_data, ca_file=tls.ca)) == b'{"names": ["joe"]}'
        (tmp_path / "joe.crt").write_bytes(tls.client.certificate.read_bytes())
        (tmp_path / "joe.key").write_bytes(tls.client.key.read_bytes())
        as_files = UserEntry(client_certificate="joe.crt", client_key="joe.key")
        assert await ask(target(asking_server, as_files, tmp_path, ca_file=tls.ca)) == b'{"names": ["joe"]}'

    async def test_it_goes_along_with_a_token(self, asking_server: Double, tls: Tls) -> None:
        user = UserEntry(
            token="tok",
            client_certificate_data=data(tls.client.certificate),
            client_key_data=data(tls.client.key),
        )
        assert await ask(target(asking_server, user, ca_file=tls.ca)) == b'{"names": ["joe"]}'
        assert asking_server.tokens == ["Bearer tok"]

    async def test_its_absence_is_told(self, tls: Tls) -> None:
        # Given a server that sends its alert before it hangs up; asyncio's own servers forget to.
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.05)
            stop = threading.Event()
            context = tls.server_context(ask_client=True)
            serving = asyncio.ensure_future(asyncio.to_thread(refuse, listener, context, stop))
            address = f"https://127.0.0.1:{listener.getsockname()[1]}"
            error = await failing(Target("lab", "default", address, ca_file=tls.ca))
            stop.set()
            await serving
        assert isinstance(error, TlsFailed)
        assert "did not accept our certificate" in error.advice

    def test_where_there_is_no_memory_file_a_temporary_one_is_gone_afterwards(
        self, tls: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        modes: list[int] = []
        real = ssl.SSLContext.load_cert_chain

        def watching(self: ssl.SSLContext, path: str, **more: Any) -> None:
            modes.append(os.stat(path).st_mode & 0o777)
            assert Path(path).parent == tmp_path
            real(self, path, **more)

        monkeypatch.delattr(os, "memfd_create", raising=False)
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watching)
        build_context(
            Target("lab", "default", "https://x", ca_file=tls.ca),
            Credential(client_certificate=tls.client.certificate.read_text(), client_key=tls.client.key.read_text()),
        )
        assert modes == [0o600]
        assert list(tmp_path.iterdir()) == []

    def test_an_encrypted_key_is_told_and_nobody_is_asked(self, tls: Tls, tmp_path: Path) -> None:
        locked = tmp_path / "locked.key"
        command: list[str | Path] = [
            "openssl",
            "pkey",
            "-in",
            tls.client.key,
            "-aes256",
            "-passout",
            "pass:s3cret",
            "-out",
            locked,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        with pytest.raises(SignInFailed, match="its key is encrypted"):
            self.build(tls.client.certificate.read_text(), locked.read_text(), tls)

    def test_key_and_certificate_must_belong_together(self, tls: Tls) -> None:
        with pytest.raises(SignInFailed, match="belongs to another certificate"):
            self.build(tls.client.certificate.read_text(), tls.server.key.read_text(), tls)

    @pytest.mark.parametrize(("certificate", "key"), [("s3cret", "s3cret"), ("s3cret", ""), ("\0", "\ud800")])
    def test_what_does_not_parse_is_an_error_without_its_content(self, tls: Tls, certificate: str, key: str) -> None:
        with pytest.raises(SignInFailed) as caught:
            self.build(certificate, key, tls)
        assert "s3cret" not in str(caught.value)

    @pytest.mark.parametrize(
        "user",
        [
            UserEntry(client_certificate_data="s3cret!", client_key_data="s3cret!"),
            UserEntry(client_certificate_data="Q0E="),
            UserEntry(client_certificate="/nonexistent.crt", client_key="/nonexistent.key"),
        ],
    )
    async def test_a_kubeconfig_without_a_usable_pair_is_told(self, server: Double, tls: Tls, user: UserEntry) -> None:
        error = await failing(target(server, user, ca_file=tls.ca))
        assert isinstance(error, KubeconfigError | SignInFailed)
        assert "s3cret" not in str(error)

    @staticmethod
    def build(certificate: str, key: str, tls: Tls) -> ssl.SSLContext:
        credential = Credential(client_certificate=certificate, client_key=key)
        return build_context(Target("lab", "default", "https://x", ca_file=tls.ca), credential)


class TestPluginCertificates:
    async def test_a_certificate_from_a_plugin_is_shown_and_a_renewed_one_replaces_it(
        self, asking_server: Double, tls: Tls, tmp_path: Path
    ) -> None:
        import json

        from tests.cluster.certificates import Authority

        ada = Authority(tls.ca.parent, "ca").issue("ada", "ada")

        def answer(certificate: Path, key: Path) -> None:
            status = {"clientCertificateData": certificate.read_text(), "clientKeyData": key.read_text()}
            whole = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}
            (tmp_path / "answer").write_text(json.dumps(whole))

        script = tmp_path / "plugin"
        script.write_text(f"#!/bin/sh\ncat '{tmp_path}/answer'\n")
        script.chmod(0o755)
        entry = ExecEntry("./plugin", "client.authentication.k8s.io/v1")
        answer(tls.client.certificate, tls.client.key)
        clock = FakeClock()
        reach = target(asking_server, UserEntry(exec=entry), tmp_path, ca_file=tls.ca)
        assert reach.user is not None
        plugin = ExecPlugin(reach, reach.user, entry, clock, {"PATH": os.environ["PATH"]})
        transport = await open_transport(reach, clock, Traffic(clock), {}, plugin)
        assert (await transport.send(VERSION)).body == b'{"names": ["joe"]}'
        answer(ada.certificate, ada.key)
        plugin.reject(await plugin.credential())
        assert (await transport.send(VERSION)).body == b'{"names": ["ada"]}'
        await transport.close()


class TestKeeping:
    async def test_a_context_is_kept_while_the_certificate_is_the_same(self, tls: Tls) -> None:
        contexts = TlsContexts(Target("lab", "default", "https://x", ca_file=tls.ca))
        pair = Credential(client_certificate=tls.client.certificate.read_text(), client_key=tls.client.key.read_text())
        first = await contexts.context(pair)
        assert await contexts.context(replace(pair, token="other")) is first
        assert await contexts.context(Credential()) is not first

    async def test_a_plain_http_server_has_none(self) -> None:
        assert await TlsContexts(Target("lab", "default", "http://x")).context(Credential()) is None


async def test_a_connection_that_ends_in_the_handshake_is_told(tls: Tls) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    async with talking(hang_up) as port:
        error = await failing(Target("lab", "default", f"https://127.0.0.1:{port}", ca_file=tls.ca))
    assert error.answer
