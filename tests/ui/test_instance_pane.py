"""From a node to its machine and back; what is said of the machine goes on with the clock, Azure and the node."""

from __future__ import annotations

import pytest

from kubetui.ui.app import KubetuiApp
from tests.ui.cluster_in_memory import node
from tests.ui.snapshot import assert_becomes, screen_text
from tests.ui.test_app import SIZES, hides, shows, until
from tests.ui.test_node_machines import azure, cluster, running
from tests.unit.azure.resource_manager_double import APPS, PLACE, SETS, scale_set, vm

NODE = f"{APPS}000003"
VMS = f"{SETS}/{APPS}/virtualMachines"


def shown(app: KubetuiApp, label: str) -> str:
    """The value beside a label of the pane."""
    lines = [line for line in screen_text(app).splitlines() if line.startswith(f"{label:<16}")]
    return lines[0].removeprefix(f"{label:<16}").strip() if lines else ""


@pytest.mark.parametrize("size", SIZES)
async def test_the_machine_under_a_node_at_each_size(size: tuple[int, int]) -> None:
    held = azure()
    told = vm(4, power="deallocated", timeCreated="2026-10-01T08:00:00Z", osProfile={"computerName": f"{APPS}000004"})
    told["properties"]["instanceView"]["statuses"][0] |= {"time": "2026-11-21T12:59:00Z", "message": "by a person"}
    told["properties"]["instanceView"]["extensions"] = [
        {"name": "vmssCSE", "statuses": [{"code": "ProvisioningState/succeeded"}]}
    ]
    held.answers[VMS] = {"value": [vm(3), told]}
    async with running(held, size) as (app, pilot, _):
        await until(pilot, shows(app, "Azure just now"))
        await pilot.press("G", "k", "i")
        await until(pilot, shows(app, "Resource id"))
        await assert_becomes(pilot, f"instance_{size[0]}x{size[1]}")


async def test_i_leads_from_the_node_to_its_machine_and_from_there_to_the_node() -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("g", "j", "i")
        await until(pilot, shows(app, "Look further"))

        assert shown(app, "Node") == f"{NODE}  Ready"
        assert shown(app, "Power") == "running"
        assert "--instance-id 3" in shown(app, "Look further")
        await pilot.press("i")
        await until(pilot, shows(app, f"Node {NODE}  described"))
        await pilot.press("escape")
        await until(pilot, shows(app, "Look further"))
        await pilot.press("enter")
        await until(pilot, shows(app, f"Node {NODE}  described"))
        await pilot.press("escape", "escape")
        await until(pilot, shows(app, "· instance 74"))


async def test_a_machine_without_a_node_says_so_where_its_node_is_asked_for() -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("G", "i")
        await until(pilot, shows(app, "exit status=50"))
        await pilot.press("enter")
        await until(pilot, shows(app, "no node on this machine"))


@pytest.mark.parametrize(
    ("key", "copied"),
    [
        ("I", f"/virtualMachineScaleSets/{APPS}/virtualMachines/3"),
        ("u", "https://portal.azure.com/#@/resource/subscriptions/"),
        ("a", "az vmss get-instance-view --subscription"),
    ],
)
async def test_id_portal_and_command_are_there_to_be_copied(key: str, copied: str) -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("g", "j", "i")
        await until(pilot, shows(app, "Look further"))
        await pilot.press(key)

        assert copied in app.clipboard


async def test_joining_goes_on_with_the_clock_in_the_table_and_in_the_pane() -> None:
    held = azure()
    held.answers[VMS] = {"value": [vm(3), vm(74, provisioningState="Creating", timeCreated="2026-11-21T13:04:00Z")]}
    async with running(held) as (app, pilot, clock):
        await until(pilot, shows(app, "joining 0s"))
        await clock.advance(7)
        app.request_tick()
        await until(pilot, shows(app, "joining 7s"))
        await pilot.press("G", "enter")
        await until(pilot, shows(app, "◐ joining 7s"))
        await clock.advance(3)
        app.request_tick()
        await until(pilot, shows(app, "◐ joining 10s"))


async def test_what_azure_says_anew_is_shown_while_the_pane_is_open() -> None:
    held = azure()
    async with running(held) as (app, pilot, clock):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("G", "enter")
        await until(pilot, shows(app, "exit status=50"))
        held.answers[VMS] = {"value": [vm(3), vm(4), vm(74, timeCreated="2026-11-21T12:42:00Z")]}
        await clock.advance(60)
        await until(pilot, shows(app, "never joined 23m, VM running"))

        assert shown(app, "State") == "running"
        held.answers[VMS] = {"value": [vm(3), vm(4)]}
        await clock.advance(60)
        await until(pilot, shows(app, "Azure does not have it"))
        assert shown(app, "State") == "running", "what was known last"
        await pilot.press("escape")
        await until(pilot, hides(app, "· instance 74"))  # the pane below keeps up


async def test_the_node_that_comes_is_shown_on_its_machine() -> None:
    here = cluster()
    async with running(azure(), here=here) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("G", "enter")
        await until(pilot, shows(app, "exit status=50"))
        late = node(f"{APPS}000022", "apps")
        late["spec"]["providerID"] = (
            f"azure:///subscriptions/{PLACE.subscription}/resourceGroups/{PLACE.resource_group}/providers/"
            f"Microsoft.Compute/virtualMachineScaleSets/{APPS}/virtualMachines/74"
        )
        await here.put("nodes", late)
        await until(pilot, shows(app, f"{APPS}000022  Ready"))


async def test_a_changing_set_is_read_often_while_its_machine_is_looked_at() -> None:
    held = azure()
    held.answers[SETS] = {"value": [scale_set(capacity=4, provisioningState="Updating")]}
    async with running(held) as (app, pilot, clock):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("g", "j", "i")
        await until(pilot, shows(app, "Look further"))
        held.answers[VMS] = {"value": [vm(3, provisioningState="Updating")]}
        for _ in range(15):
            await clock.advance(1)
            app.request_tick()
            await pilot.pause()
        await until(pilot, shows(app, "Azure 15s ago, apps just now"))

        assert shown(app, "Provisioning") == "Updating"
        assert held.paths().count(SETS) == 1


async def test_without_a_credential_the_node_tells_which_machine_it_is() -> None:
    async with running(azure(), signed_in=False) as (app, pilot, _):
        await until(pilot, shows(app, "az login adds VM states"))
        await pilot.press("g", "j", "i")
        await until(pilot, shows(app, "Look further"))

        assert shown(app, "Node") == f"{NODE}  Ready"
        assert shown(app, "State") == ""
        assert "--instance-id 3" in shown(app, "Look further")
        assert "az login adds VM states" in screen_text(app)


async def test_a_node_of_no_cloud_says_that_it_has_no_machine() -> None:
    here = cluster()
    for one in here.objects["nodes"].values():
        one["spec"]["providerID"] = "kind://docker/x/y"
    async with running(azure(), here=here) as (app, pilot, _):
        await until(pilot, shows(app, NODE))
        await pilot.press("g", "j", "i")
        await until(pilot, shows(app, "names no machine of Azure"))


async def test_m_offers_az_lines_for_a_machine_without_a_node() -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("G", "m")
        await until(pilot, shows(app, "what its bootstrap wrote"))

        assert "az vmss run-command invoke" in screen_text(app)
        await pilot.press("escape", "enter")
        await until(pilot, shows(app, "exit status=50"))
        await pilot.press("m")
        await until(pilot, shows(app, "what its bootstrap wrote"))


# --- the filter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "lone", "healthy"),
    [
        ("74", True, False),
        ("never", True, False),
        ("vmss_74", True, False),
        ("vmss_3", False, True),
        ("vmss", True, True),
        ("VM:running", False, True),
        ("VM:failed", True, False),
        ("!never", False, True),
        ("agentpool=apps", True, False),
        ("STATUS:never", True, False),
        ("INSTANCE:74", True, False),
        ("/never.joined/", True, False),
        ("nothing-of-the-kind", False, False),
    ],
)
async def test_a_filter_finds_and_hides_machines_without_a_node_too(typed: str, lone: bool, healthy: bool) -> None:
    async with running(azure()) as (app, pilot, _):
        await until(pilot, shows(app, "· instance 74"))
        await pilot.press("slash", *typed, "enter")
        await until(pilot, shows(app, f"filter {typed}"))
        await until(pilot, (shows if lone else hides)(app, "· instance 74"))
        await until(pilot, (shows if healthy else hides)(app, NODE))


async def test_the_filters_text_goes_on_with_the_clock() -> None:
    held = azure()
    held.answers[VMS] = {"value": [vm(3), vm(74, provisioningState="Creating", timeCreated="2026-11-21T13:04:00Z")]}
    async with running(held) as (app, pilot, _):
        await until(pilot, shows(app, "joining"))
        await pilot.press("slash", *"joining", "enter")
        await until(pilot, hides(app, NODE))
        assert "· instance 74" in screen_text(app)
