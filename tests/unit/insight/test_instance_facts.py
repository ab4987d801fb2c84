"""All of one instance in lines, and the command that looks further."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kubetui.azure.machines import Instance, ScaleSet
from kubetui.insight.instance_facts import az_command, instance_facts
from kubetui.insight.instances import Trouble
from kubetui.kinds.kind import Meaning

ID = "/subscriptions/s/resourceGroups/MC_A/providers/Microsoft.Compute/virtualMachineScaleSets/v/virtualMachines/7"


def test_what_is_wrong_comes_first_and_what_is_not_known_is_left_out() -> None:
    one = Instance(ID, "v", "7", provisioning="Failed", power="running", message="no", latest_model=False, at=1000)

    facts = instance_facts(one, None, Trouble(Meaning.ACT, "never joined"), 1060.0)

    assert facts[0] == ("Now", "never joined")
    assert ("Last status", "1970-01-01 00:16:40Z, 60s ago") in facts
    assert ("Latest model", "not applied (usual on AKS)") in facts
    assert "Health" not in dict(facts)


def test_the_scale_set_says_how_it_evicts() -> None:
    one = ScaleSet("i", "v", "spot", size="Standard_D8as_v5", capacity=3, spot=True, eviction="Delete")

    facts = dict(instance_facts(Instance(ID, "v", "7"), one, None, 0.0))

    assert facts["Scale set"] == "v, Uniform, Standard_D8as_v5, spot (delete), capacity 3"
    assert (
        "Flexible" in dict(instance_facts(Instance(ID, "v", "7"), replace(one, flexible=True), None, 0.0))["Scale set"]
    )


@pytest.mark.parametrize(
    ("resource", "number", "command"),
    [
        (ID, "7", "az vmss get-instance-view --subscription s -g MC_A -n v --instance-id 7"),
        (
            "/subscriptions/s/RESOURCEGROUPS/a;b/providers/Microsoft.Compute/virtualMachines/x",
            "x y",
            "az vm get-instance-view --subscription s -g 'a;b' -n 'x y'",
        ),
        ("nonsense", "7", ""),
        ("", "", ""),
    ],
)
def test_the_command_is_quoted_and_absent_for_no_id(resource: str, number: str, command: str) -> None:
    assert az_command(Instance(resource, "", number)) == command
