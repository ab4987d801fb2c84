"""The kubeconfig that the demo writes, and the certificate that it trusts."""

from __future__ import annotations

import base64
import json
import ssl

import aiohttp
import pytest

from kubetui.demo.access import standard_users
from kubetui.demo.api_server import ApiServer
from kubetui.demo.certificate import self_signed
from kubetui.demo.kubeconfig import KubeconfigFile, kubeconfig
from kubetui.demo.storage import Storage
from tests.demo.synthetic import RESOURCES


def test_one_context_a_user_the_reader_of_everything_first() -> None:
    users = standard_users("team")
    config = json.loads(kubeconfig("https://127.0.0.1:1", users, "PEM"))
    assert config["current-context"] == "kubetui-demo"
    assert [context["name"] for context in config["contexts"]] == [
        "kubetui-demo",
        "kubetui-demo-namespace-reader",
        "kubetui-demo-node-lister",
        "kubetui-demo-azure-rbac-reader",
        "kubetui-demo-log-reader",
    ]
    assert config["contexts"][1]["context"]["namespace"] == "team"
    assert config["users"][0]["user"] == {"token": users[0].token}
    assert base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]) == b"PEM"


def test_the_file_is_private_and_goes_with_its_folder() -> None:
    with KubeconfigFile(b"{}") as path:
        assert path.read_bytes() == b"{}"
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not path.parent.exists()


async def test_a_strict_client_trusts_the_certificate_and_no_other() -> None:
    # given a server with a certificate of its own
    certificate, other = self_signed(), self_signed()
    users = standard_users("team")
    server = ApiServer(Storage(RESOURCES), users)
    await server.start(0, certificate.server_context())
    try:
        trusting = ssl.create_default_context(cadata=certificate.certificate)
        trusting.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT  # Python's default from 3.13 on
        doubting = ssl.create_default_context(cadata=other.certificate)
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {users[0].token}"}) as session:
            # then who trusts it is served, by address and by name
            for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
                async with session.get(f"{url}/version", ssl=trusting) as response:
                    assert response.status == 200
            # and who trusts another is not
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await session.get(f"{server.url}/version", ssl=doubting)
    finally:
        await server.stop()


def test_two_certificates_share_nothing_and_keys_do_not_show() -> None:
    one, other = self_signed(), self_signed()
    assert one.key != other.key
    assert one.certificate != other.certificate
    assert "PRIVATE" not in repr(one)
