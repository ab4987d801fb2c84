"""Machines are read through azure-core's own pipeline from a server that speaks as Azure Resource Manager does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from kubetui.azure import resource_manager
from kubetui.azure.machines import Machines, Place
from kubetui.azure.resource_manager import NotResourceManager, ResourceManager
from kubetui.azure.scale_sets import MOST_PLACES, read_machines
from kubetui.cluster.errors import (
    ClusterError,
    Forbidden,
    NotFound,
    Overloaded,
    Refused,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from tests.unit.azure.resource_manager_double import (
    APPS,
    CLUSTER,
    COMPUTE,
    GROUP,
    PLACE,
    SETS,
    ResourceManagerDouble,
    Tokens,
    failure,
    scale_set,
    served,
    vm,
)

VMS = f"{SETS}/{APPS}/virtualMachines"


@pytest.fixture
async def azure() -> AsyncIterator[ResourceManagerDouble]:
    async with served(ResourceManagerDouble()) as double:
        yield double


async def read(azure: ResourceManagerDouble, *singles: str, tokens: Tokens | None = None) -> Machines:
    async with ResourceManager(azure.url, tokens or Tokens()) as client:
        return await read_machines(client, {PLACE: frozenset(singles)}, 100.0)


async def test_a_set_with_its_instances_and_the_cluster_take_five_gets(azure: ResourceManagerDouble) -> None:
    machines = await read(azure)

    (one,) = machines.sets
    assert (one.name, one.pool, one.capacity, one.size) == (APPS, "apps", 2, "Standard_D8ds_v5")
    assert [(each.number, each.power, each.latest_model) for each in one.instances or ()] == [
        ("35", "running", False),
        ("36", "running", False),
    ]
    assert machines.clusters[0].pools[0].most == 9
    assert machines.budget == 3749
    assert {method for method, _ in azure.asked} == {"GET"}
    assert sorted(azure.paths()) == sorted([SETS, VMS, GROUP, CLUSTER, f"{CLUSTER}/maintenanceConfigurations"])


async def test_600_instances_of_one_set_come_in_pages(azure: ResourceManagerDouble) -> None:
    async def page(request: web.Request) -> Any:
        start = int(request.query.get("skip", "0"))
        body: dict[str, Any] = {"value": [vm(number) for number in range(start, start + 100)]}
        if start < 500:
            body["nextLink"] = f"{azure.url}{VMS}?api-version=1&skip={start + 100}"
        return body

    azure.answers[VMS] = page

    machines = await read(azure)

    assert [int(one.number) for one in machines.sets[0].instances or ()] == list(range(600))


async def test_a_flexible_set_is_read_by_a_filter_over_all_machines(azure: ResourceManagerDouble) -> None:
    azure.answers[SETS] = {"value": [scale_set(orchestrationMode="Flexible")]}
    machine = {"id": f"{COMPUTE}/virtualMachines/apps_1a2b", "name": "apps_1a2b"}
    azure.answers[f"{COMPUTE}/virtualMachines"] = {"value": [machine]}

    machines = await read(azure, "apps_1a2b")

    assert [one.number for one in machines.sets[0].instances or ()] == ["apps_1a2b"]
    assert machines.singles == ()
    asked = [path for _, path in azure.asked if path.startswith(f"{COMPUTE}/virtualMachines?")]
    assert len(asked) == 1
    assert "virtualMachineScaleSet/id" in asked[0].replace("%2F", "/")


async def test_machines_of_no_set_are_listed_where_nodes_run_on_them(azure: ResourceManagerDouble) -> None:
    azure.answers[f"{COMPUTE}/virtualMachines"] = {
        "value": [{"id": f"{COMPUTE}/virtualMachines/nap-1", "name": "nap-1"}]
    }

    assert [one.number for one in (await read(azure, "nap-1")).singles] == ["nap-1"]


async def test_a_set_that_vanishes_between_the_lists_is_left_out(azure: ResourceManagerDouble) -> None:
    azure.answers[SETS] = {"value": [scale_set(), scale_set("aks-gone-00000000-vmss", "gone")]}

    assert [one.name for one in (await read(azure)).sets] == [APPS]


async def test_an_entry_that_is_nonsense_is_counted_and_the_others_are_read(azure: ResourceManagerDouble) -> None:
    azure.answers[VMS] = {"value": [vm(1), {"id": 7}, "x", None, vm(2)]}

    (one,) = (await read(azure)).sets

    assert one.unreadable == 3
    assert [each.number for each in one.instances or ()] == ["1", "2"]


async def test_without_rights_on_sets_the_missing_role_is_named(azure: ResourceManagerDouble) -> None:
    azure.answers[SETS] = failure(403, "AuthorizationFailed", "The client does not have authorization")

    with pytest.raises(Forbidden, match=f"role Reader on the resource group {PLACE.resource_group}"):
        await read(azure)


@pytest.mark.parametrize(("path", "words"), [(CLUSTER, "Reader on the cluster"), (VMS, "ask for Reader")])
async def test_without_rights_on_a_part_the_rest_is_read(azure: ResourceManagerDouble, path: str, words: str) -> None:
    azure.answers[path] = failure(403, "AuthorizationFailed")

    machines = await read(azure)

    assert len(machines.sets) == 1
    assert words in machines.gaps[0]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (failure(401, "ExpiredAuthenticationToken", "The access token expired"), Unauthorized, "az login"),
        (failure(404, "ResourceGroupNotFound", "no such group"), NotFound, "no such group"),
        (failure(429, "OperationNotAllowed", "too many", **{"Retry-After": "300"}), Overloaded, "too many"),
        (failure(500), Overloaded, "words"),
        (web.Response(status=503, text="<html>gateway</html>"), Overloaded, "HTTP 503"),
        (failure(400, "InvalidParameter", "no"), NotResourceManager, "HTTP 400: no"),
        (web.Response(text="<html>login</html>"), NotResourceManager, r"a web page came \(login\)"),
        (web.Response(status=403, text="<html>no</html>"), NotResourceManager, "check HTTPS_PROXY"),
        (web.Response(text="{}"), NotResourceManager, "not one of Azure"),
        (web.Response(body=b'{"value": [{"id": "\xff"}], "nextLink": "\xff"}'), NotResourceManager, "not one of Azure"),
        (web.Response(body=b'{"a": ' + b"[" * 50_000), NotResourceManager, "not one of Azure"),
        (web.Response(body=b"no gzip", headers={"Content-Encoding": "gzip"}), NotResourceManager, "broken way"),
        (web.Response(body=b'{"value": ['), NotResourceManager, "not one of Azure"),
        (web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}), NotResourceManager, "HTTP 302"),
    ],
)
async def test_other_answers_are_errors_that_say_what_came_back(
    azure: ResourceManagerDouble, answer: web.Response, error: type[ClusterError], words: str
) -> None:
    azure.answers[SETS] = answer

    with pytest.raises(error, match=words) as raised:
        await read(azure)

    assert azure.paths().count(SETS) <= 2  # a second time only with another token: nothing is retried in silence
    if isinstance(raised.value, Overloaded) and raised.value.status == 429:
        assert raised.value.retry_after == 300


async def test_a_token_that_has_ended_is_replaced_once(azure: ResourceManagerDouble) -> None:
    async def once(request: web.Request) -> Any:
        ended = request.headers["Authorization"] == "Bearer token-0"
        return failure(401) if ended else {"value": []}

    azure.answers[SETS] = once

    assert (await read(azure)).sets == ()


async def test_an_answer_that_does_not_end_is_given_up(
    azure: ResourceManagerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = asyncio.Event()

    async def silent(request: web.Request) -> Any:
        await held.wait()

    azure.answers[SETS] = silent
    monkeypatch.setattr(resource_manager, "CALL_S", 0.2)

    with pytest.raises(TimedOut, match="no whole answer"):
        await read(azure)
    held.set()


async def test_an_answer_cut_in_the_middle_is_an_error(azure: ResourceManagerDouble) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"value":')
        assert request.transport is not None
        request.transport.abort()
        return response

    azure.answers[SETS] = cut

    with pytest.raises(Unreachable):
        await read(azure)


async def test_nobody_there_is_an_error_with_advice() -> None:
    async with ResourceManager("http://127.0.0.1:1", Tokens()) as client:
        with pytest.raises(Unreachable, match="proxy"):
            await read_machines(client, {PLACE: frozenset()}, 0.0)


async def test_the_token_goes_to_no_other_server(azure: ResourceManagerDouble) -> None:
    async with served(ResourceManagerDouble()) as other:
        azure.answers[SETS] = {"value": [], "nextLink": f"{other.url}{SETS}?api-version=1"}

        with pytest.raises(Refused, match="another server"):
            await read(azure)

        assert other.asked == []


@pytest.mark.parametrize(
    "answer",
    [failure(500, "InternalServerError"), web.Response(text="<html>proxy</html>"), web.Response(body=b'{"value": [')],
)
@pytest.mark.parametrize("path", [VMS, GROUP, CLUSTER])
async def test_what_fails_of_a_part_is_a_gap_that_says_why(
    azure: ResourceManagerDouble, path: str, answer: web.Response
) -> None:
    azure.answers[SETS] = {"value": [scale_set(), scale_set("aks-sys-1-vmss", "sys")]}
    azure.answers[f"{SETS}/aks-sys-1-vmss/virtualMachines"] = {"value": [vm(1, "aks-sys-1-vmss")]}
    azure.answers[path] = answer

    machines = await read(azure)

    assert [one.name for one in machines.sets] == [APPS, "aks-sys-1-vmss"]
    assert len(machines.gaps) == 1
    assert machines.gaps[0].startswith(("list instances of", "read "))


async def test_instances_that_can_not_be_read_again_stay_with_their_age(azure: ResourceManagerDouble) -> None:
    azure.answers[SETS] = {"value": [scale_set(), scale_set("aks-sys-1-vmss", "sys")]}
    azure.answers[f"{SETS}/aks-sys-1-vmss/virtualMachines"] = {"value": [vm(1, "aks-sys-1-vmss")]}
    async with ResourceManager(azure.url, Tokens()) as client:
        first = await read_machines(client, {PLACE: frozenset()}, 100.0)
        azure.answers[VMS] = failure(500)
        await read_machines(client, {PLACE: frozenset()}, 160.0, first)
        third = await read_machines(client, {PLACE: frozenset()}, 220.0, first)

    assert [one.number for one in third.sets[0].instances or ()] == ["35", "36"]
    assert third.sets[0].at == 100.0
    assert third.gaps == (f"list instances of {APPS}: words; they are 2m old",)


async def test_where_instances_of_no_set_can_be_read_the_look_has_failed(azure: ResourceManagerDouble) -> None:
    azure.answers[VMS] = failure(500)

    with pytest.raises(Overloaded):
        await read(azure)


@pytest.mark.parametrize("path", [VMS, CLUSTER])
@pytest.mark.parametrize(
    ("answer", "error"),
    [(failure(429, "OperationNotAllowed"), Overloaded), (failure(401, "ExpiredAuthenticationToken"), Unauthorized)],
)
async def test_who_is_asked_to_wait_or_has_no_token_asks_no_further(
    azure: ResourceManagerDouble, path: str, answer: web.Response, error: type[ClusterError]
) -> None:
    azure.answers[path] = answer

    with pytest.raises(error):
        await read(azure)


async def test_a_place_without_rights_does_not_hide_the_others(azure: ResourceManagerDouble) -> None:
    foreign = Place("another-subscription", "rg-of-others")
    path = "/subscriptions/another-subscription/resourceGroups/rg-of-others"
    azure.answers[f"{path}/providers/Microsoft.Compute/virtualMachineScaleSets"] = failure(403, "AuthorizationFailed")
    async with ResourceManager(azure.url, Tokens()) as client:
        machines = await read_machines(client, {foreign: frozenset(), PLACE: frozenset()}, 100.0)

    assert [one.name for one in machines.sets] == [APPS]
    assert machines.places == {PLACE}
    assert machines.gaps == (
        "list VM scale sets of rg-of-others: words – ask for the role Reader on the resource group rg-of-others",
    )


async def test_nodes_that_name_very_many_groups_cause_no_flood(azure: ResourceManagerDouble) -> None:
    places = {Place("s", f"rg-{number:04}"): frozenset[str]() for number in range(5000)}
    async with ResourceManager(azure.url, Tokens()) as client:
        with pytest.raises(NotFound):
            await read_machines(client, places, 100.0)

    assert len(azure.asked) <= 2 * MOST_PLACES


async def test_a_set_that_is_not_understood_does_not_pass_for_one_that_is_gone(azure: ResourceManagerDouble) -> None:
    azure.answers[SETS] = {"value": [scale_set(), scale_set() | {"sku": {"capacity": "many"}}]}

    machines = await read(azure)

    assert machines.places == frozenset()
    assert machines.gaps == ("1 VM scale set was not understood",)


async def test_a_list_that_leads_back_to_itself_ends(azure: ResourceManagerDouble) -> None:
    azure.answers[SETS] = {"value": [], "nextLink": f"{azure.url}{SETS}?api-version=1"}

    with pytest.raises(NotResourceManager, match="leads back"):
        await read(azure)

    assert azure.paths().count(SETS) == 2


async def test_the_demos_server_on_this_machine_is_asked_without_a_proxy(
    azure: ResourceManagerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert len((await read(azure)).sets) == 1
