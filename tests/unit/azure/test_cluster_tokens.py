"""Tokens for AKS without kubelogin: the real azure-identity against ``az`` as a script and Entra on loopback."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kubetui.azure.cluster_tokens import AzureTokens, azure_tokens
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import ExecEntry, UserEntry
from kubetui.cluster.sign_in import Attempt, SignIns
from tests.fake_clock import FakeClock
from tests.unit.azure.entra import CLIENT, TENANT, entra
from tests.unit.cluster.api_server_double import Tls

SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"


class Host:
    """A jump host: programs on a PATH of its own, and no kubelogin."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.sign_ins = SignIns(self.clock)
        self.environ = {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin", "HOME": str(folder)}
        # azure-identity reads the process's own environment.
        for name in [name for name in os.environ if name.startswith(("AZURE_", "AAD_", "ARM_", "IDENTITY_", "MSI_"))]:
            monkeypatch.delenv(name)
        for name, value in self.environ.items():
            monkeypatch.setenv(name, value)

    def program(self, name: str, body: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)

    def az(self, body: str) -> None:
        self.program("az", f'echo "$@" >> {self.folder}/asked\n{body}')

    @property
    def asked(self) -> list[str]:
        path = self.folder / "asked"
        return path.read_text().splitlines() if path.exists() else []

    def target(self, *arguments: str) -> Target:
        entry = ExecEntry(
            command="kubelogin",
            api_version="client.authentication.k8s.io/v1beta1",
            args=["get-token", "--server-id", SERVER, *arguments],
        )
        return Target(
            "prod", "", "https://x.hcp.we.azmk8s.io", User("clusterUser_rg_prod", UserEntry(exec=entry), self.folder)
        )

    def tokens(self, *arguments: str, always: bool = False) -> AzureTokens:
        found = azure_tokens(self.target(*arguments), self.clock, self.environ, self.sign_ins, always=always)
        assert found is not None
        return found

    async def sees(self, true: Callable[[Attempt], bool]) -> Attempt:
        async with asyncio.timeout(20):
            while not (self.sign_ins.running and true(self.sign_ins.running[0])):  # noqa: ASYNC110 – said in a thread
                await asyncio.sleep(0.005)
        return self.sign_ins.running[0]


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    return Host(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls.make(tmp_path_factory.mktemp("tls"))


def az_answer(token: str, ends: float) -> str:
    return (
        f"""echo '{{"accessToken": "{token}", "expires_on": {int(ends)}, "expiresOn": "2030-01-01 00:00:00.000000"}}'"""
    )


class TestWhenItIsUsed:
    def test_only_in_the_place_of_a_kubelogin_that_is_missing(self, host: Host) -> None:
        target = host.target("-l", "azurecli")
        assert azure_tokens(target, host.clock, host.environ, host.sign_ins) is not None
        host.program("kubelogin", "true")
        assert azure_tokens(target, host.clock, host.environ, host.sign_ins) is None
        assert azure_tokens(target, host.clock, host.environ, host.sign_ins, always=True) is not None

    def test_other_users_sign_in_otherwise(self, host: Host) -> None:
        target = Target("prod", "", "https://x", User("joe", UserEntry(token="t"), host.folder))
        assert azure_tokens(target, host.clock, host.environ, host.sign_ins, always=True) is None
        assert azure_tokens(Target("prod", "", "https://x"), host.clock, host.environ, host.sign_ins) is None

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("--pop-enabled", "--pop-claims", "u=/subscriptions/x"), "Azure Arc"),
            (("-l", "ropc"), "ropc is kubelogin's only"),
        ],
    )
    def test_what_only_kubelogin_can_do_says_so(self, host: Host, arguments: tuple[str, ...], words: str) -> None:
        with pytest.raises(SignInFailed, match=words) as caught:
            host.tokens(*arguments)
        assert caught.value.advice == "run: az aks install-cli"
        host.program("kubelogin", "true")
        target = host.target(*arguments)
        assert azure_tokens(target, host.clock, host.environ, host.sign_ins, always=True) is None


class TestAzureCli:
    async def test_the_token_is_for_the_server_and_kept_until_shortly_before_it_ends(self, host: Host) -> None:
        host.az(az_answer("first", host.clock.now() + 3600))
        tokens = host.tokens("-l", "azurecli")
        credential = await tokens.credential()
        assert credential.token == "first"
        assert f"--resource {SERVER}" in host.asked[0]
        host.clock.jump(3200)
        await tokens.credential()
        assert len(host.asked) == 1
        host.clock.jump(101)
        await tokens.credential()
        assert len(host.asked) == 2

    async def test_many_share_one_question_and_a_rejected_token_is_asked_for_anew(self, host: Host) -> None:
        host.az(az_answer("first", host.clock.now() + 3600))
        tokens = host.tokens("-l", "azurecli", "--tenant-id", TENANT)
        first, *others = await asyncio.gather(*(tokens.credential() for _ in range(5)))
        assert set(others) == {first}
        assert len(host.asked) == 1
        assert f"--tenant {TENANT}" in host.asked[0]
        tokens.reject(first)
        await tokens.credential()
        assert len(host.asked) == 2

    async def test_one_that_is_not_signed_in_is_told_to_sign_in(self, host: Host) -> None:
        host.az("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1")
        with pytest.raises(SignInFailed) as caught:
            await host.tokens("-l", "azurecli").credential()
        assert caught.value.advice == "run: az login"

    async def test_an_expired_sign_in_names_why(self, host: Host) -> None:
        host.az("echo 'ERROR: AADSTS700082: The refresh token has expired due to inactivity.' >&2; exit 1")
        with pytest.raises(SignInFailed, match="AADSTS700082") as caught:
            await host.tokens("-l", "azurecli").credential()
        assert caught.value.advice == "the sign-in has ended after long disuse; run: az login"

    async def test_no_az_at_all(self, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(host.folder))
        with pytest.raises(SignInFailed, match="Azure CLI not found"):
            await host.tokens("-l", "azurecli").credential()

    async def test_one_that_hangs_is_given_up(self, host: Host) -> None:
        host.az("sleep 60")
        asking = asyncio.ensure_future(host.tokens("-l", "azurecli").credential())
        async with asyncio.timeout(20):
            while not host.asked:  # noqa: ASYNC110 – a file written by another process gives no event
                await asyncio.sleep(0.01)
        await host.clock.advance(31)
        with pytest.raises(SignInFailed, match="no answer within 30 s"):
            await asking


class TestDeviceCode:
    @pytest.fixture(autouse=True)
    def _trust(self, tls: Tls, host: Host) -> None:
        host.environ["REQUESTS_CA_BUNDLE"] = str(tls.ca)

    def arguments(self, authority: str) -> list[str]:
        return ["--authority-host", f"https://{authority}", "--tenant-id", TENANT, "--client-id", CLIENT,
                "--login", "devicecode", "--disable-instance-discovery"]  # fmt: skip

    async def test_the_person_reads_the_code_signs_in_and_is_not_asked_again(self, host: Host, tls: Tls) -> None:
        host.sign_ins.attend(lambda: None)
        async with entra(tls) as idp:
            idp.lifetime = 400
            tokens = host.tokens(*self.arguments(idp.authority))
            asking = asyncio.ensure_future(tokens.credential())
            seen = await host.sees(lambda attempt: attempt.asks)
            assert (seen.code, seen.address) == ("F7QK2LXYZ", "https://microsoft.com/devicelogin")
            idp.signed_in = True
            first = await asking
            assert first.token == "token-1"

            tokens.reject(first)
            assert (await tokens.credential()).token in ("token-1", "token-2")
            assert sum("device_code" not in form and "refresh_token" not in form for form in idp.asked) == 1

    async def test_the_person_ends_it_and_nothing_goes_on_behind(self, host: Host, tls: Tls) -> None:
        host.sign_ins.attend(lambda: None)
        async with entra(tls) as idp:
            asking = asyncio.ensure_future(host.tokens(*self.arguments(idp.authority)).credential())
            (await host.sees(lambda attempt: attempt.asks)).decline()
            with pytest.raises(SignInFailed, match="you ended it"):
                await asking
            assert host.sign_ins.running == ()
            async with asyncio.timeout(20):
                while any(thread.name == "azure sign-in" for thread in threading.enumerate()):  # noqa: ASYNC110 – threads
                    await asyncio.sleep(0.01)

    async def test_where_nobody_is_there_it_does_not_wait(self, host: Host, tls: Tls) -> None:
        async with entra(tls) as idp:
            with pytest.raises(SignInFailed, match="asks for a sign-in by hand"):
                await host.tokens(*self.arguments(idp.authority)).credential()

    async def test_conditional_access_is_named(self, host: Host, tls: Tls) -> None:
        host.sign_ins.attend(lambda: None)
        async with entra(tls) as idp:
            idp.error = "AADSTS53003: Access has been blocked by Conditional Access policies."
            with pytest.raises(SignInFailed, match="AADSTS53003") as caught:
                await host.tokens(*self.arguments(idp.authority)).credential()
            assert "Conditional Access" in caught.value.advice


async def test_a_browser_is_not_sought_in_the_terminal(host: Host) -> None:
    if sys.platform == "darwin":
        pytest.skip("there always is one")
    with pytest.raises(SignInFailed, match="no browser"):
        await host.tokens("-l", "interactive", "--tenant-id", TENANT).credential()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-l", "spn", "--tenant-id", TENANT), "--client-id is missing"),
        (("-l", "spn", "--tenant-id", TENANT, "--client-id", "c"), "--client-secret or AZURE_CLIENT_SECRET is missing"),
        (("-l", "workloadidentity", "--tenant-id", TENANT, "--client-id", "c"), "--federated-token-file is missing"),
        (("-l", "azurecli", "--tenant-id", "not a tenant"), "[Ii]nvalid tenant"),
    ],
)
async def test_what_is_missing_is_named(host: Host, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(SignInFailed, match=words):
        await host.tokens(*arguments).credential()


async def test_the_packages_warnings_stay_off_the_screen(host: Host, capfd: pytest.CaptureFixture[str]) -> None:
    host.az("exit 1")
    with pytest.raises(SignInFailed):
        await host.tokens("-l", "azurecli").credential()
    logging.getLogger("azure.identity").warning("noise")
    logging.getLogger("msal").warning("noise")
    assert capfd.readouterr().err == ""


def test_what_it_describes_names_the_mode(host: Host) -> None:
    described: Any = host.tokens("-l", "azurecli").describe()
    assert "azurecli" in described
