"""Which credential a kubeconfig user gives, and how it is renewed."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from kubetui.cluster.connect import open_transport
from kubetui.cluster.credentials import token_source
from kubetui.cluster.errors import KubeconfigError, SignInFailed
from kubetui.cluster.kubeconfig import KubeConfig, Target, User
from kubetui.cluster.kubeconfig_file import AuthProviderEntry, ExecEntry, UserEntry
from kubetui.cluster.oidc import token_end
from kubetui.cluster.token import Credential, TokenSource
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Request
from tests.fake_clock import FakeClock
from tests.unit.cluster.api_server_double import Tls, serving


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def source(clock: FakeClock, entry: UserEntry | None, folder: Path = Path("/")) -> TokenSource:
    user = User("joe", entry, folder) if entry is not None else None
    return token_source(Target("lab", "default", "https://x", user), clock, {})


class TestChoice:
    @pytest.mark.parametrize(
        ("entry", "words"),
        [
            (None, "anonymously"),
            (UserEntry(), "anonymously"),
            (UserEntry(token="t"), "a token in kubeconfig"),
            (UserEntry(token="t", token_file="f"), "token file /f"),
            (UserEntry(token="t", exec=ExecEntry("/bin/kubelogin", "v1")), "exec plugin kubelogin"),
            (UserEntry(username="u", password="p"), "user name and password"),
            (UserEntry(client_certificate="c", client_key="k"), "a client certificate"),
            (UserEntry(client_certificate="c", token="t"), "a token in kubeconfig and a client certificate"),
            (UserEntry(auth_provider=AuthProviderEntry("oidc")), "OIDC (auth-provider in kubeconfig)"),
        ],
    )
    def test_it_follows_the_entry(self, clock: FakeClock, entry: UserEntry | None, words: str) -> None:
        assert source(clock, entry).describe() == words

    async def test_a_name_and_password_are_basic_auth(self, clock: FakeClock) -> None:
        async def handler(_: web.BaseRequest) -> web.StreamResponse:
            return web.json_response({})

        async with serving(handler) as server:
            user = User("joe", UserEntry(username="joe", password="pä:ss"), Path("/"))
            transport = await open_transport(Target("lab", "default", server.url, user), clock, Traffic(clock), {})
            await transport.send(Request("/version", "get version"))
            await transport.close()
        scheme, _, secret = server.tokens[0].partition(" ")
        assert (scheme, base64.b64decode(secret).decode()) == ("Basic", "joe:pä:ss")

    @pytest.mark.parametrize(
        ("name", "advice"), [("azure", "kubelogin convert-kubeconfig"), ("gcp", "gcloud"), ("x", "exec")]
    )
    def test_removed_auth_providers_say_what_to_run(self, clock: FakeClock, name: str, advice: str) -> None:
        with pytest.raises(SignInFailed) as caught:
            source(clock, UserEntry(auth_provider=AuthProviderEntry(name)))
        assert advice in caught.value.advice


class TestTokenFile:
    async def test_it_is_read_again_after_a_minute_and_not_before(self, clock: FakeClock, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("one\n")
        tokens = source(clock, UserEntry(token_file="token"), tmp_path)
        assert (await tokens.credential()).token == "one"
        file.write_text("two\n")
        await clock.advance(59)
        assert (await tokens.credential()).token == "one"
        await clock.advance(1)
        assert (await tokens.credential()).token == "two"

    async def test_a_401_has_it_read_at_once(self, clock: FakeClock, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("one")
        tokens = source(clock, UserEntry(token_file="token"), tmp_path)
        first = await tokens.credential()
        file.write_text("two")
        tokens.reject(first)
        assert (await tokens.credential()).token == "two"

    async def test_while_it_is_being_replaced_the_old_token_serves(self, clock: FakeClock, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("one")
        tokens = source(clock, UserEntry(token_file="token"), tmp_path)
        await tokens.credential()
        file.unlink()
        await clock.advance(61)
        assert (await tokens.credential()).token == "one"

    @pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
    async def test_a_file_without_a_token_is_told(
        self, clock: FakeClock, tmp_path: Path, content: bytes | None
    ) -> None:
        if content is not None:
            (tmp_path / "token").write_bytes(content)
        with pytest.raises(SignInFailed, match=str(tmp_path / "token")):
            await source(clock, UserEntry(token_file="token"), tmp_path).credential()

    async def test_a_pod_signs_in_with_its_own_account(self, clock: FakeClock, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("pod-token")
        environ = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443", "HOME": str(tmp_path)}
        target = KubeConfig.load(None, environ, tmp_path).context()
        assert (await token_source(target, clock, environ).credential()).token == "pod-token"


class TestCertificateFiles:
    async def test_renewed_files_are_taken_after_a_minute_or_a_401(self, clock: FakeClock, tmp_path: Path) -> None:
        def put(name: str) -> None:
            (tmp_path / "c").write_text(f"cert {name}")
            (tmp_path / "k").write_text(f"key {name}")

        put("one")
        tokens = source(clock, UserEntry(client_certificate="c", client_key="k"), tmp_path)
        first = await tokens.credential()
        assert (first.client_certificate, first.client_key) == ("cert one", "key one")
        put("two")
        assert await tokens.credential() == first
        await clock.advance(60)
        second = await tokens.credential()
        assert second.client_key == "key two"
        put("three")
        tokens.reject(second)
        assert (await tokens.credential()).client_key == "key three"

    async def test_a_certificate_without_a_key_is_told(self, clock: FakeClock, tmp_path: Path) -> None:
        (tmp_path / "c").write_text("cert")
        with pytest.raises(KubeconfigError, match="no client-key"):
            await source(clock, UserEntry(client_certificate="c"), tmp_path).credential()


def id_token(ends: float, mark: str = "x") -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part({'exp': ends, 'mark': mark})}.sig"


class TestOidc:
    @staticmethod
    def entry(**config: Any) -> UserEntry:
        named = {key.replace("_", "-"): value for key, value in config.items()}
        return UserEntry(auth_provider=AuthProviderEntry("oidc", named))

    async def test_an_id_token_serves_until_it_ends(self, clock: FakeClock) -> None:
        token = id_token(clock.now() + 100)
        tokens = source(clock, self.entry(id_token=token))
        assert await tokens.credential() == Credential(token=token, expires_at=clock.now() + 100)
        clock.jump(95)
        with pytest.raises(SignInFailed, match="no refresh-token"):
            await tokens.credential()

    async def test_it_is_renewed_over_tls_that_is_checked(self, clock: FakeClock, tmp_path: Path) -> None:
        tls = Tls.make(tmp_path)
        renewed = id_token(clock.now() + 3600)
        forms: list[dict[str, str]] = []

        async def issuer(request: web.BaseRequest) -> web.StreamResponse:
            if request.path.endswith("openid-configuration"):
                return web.json_response({"token_endpoint": f"{server.url}/token"})
            body = (await request.read()).decode()
            forms.append(dict(pair.split("=") for pair in body.split("&")))
            return web.json_response({"id_token": renewed, "refresh_token": "r2"})

        async with serving(issuer, tls.server_context()) as server:
            config = {
                "id_token": id_token(clock.now() - 1),
                "refresh_token": "r1",
                "client_id": "me",
                "client_secret": "s3cret",
                "idp_issuer_url": server.url,
            }
            ca = base64.b64encode(tls.ca.read_bytes()).decode()
            tokens = source(clock, self.entry(**config, idp_certificate_authority_data=ca))
            assert (await tokens.credential()).token == renewed
            assert forms == [{"grant_type": "refresh_token", "refresh_token": "r1"}]
            tokens.reject(Credential(token=renewed))
            await tokens.credential()
            assert forms[1]["refresh_token"] == "r2"  # a rotated one is kept

            # And an issuer whose certificate nobody signed for us gets neither secret nor refresh-token.
            with pytest.raises(SignInFailed) as caught:
                await source(clock, self.entry(**config)).credential()
            assert len(forms) == 2
            assert "s3cret" not in str(caught.value)
            assert "r1" not in caught.value.answer

    async def test_what_is_missing_in_the_entry_is_named(self, clock: FakeClock) -> None:
        with pytest.raises(KubeconfigError, match="no idp-issuer-url"):
            await source(clock, self.entry(refresh_token="r")).credential()

    @pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "a.bnVsbA.c", "a.W10.c", "a.eyJleHAiOiJ4In0.c", "é.é.é"])
    def test_a_token_that_says_no_end_has_none(self, token: str) -> None:
        assert token_end(token) is None


def test_no_credential_shows_itself() -> None:
    credential = Credential(token="s3cret", basic="u:s3cret", client_certificate="s3cret", client_key="s3cret")
    assert "s3cret" not in f"{credential} {credential!r}"


def test_importing_the_connection_loads_nothing_heavy() -> None:
    code = (
        "import sys; import kubetui.cluster.connect, kubetui.cluster.http_transport;"
        "heavy = {'aiohttp', 'kubernetes', 'yaml', 'python_socks', 'textual'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
