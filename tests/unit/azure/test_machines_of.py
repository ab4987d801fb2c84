"""Azure Resource Manager's token comes from the same sign-in as the cluster's: azure-identity, and az as a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kubetui.azure.machine_feed import MachineFeed, SignIn
from kubetui.azure.machines import Place
from kubetui.azure.machines_of import machines_of
from kubetui.cluster.errors import SignInFailed
from tests.unit.azure.resource_manager_double import ResourceManagerDouble, served
from tests.unit.azure.test_cluster_tokens import Host, az_answer

PLACE = Place("s", "mc_x")


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A jump host where somebody has signed in with az."""
    found = Host(tmp_path, monkeypatch)
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure/azureProfile.json").write_text("{}")
    return found


@pytest.fixture
async def azure() -> AsyncIterator[ResourceManagerDouble]:
    async with served(ResourceManagerDouble()) as double:
        yield double


def feed(host: Host, azure: ResourceManagerDouble) -> MachineFeed:
    """The program's own feed of an AKS cluster with a device code, its cloud's address but for the loopback's."""
    own = machines_of(host.target("-l", "devicecode", "-t", "tenant"), host.clock, host.environ)

    def offer() -> SignIn | None:
        found = own.offer()
        return SignIn(azure.url, found.tokens) if found is not None else None

    return MachineFeed(offer, host.clock)


async def look(found: MachineFeed) -> None:
    changed = asyncio.Event()
    found.follow({PLACE: frozenset()}, changed.set)
    await asyncio.wait_for(changed.wait(), 30)
    found.rest()


async def test_az_is_asked_once_for_all_reads_for_the_resource_manager_in_the_clusters_tenant(
    host: Host, azure: ResourceManagerDouble
) -> None:
    host.az(az_answer("of-az", host.clock.now() + 3600))
    azure.answers["/subscriptions/s/resourceGroups/mc_x/providers/Microsoft.Compute/virtualMachineScaleSets"] = {
        "value": []
    }

    await look(feed(host, azure))

    assert set(azure.tokens) == {"Bearer of-az"}
    (asked,) = host.asked
    assert "--resource https://management.azure.com" in asked
    assert "--tenant tenant" in asked


async def test_an_az_login_that_has_ended_says_what_to_do_and_azure_is_not_asked(
    host: Host, azure: ResourceManagerDouble
) -> None:
    host.az("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1")
    found = feed(host, azure)

    await look(found)

    assert isinstance(found.look.error, SignInFailed)
    assert found.look.error.advice == "run: az login"
    assert azure.asked == []


async def test_without_az_nobody_is_asked(host: Host, azure: ResourceManagerDouble) -> None:
    found = feed(host, azure)

    await look(found)

    assert found.look.signed_out
    assert azure.asked == []
