"""All of one machine in lines, the node on it among them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kubetui.azure.clouds import CHINA, GOVERNMENT, PUBLIC
from kubetui.azure.machines import Instance, Machines, Place, ScaleSet
from kubetui.insight.instance_facts import instance_facts
from kubetui.insight.instance_view import InstanceView, instance_view, machine_key, told_by_node
from kubetui.insight.instances import join
from kubetui.insight.trouble import Trouble
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_row import NodeRow
from kubetui.kinds.provider_id import machine_of

ID = "/subscriptions/s/resourceGroups/MC_A/providers/Microsoft.Compute/virtualMachineScaleSets/v/virtualMachines/7"
PAGE = PUBLIC.page_of(ID)


def facts_of(view: InstanceView, node: NodeRow | None = None, now: float = 1060.0) -> dict[str, str]:
    return dict(instance_facts(view, node, PAGE, now))


def node(name: str = "aks-a-1-vmss000007", provider_id: str = f"azure://{ID}", **more: Any) -> NodeRow:
    usual: dict[str, Any] = {"status": "Ready", "ready": "True", "pool": "a"}
    machine = machine_of(provider_id, name, "a")
    return NodeRow(name=name, version=1, provider_id=provider_id, machine=machine, **(usual | more))


def bad(kind: str) -> NodeCondition:
    return NodeCondition(kind, "True", "", 0, "")


def test_what_is_wrong_comes_first_and_what_is_not_known_is_left_out() -> None:
    one = Instance(ID, "v", "7", provisioning="Failed", power="running", message="no", latest_model=False, at=1000)
    view = InstanceView(one, trouble=Trouble(Meaning.ACT, "never joined"))

    facts = instance_facts(view, None, PAGE, 1060.0)

    assert facts[:2] == [("Now", "never joined"), ("Node", "none")]
    assert ("Last status", "1970-01-01 00:16:40Z, 60s ago") in facts
    assert ("Latest model", "not applied (usual on AKS)") in facts
    assert "Health" not in dict(facts)


def test_the_scale_set_says_how_it_evicts_and_whether_it_changes() -> None:
    one = ScaleSet("i", "v", "spot", size="Standard_D8as_v5", capacity=3, spot=True, eviction="Delete")

    def words(held: ScaleSet) -> str:
        return facts_of(InstanceView(Instance(ID, "v", "7"), held))["Scale set"]

    assert words(one) == "v, Uniform, Standard_D8as_v5, spot (delete), capacity 3"
    assert "Flexible" in words(replace(one, flexible=True))
    assert words(replace(one, provisioning="Updating")).endswith("capacity 3, updating")


@pytest.mark.parametrize(
    ("image", "model", "words"),
    [
        ("202610.12.0", "202610.12.0", "202610.12.0"),
        ("202610.12.0", "202611.1.0", "202610.12.0; the scale set's is 202611.1.0"),
        ("", "202611.1.0", "the scale set's is 202611.1.0"),
        ("202610.12.0", "", "202610.12.0"),
    ],
)
def test_an_image_that_is_not_the_models_names_both(image: str, model: str, words: str) -> None:
    view = InstanceView(Instance(ID, "v", "7", image=image), ScaleSet("i", "v", "a", image=model))

    assert facts_of(view)["Image"] == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (node(), "aks-a-1-vmss000007  Ready"),
        (node(status="NotReady", ready="False", ready_since=820), "aks-a-1-vmss000007  NotReady 4m"),
        (
            node(conditions=(bad("DiskPressure"), bad("Ready"))),
            "aks-a-1-vmss000007  Ready  DiskPressure",
        ),
        (None, "aks-a-1-vmss000007  gone"),
    ],
)
def test_the_node_stands_there_with_its_status(given: NodeRow | None, words: str) -> None:
    assert facts_of(InstanceView(Instance(ID, "v", "7"), node="aks-a-1-vmss000007"), given)["Node"] == words


@pytest.mark.parametrize(
    ("at", "words"),
    [(1120, "1970-01-01 00:18:40Z, in 60s"), (1000, "1970-01-01 00:16:40Z, begun"), (0, None)],
)
def test_maintenance_says_when(at: int, words: str | None) -> None:
    assert facts_of(InstanceView(Instance(ID, "v", "7", maintenance=at))).get("Maintenance") == words


def test_a_failed_bootstrap_says_its_state_and_why() -> None:
    one = Instance(ID, "v", "7", bootstrap="exit status=50", bootstrap_state="failed/50")

    facts = instance_facts(InstanceView(one), None, PAGE, 0.0)

    at = facts.index(("Bootstrap", "failed/50"))
    assert facts[at + 1] == ("", "exit status=50")


# --- which machine --------------------------------------------------------------------------------------------------


def test_a_machine_is_found_with_its_node_its_set_and_what_ails_it() -> None:
    on, off = Instance(ID.upper(), "v", "7"), Instance(ID[:-1] + "8", "v", "8", power="deallocated")
    held = ScaleSet("i", "v", "a", capacity=2, instances=(on, off))
    joined = join([node()], Machines(0.0, (held,), places=frozenset({Place("s", "mc_a")})), 0.0)

    found, lone = instance_view(joined, on.key), instance_view(joined, off.key)

    assert found is not None
    assert lone is not None
    assert (found.instance, found.scale_set, found.node, found.pool) == (on, held, node().name, "a")
    assert (lone.scale_set, lone.node, lone.pool) == (held, "", "a")
    trouble = lone.trouble_at(0.0)
    assert trouble is not None
    assert trouble.words == "VM deallocated, no node"
    assert instance_view(joined, "another") is None


def test_without_azure_the_node_tells_what_its_provider_id_does() -> None:
    view = told_by_node(node())

    assert view is not None
    assert machine_key(node()) == ID.casefold()
    facts = facts_of(view, node())
    assert facts["Resource id"] == ID
    assert "State" not in facts, "nothing is known of it"
    assert "-n v --instance-id 7" in facts["Look further"]


@pytest.mark.parametrize("provider_id", ["", "aws:///eu-west-1a/i-0", "azure:///nonsense"])
def test_a_node_that_names_no_machine_has_none(provider_id: str) -> None:
    assert told_by_node(node("n", provider_id)) is None
    assert machine_key(node("n", provider_id)) == ""


def test_the_portal_is_that_of_the_cloud_whatever_the_id_holds() -> None:
    assert PUBLIC.page_of(ID) == f"https://portal.azure.com/#@/resource{ID}"
    assert CHINA.page_of("/x").startswith("https://portal.azure.cn/#@/resource/x")
    assert GOVERNMENT.page_of("/x").startswith("https://portal.azure.us/#@/resource/x")
    assert "\x1b" not in PUBLIC.page_of("/a\x1b]8;;evil b")
    assert " " not in PUBLIC.page_of("/a b")
