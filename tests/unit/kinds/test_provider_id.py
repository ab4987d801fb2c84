"""Which machine a node is."""

from __future__ import annotations

import pytest

from kubetui.kinds.provider_id import Machine, machine_of

SUB = "00000000-1111-2222-3333-444444444444"
ROOT = f"azure:///subscriptions/{SUB}/resourceGroups/mc_a/providers/Microsoft.Compute"


@pytest.mark.parametrize(
    ("provider_id", "machine"),
    [
        (
            f"{ROOT}/virtualMachineScaleSets/aks-a-1-vmss/virtualMachines/5",
            Machine(SUB, "mc_a", "aks-a-1-vmss", "", "5"),
        ),
        (f"{ROOT}/virtualMachines/aks-b-13222729-vms0", Machine(SUB, "mc_a", "", "aks-b-13222729-vms0", "")),
        (f"{ROOT.upper()}/VIRTUALMACHINES/X".replace("AZURE", "azure"), Machine(SUB, "MC_A", "", "X", "")),
        ("aws:///eu-west-1a/i-0abc", Machine()),
        ("kind://docker/kind/kind-worker", Machine()),
        (f"{ROOT}/disks/d", Machine()),
    ],
)
def test_a_provider_id_names_the_machine(provider_id: str, machine: Machine) -> None:
    assert machine_of(provider_id, "aks-a-12345678-vmss00000h", "a") == machine


@pytest.mark.parametrize(
    ("name", "pool", "vmss", "instance"),
    [
        ("aks-general-27182818-vmss00000m", "general", "aks-general-27182818-vmss", "22"),
        ("aks-spot-31415926-vmss0000el", "spot", "aks-spot-31415926-vmss", "525"),
        ("akswin100000a", "win1", "akswin1", "10"),  # a Windows pool: prefix aks<pool>
        ("aks-default-cfc7h", "", "", ""),  # Karpenter's names tell nothing
        ("ip-10-0-0-1", "", "", ""),
        ("vmss00000h", "", "", ""),
    ],
)
def test_without_a_provider_id_the_name_tells(name: str, pool: str, vmss: str, instance: str) -> None:
    found = machine_of("", name, pool)
    assert (found.vmss, found.instance) == (vmss, instance)
