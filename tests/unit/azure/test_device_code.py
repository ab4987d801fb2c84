"""A person chooses to sign in to Azure with a device code: the real azure-identity against an Entra on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kubetui.azure.clouds import CHINA, PUBLIC, Cloud
from kubetui.azure.device_code_tokens import DeviceCodeTokens
from kubetui.azure.kubelogin import Kubelogin, kubelogin_of
from kubetui.azure.machine_feed import MachineFeed, SignIn
from kubetui.azure.machines_of import machines_of
from kubetui.azure.sign_in_by_hand import SignInByHand
from kubetui.azure.tenants import ORGANIZATIONS, Tenant, tenants
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.sign_in import ATTENDED_S, SILENT_S
from tests.unit.azure.entra import CLIENT, TENANT, Entra, entra
from tests.unit.azure.resource_manager_double import PLACE, ResourceManagerDouble, Tokens, served
from tests.unit.azure.test_cluster_tokens import Host
from tests.unit.cluster.api_server_double import Tls


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A jump host without az, with somebody at the screen."""
    found = Host(tmp_path, monkeypatch)
    found.sign_ins.attend(lambda: None)
    return found


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls.make(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def idp(tls: Tls, host: Host) -> AsyncIterator[Entra]:
    host.environ["REQUESTS_CA_BUNDLE"] = str(tls.ca)
    async with entra(tls) as found:
        found.token = "of-joe"
        yield found


def by_hand(host: Host, idp: Entra, cloud: Cloud = PUBLIC) -> SignInByHand:
    """As the program makes it of a cluster whose own sign-in is a device code for AKS' client."""
    target = host.target(
        "--authority-host", f"https://{idp.authority}", "--tenant-id", TENANT, "--client-id", CLIENT,
        "--login", "devicecode", "--disable-instance-discovery",
    )  # fmt: skip
    return SignInByHand(cloud, kubelogin_of(target, host.environ), host.clock, host.environ, host.sign_ins)


async def signed_in(host: Host, idp: Entra, tokens: DeviceCodeTokens) -> None:
    signing_in = asyncio.ensure_future(tokens.sign_in())
    await host.sees(lambda attempt: attempt.asks)
    idp.signed_in = True
    await signing_in


async def no_thread_is_left() -> None:
    async with asyncio.timeout(20):
        while any(thread.name == "azure sign-in" for thread in threading.enumerate()):  # noqa: ASYNC110 – threads
            await asyncio.sleep(0.01)


async def test_the_person_reads_the_code_and_signs_in(host: Host, idp: Entra) -> None:
    tokens = by_hand(host, idp).tokens(TENANT)
    signing_in = asyncio.ensure_future(tokens.sign_in())
    seen = await host.sees(lambda attempt: attempt.asks)

    assert (seen.code, seen.address) == ("F7QK2LXYZ", "https://microsoft.com/devicelogin")
    assert TENANT in seen.account
    idp.signed_in = True
    await signing_in

    assert (await tokens.credential()).token == "of-joe"
    assert host.sign_ins.running == ()


@pytest.mark.parametrize("cloud", [PUBLIC, CHINA])
async def test_the_token_is_for_the_clouds_resource_manager_by_azures_own_client(
    host: Host, idp: Entra, cloud: Cloud
) -> None:
    await signed_in(host, idp, by_hand(host, idp, cloud).tokens(TENANT))

    asked = idp.asked[0]
    assert f"{cloud.audience}/.default" in asked["scope"]
    assert asked["client_id"] != CLIENT


async def test_a_token_that_ends_is_renewed_without_asking(host: Host, idp: Entra) -> None:
    idp.lifetime = 1  # azure-identity keeps one that lasts longer
    tokens = by_hand(host, idp).tokens(TENANT)
    await signed_in(host, idp, tokens)
    host.clock.jump(3600)
    idp.token = "of-joe-again"

    assert (await tokens.credential()).token == "of-joe-again"
    assert host.sign_ins.running == ()
    assert sum("device_code" not in form and "refresh_token" not in form for form in idp.asked) == 1


async def test_a_sign_in_that_was_revoked_asks_nobody_and_says_what_to_do(host: Host, idp: Entra) -> None:
    idp.lifetime = 1
    tokens = by_hand(host, idp).tokens(TENANT)
    await signed_in(host, idp, tokens)
    idp.error = "AADSTS50173: The provided grant has expired due to it being revoked."
    host.clock.jump(7200)

    with pytest.raises(SignInFailed) as caught:
        await tokens.credential()

    assert "az login" in caught.value.advice
    assert tokens.ended
    assert host.sign_ins.running == ()
    assert not any("device_code" not in form and "refresh_token" not in form for form in idp.asked[2:])


async def test_the_person_ends_it_and_nothing_goes_on_behind(host: Host, idp: Entra) -> None:
    signing_in = asyncio.ensure_future(by_hand(host, idp).tokens(TENANT).sign_in())
    (await host.sees(lambda attempt: attempt.asks)).decline()

    with pytest.raises(SignInFailed, match="you ended it"):
        await signing_in

    assert host.sign_ins.running == ()
    await no_thread_is_left()


async def test_who_leaves_the_cluster_leaves_no_thread_behind(host: Host, idp: Entra) -> None:
    signing_in = asyncio.ensure_future(by_hand(host, idp).tokens(TENANT).sign_in())
    await host.sees(lambda attempt: attempt.asks)

    signing_in.cancel()
    await asyncio.gather(signing_in, return_exceptions=True)

    assert host.sign_ins.running == ()
    await no_thread_is_left()


async def test_a_code_that_nobody_enters_runs_out(host: Host, idp: Entra) -> None:
    signing_in = asyncio.ensure_future(by_hand(host, idp).tokens(TENANT).sign_in())
    await host.sees(lambda attempt: attempt.asks)
    await host.clock.advance(SILENT_S)
    await host.clock.advance(ATTENDED_S)

    with pytest.raises(SignInFailed, match="nobody entered the code within 15 minutes"):
        await signing_in
    await no_thread_is_left()


@pytest.mark.parametrize(
    ("tenant", "error", "words", "advice"),
    [
        (TENANT, "AADSTS53003: Access has been blocked by Conditional Access policies.", "AADSTS53003", "Conditional"),
        (TENANT, "AADSTS90002: Tenant not found.", "AADSTS90002", "no such tenant"),
        ("not a tenant", "", "[Ii]nvalid tenant", "az login"),
    ],
)
async def test_what_entra_refuses_is_said(
    host: Host, idp: Entra, tenant: str, error: str, words: str, advice: str
) -> None:
    idp.error = error

    with pytest.raises(SignInFailed, match=words) as caught:
        await by_hand(host, idp).tokens(tenant).sign_in()

    assert advice in caught.value.advice
    assert host.sign_ins.running == ()


async def test_an_entra_that_can_not_be_reached_is_said_in_plain_words(host: Host) -> None:
    nobody = Kubelogin(authority_host="https://127.0.0.1:1", instance_discovery=False)
    given = SignInByHand(PUBLIC, nobody, host.clock, host.environ, host.sign_ins)

    with pytest.raises(SignInFailed, match=r"127\.0\.0\.1:1 refused the connection") as caught:
        await given.tokens(TENANT).sign_in()

    assert "proxy" in caught.value.advice


async def test_before_anybody_signed_in_there_is_no_token(host: Host, idp: Entra) -> None:
    with pytest.raises(SignInFailed, match="nobody has signed in"):
        await by_hand(host, idp).tokens(TENANT).credential()
    assert idp.asked == []


async def test_after_it_azure_is_read_with_the_persons_token(host: Host, idp: Entra) -> None:
    async with served(ResourceManagerDouble()) as azure:
        cloud = PUBLIC._replace(endpoint=azure.url)
        feed = MachineFeed(lambda: None, host.clock, by_hand=by_hand(host, idp, cloud))
        changed = asyncio.Event()
        feed.follow({PLACE: frozenset()}, changed.set)
        await asyncio.wait_for(changed.wait(), 20)
        signed_out = feed.look.signed_out
        assert signed_out
        assert idp.asked == [], "nobody is asked before they choose to be"
        changed.clear()

        signing_in = asyncio.ensure_future(feed.sign_in(TENANT))
        await host.sees(lambda attempt: attempt.asks)
        idp.signed_in = True
        await signing_in
        await asyncio.wait_for(changed.wait(), 20)
        feed.rest()

        assert feed.look.machines is not None
        assert not feed.look.signed_out
        assert set(azure.tokens) == {"Bearer of-joe"}


async def test_once_a_sign_in_has_ended_what_asks_nobody_is_looked_for_again(host: Host, idp: Entra) -> None:
    idp.lifetime = 1
    async with served(ResourceManagerDouble()) as azure:
        offers: list[SignIn | None] = [None]
        given = by_hand(host, idp, PUBLIC._replace(endpoint=azure.url))
        feed = MachineFeed(lambda: offers[-1], host.clock, by_hand=given)
        changed = asyncio.Event()

        async def look() -> None:
            await asyncio.wait_for(changed.wait(), 20)
            changed.clear()

        feed.follow({PLACE: frozenset()}, changed.set)
        await look()
        signing_in = asyncio.ensure_future(feed.sign_in(TENANT))
        await host.sees(lambda attempt: attempt.asks)
        idp.signed_in = True
        await signing_in
        await look()
        read = feed.reads
        idp.error = "AADSTS700082: The refresh token has expired."
        feed.retry_now()
        await look()
        refused = feed.look.error
        assert isinstance(refused, SignInFailed)
        assert feed.reads == read == len(azure.asked)

        offers.append(SignIn(azure.url, Tokens()))
        feed.retry_now()
        await look()
        feed.rest()

        assert feed.look.error is None
        assert azure.tokens[-1] == "Bearer token-0"


async def test_where_nobody_is_there_to_choose_nothing_is_offered(host: Host) -> None:
    target = host.target("--login", "devicecode")

    assert machines_of(target, host.clock, host.environ).by_hand is None
    assert machines_of(target, host.clock, host.environ, host.sign_ins).by_hand is not None


# --- which tenant --------------------------------------------------------------------------------------------------

PROFILE = """\ufeff{"installationId": "x", "subscriptions": [
    {"id": "sub-other", "name": "Sandbox", "tenantId": "home", "isDefault": true, "environmentName": "AzureCloud"},
    {"id": "SUB-nodes", "name": "Shop", "tenantId": "shop", "isDefault": false, "environmentName": "AzureCloud"},
    {"id": "sub-cn", "name": "Peking", "tenantId": "cn", "environmentName": "AzureChinaCloud"}]}"""


def az_profile(home: Path, text: str) -> None:
    (home / ".azure").mkdir(exist_ok=True)
    (home / ".azure/azureProfile.json").write_text(text, encoding="utf-8")


def test_the_nodes_subscription_tells_best_and_any_organization_is_last(tmp_path: Path) -> None:
    az_profile(tmp_path, PROFILE)

    found = tenants({"sub-NODES"}, "of-cluster", PUBLIC, {"AZURE_TENANT_ID": "of-env"}, tmp_path)

    assert [one.id for one in found] == ["shop", "of-cluster", "of-env", "home", ORGANIZATIONS]
    assert found[0] == Tenant("shop", "nodes' subscription Shop")


def test_a_tenant_is_named_once_and_those_of_other_clouds_are_not(tmp_path: Path) -> None:
    az_profile(tmp_path, PROFILE)

    assert [one.id for one in tenants(set(), "SHOP", CHINA, {}, tmp_path)] == ["SHOP", "cn", ORGANIZATIONS]


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"subscriptions": 5}', '{"subscriptions": [{"id": 5}]}', "\0"])
def test_a_profile_that_can_not_be_read_names_no_tenant(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        az_profile(tmp_path, text)

    assert [one.id for one in tenants({"s"}, "", PUBLIC, {}, tmp_path)] == [ORGANIZATIONS]


def test_without_a_tenant_of_its_own_the_cluster_names_none(tmp_path: Path) -> None:
    given = SignInByHand(PUBLIC, replace(Kubelogin(), tenant_id=""), None, {"AZURE_CONFIG_DIR": str(tmp_path)}, None)  # type: ignore[arg-type]  # neither is used

    assert [one.id for one in given.tenants(set())] == [ORGANIZATIONS]
