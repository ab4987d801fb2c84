"""From a credential to what the Nodes pane says, whatever goes wrong in between; and back to good."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from kubetui.azure import resource_manager
from kubetui.azure.cluster_tokens import LIMIT_S
from kubetui.demo.azure_faults import ODD_ITEMS, AzureEffect, AzureFaults, Elsewhere, Endless, OddItems, SignInPage
from kubetui.demo.faults import Cut, Delay, Html, Reject, Stall
from tests.unit.azure.whole_path import SECONDS, WholePath, whole_path

SETS = "*/virtualMachineScaleSets"
OF_SPOT = "*/aks-spot-*/virtualMachines"
INSTANCES = "*/virtualMachineScaleSets/*/virtualMachines"
CLUSTER = "*/managedClusters/*"
GROUP = "mc_rg-prod_aks-prod_westeurope"
NODES = 12


@pytest.fixture
async def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WholePath]:
    async with whole_path(tmp_path, monkeypatch) as made:
        yield made


WHOLE = [
    (Reject(403), SETS, f"Azure: no right – ask for the role Reader on the resource group {GROUP}"),
    (Reject(404), SETS, "was not found, again in"),
    (Reject(429, retry_after=300), SETS, "Azure asks to wait, again in 5m"),
    (Reject(429, retry_after=300), OF_SPOT, "Azure asks to wait, again in 5m"),
    (Reject(429, retry_after=300), CLUSTER, "Azure asks to wait, again in 5m"),
    (Reject(401), SETS, "run: az login"),
    (Reject(500), SETS, "An internal execution error occurred. Please retry later, again in"),
    (Reject(503, retry_after=120), SETS, "Please retry later, again in 2m"),
    (Html(502), SETS, "HTTP 502, again in"),
    (Html(403), SETS, "a web page came (403 Bad Gateway) – a proxy's page?"),
    (SignInPage(), SETS, "a web page came (Proxy sign-in) – a proxy's page?"),
    (Cut(after_bytes=300), SETS, "127.0.0.1 cut the answer short, again in"),
    (Elsewhere("https://evil.example/subscriptions/s?$skiptoken=1"), SETS, "leads to another server, evil.example"),
    (Elsewhere("not an address"), SETS, "leads to another server"),
    (Elsewhere("http://[broken"), SETS, "that is no address"),
    (Endless("same"), SETS, "the list leads back to a page of its own"),
    (Endless("another"), SETS, "the list has not ended after 200 pages"),
]


def told(effect: object) -> str:
    return str(effect)


@pytest.mark.parametrize(("effect", "where", "words"), WHOLE, ids=told)
async def test_what_was_read_stays_with_its_age_the_reason_is_said_and_all_comes_back(
    path: WholePath, effect: AzureEffect, where: str, words: str
) -> None:
    assert await path.look() == "Azure just now"
    path.spoil(effect, where)

    said = await path.look_after()

    assert said.startswith("Azure 60s ago · ")
    assert words in said
    assert path.powers == ["running"] * NODES
    path.azure.faults.clear()
    assert await path.look_after(path.feed.look.next_at - path.clock.now()) == "Azure just now"


@pytest.mark.parametrize(("effect", "where", "words"), [WHOLE[0], WHOLE[2], WHOLE[10], WHOLE[12]], ids=told)
async def test_at_the_first_look_the_reason_stands_alone(
    path: WholePath, effect: AzureEffect, where: str, words: str
) -> None:
    path.spoil(effect, where)

    said = await path.look()

    assert words in said
    assert "ago" not in said
    assert path.powers == []
    path.azure.faults.clear()
    assert await path.look_after(path.feed.look.next_at - path.clock.now()) == "Azure just now"


PARTS = [
    (Reject(403), OF_SPOT, f"list instances of aks-spot-16180339-vmss: no right; ask for Reader on {GROUP}"),
    (Reject(500), OF_SPOT, "list instances of aks-spot-16180339-vmss: An internal execution error"),
    (Html(404), OF_SPOT, "a web page came"),
    (Cut(after_bytes=700), OF_SPOT, "list instances of aks-spot-16180339-vmss: 127.0.0.1 cut the answer short"),
    (Elsewhere("http://127.0.0.1:1/x"), OF_SPOT, "leads to another server, 127.0.0.1:1"),
    (Reject(403), CLUSTER, "autoscaler limits and upgrades need Reader on the cluster"),
    (Reject(500), CLUSTER, "read the managed cluster aks-prod: An internal execution error"),
    (SignInPage(), CLUSTER, "read the managed cluster aks-prod: a web page came"),
    (Reject(404), f"*/resourceGroups/{GROUP}", f"read {GROUP}: "),
    (OddItems(), SETS, f"{ODD_ITEMS} VM scale sets were not understood"),
    (OddItems(), OF_SPOT, f"list instances of aks-spot-16180339-vmss: {ODD_ITEMS} entries were not understood"),
]


@pytest.mark.parametrize(("effect", "where", "words"), PARTS, ids=told)
async def test_where_a_part_fails_the_rest_is_read_and_the_part_is_named(
    path: WholePath, effect: AzureEffect, where: str, words: str
) -> None:
    path.spoil(effect, where)

    said = await path.look()

    assert said.startswith("Azure just now · ")
    assert words in said
    assert len(path.powers) >= NODES - 2, "all but the spot pool's"
    assert path.pane.joined.troubles == {}, "what could not be read is no reason to call a node's VM gone"
    path.azure.faults.clear()
    assert await path.look_after() == "Azure just now"
    assert path.powers == ["running"] * NODES


async def test_a_set_that_vanishes_between_the_two_lists_is_gone_and_its_nodes_are_told(path: WholePath) -> None:
    path.spoil(Reject(404), OF_SPOT, count=1)

    said = await path.look()

    spot = {node.name for node in path.nodes if node.pool == "spot"}
    assert said == "Azure just now"
    assert path.pane.joined.of_node.keys() == {node.name for node in path.nodes} - spot
    assert path.pane.joined.troubles.keys() == spot
    await path.look_after()
    assert path.pane.joined.troubles == {}


@pytest.mark.parametrize("after_bytes", [0, 300])
async def test_a_server_that_falls_silent_is_given_up_and_asked_again(
    path: WholePath, after_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await path.look()
    path.spoil(Stall(after_bytes), SETS)
    with monkeypatch.context() as soon:
        soon.setattr(resource_manager, "CALL_S", 1.0)
        said = await path.look_after()

    assert "Azure 60s ago · Azure: Azure gave no whole answer within 1 s, again in" in said
    path.azure.faults.clear()
    assert await path.look_after(path.feed.look.next_at - path.clock.now()) == "Azure just now"


async def ended(process: int) -> None:
    """Wait until it is: an ``az`` that hangs is ended with the sign-in that asked it."""
    async with asyncio.timeout(SECONDS):
        with suppress(ProcessLookupError):
            while True:
                os.kill(process, 0)
                await asyncio.sleep(0.005)


async def test_a_token_that_never_comes_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    az = tmp_path / "pid"
    async with whole_path(
        tmp_path, monkeypatch, lambda *_: f"echo $$ > {az}.new; mv {az}.new {az}; exec sleep 60"
    ) as path:
        path.pane.follow(path.nodes, path.clock.now(), moved=True)
        async with asyncio.timeout(SECONDS):
            while not az.exists():
                await path.clock.advance(0)
        await path.pass_time(LIMIT_S)

        said = await path.look()

    await ended(int(az.read_text()))
    assert "Azure: no answer within 30 s – is az waiting for something? run: az account show" in said


async def test_a_late_answer_is_waited_for(path: WholePath) -> None:
    path.spoil(Delay(5), SETS, count=1)
    path.pane.follow(path.nodes, path.clock.now(), moved=True)
    assert path.words == "Azure: reading …"
    async with asyncio.timeout(SECONDS):
        while path.azure.faults.left:
            await path.clock.advance(0)
    await path.clock.advance(5)

    assert await path.look() == "Azure just now"


async def test_a_token_that_azure_no_longer_takes_is_replaced_and_nobody_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_an_ended_one(token: str, ends: float) -> str:
        answer = '{"accessToken": "%s", "expires_on": %d, "expiresOn": "2030-01-01 00:00:00.000000"}'
        good, ended = (answer % (given, ends) for given in (token, "ended"))
        return f"if mkdir {tmp_path}/once 2>/dev/null; then echo '{ended}'; else echo '{good}'; fi"

    async with whole_path(tmp_path, monkeypatch, first_an_ended_one) as path:
        assert await path.look() == "Azure just now"
        assert (tmp_path / "asked").read_text().count("get-access-token") == 2
        assert await path.look_after() == "Azure just now"
        assert (tmp_path / "asked").read_text().count("get-access-token") == 2


async def test_600_instances_of_one_pool_are_read_in_pages_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with whole_path(tmp_path, monkeypatch, nodes=753) as path:
        assert await path.look() == "Azure just now"

        assert {name: one.machines for name, one in path.pane.joined.pools.items()} == {
            "system": 3,
            "general": 600,
            "spot": 150,
        }
        assert path.powers == ["running"] * 753


class Recorded(AzureFaults):
    """Nothing goes wrong, and what was asked is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def strike(self, path: str) -> AzureEffect | None:
        self.asked[path] += 1
        return None


async def test_at_rest_each_resource_is_read_once_a_minute_and_not_at_all_where_nobody_looks(path: WholePath) -> None:
    asked = Recorded()
    path.azure.faults = asked
    await path.look()
    for _ in range(10):
        await path.look_after()

    (seldom,) = [one for one in asked.asked if one.endswith("/maintenanceConfigurations")]
    assert asked.asked.pop(seldom) == 1, "each half hour, and ten minutes have passed"
    assert set(asked.asked.values()) == {11}, asked.asked
    assert sum("virtualMachineScaleSets/" in one for one in asked.asked) == 3
    assert len(asked.asked) == 6, "scale sets, three of them, their resource group, the managed cluster"
    await path.clock.advance(3600)
    assert set(asked.asked.values()) == {11}


async def test_5000_instances_of_six_scale_sets_are_read_with_one_list_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with whole_path(tmp_path, monkeypatch, nodes=5000) as path:
        asked = Recorded()
        path.azure.faults = asked
        assert await path.look() == "Azure just now"

        assert len(path.powers) == 5000
        assert path.pane.joined.troubles == {}
        assert path.pane.joined.lone == {}
        assert sum(one.machines for one in path.pane.joined.pools.values()) == 5000
        assert sum(asked.asked.values()) == 1 + (1 + 5 * 10) + 3, "pages of a hundred"


@pytest.fixture
async def mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WholePath]:
    """Uniform and Flexible scale sets, single machines and Karpenter's, Windows: ids in differing case throughout."""
    async with whole_path(tmp_path, monkeypatch, every_kind=True, windows=True) as made:
        yield made


async def test_every_kind_of_pool_is_read_and_joined(mixed: WholePath) -> None:
    assert await mixed.look() == "Azure just now"

    joined = mixed.pane.joined
    assert joined.of_node.keys() == {node.name for node in mixed.nodes}
    assert joined.lone == {}
    assert joined.troubles == {}
    assert set(mixed.powers) == {"running"}
    assert {name: pool.nodes for name, pool in joined.pools.items()} == Counter(node.pool for node in mixed.nodes)


@pytest.mark.parametrize(
    ("effect", "where"),
    [
        (Reject(500), "*/Microsoft.Compute/virtualMachines"),
        (Html(403), "*/Microsoft.Compute/virtualMachines"),
        (Elsewhere("https://evil.example/x"), "*/Microsoft.Compute/virtualMachines"),
        (OddItems(), "*/Microsoft.Compute/virtualMachines"),
        (Reject(403), "*/virtualMachines/*/instanceView"),
        (SignInPage(), "*/virtualMachines/*/instanceView"),
    ],
    ids=told,
)
async def test_where_machines_beside_the_sets_can_not_be_read_the_uniform_sets_are(
    mixed: WholePath, effect: AzureEffect, where: str
) -> None:
    mixed.spoil(effect, where)

    said = await mixed.look()

    assert said.startswith("Azure just now · ")
    uniform = {node.name for node in mixed.nodes if node.pool in ("system", "general", "spot", "win")}
    assert mixed.pane.joined.of_node.keys() >= uniform
    assert mixed.pane.joined.troubles == {}, "what could not be read is no reason to call a node's VM gone"
    mixed.azure.faults.clear()
    for _ in range(3):  # states of single machines are read a few at a time
        said = await mixed.look_after()
    assert said == "Azure just now"
    assert mixed.pane.joined.of_node.keys() == {node.name for node in mixed.nodes}


@pytest.mark.parametrize("where", [CLUSTER, f"*/resourceGroups/{GROUP}", "*/Microsoft.Compute/virtualMachines"])
async def test_what_can_not_be_read_again_is_shown_as_it_was_for_ten_minutes(mixed: WholePath, where: str) -> None:
    await mixed.look()
    limits = [pool.limits for pool in mixed.pane.joined.pools.values()]
    single = {name for name, one in mixed.pane.joined.of_node.items() if not one.scale_set}
    assert "3–10 auto" in limits
    assert len(single) == 4
    mixed.spoil(Reject(500), where)

    for _ in range(9):
        assert "An internal execution error" in await mixed.look_after()
        assert [pool.limits for pool in mixed.pane.joined.pools.values()] == limits
        assert mixed.pane.joined.of_node.keys() >= single
    await mixed.look_after()

    forgotten = not mixed.pane.joined.of_node.keys() & single
    assert forgotten or {pool.limits for pool in mixed.pane.joined.pools.values()} == {""}
