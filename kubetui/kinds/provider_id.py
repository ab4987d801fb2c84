"""Which virtual machine a node is: read from ``spec.providerID``, or from the node's name.

Azure writes ``azure:///subscriptions/<sub>/resourceGroups/<rg>/providers/Microsoft.Compute/…`` with the resource
group in lower case, and nothing until cloud-node-manager has initialised the node. The name of an instance of a
uniform scale set ends in its id in base 36, six characters (cloud-provider-azure's ``getScaleSetVMInstanceID``).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PART: Final = r"[^/\s\x00-\x1f\x7f]+"
_AZURE: Final = re.compile(
    rf"azure://(?P<arm>/subscriptions/(?P<sub>{_PART})/resourceGroups/(?P<group>{_PART})/providers/Microsoft\.Compute/"
    rf"(?:virtualMachineScaleSets/(?P<vmss>{_PART})/)?virtualMachines/(?P<vm>{_PART}))",
    re.IGNORECASE,
)
_INSTANCE: Final = re.compile(r"(?P<vmss>aks[a-z0-9-]*[a-z0-9-])(?P<id>[0-9a-z]{6})", re.ASCII)


class Machine(NamedTuple):
    """The virtual machine behind a node; ``""`` for what is not known."""

    subscription: str = ""
    resource_group: str = ""
    """The node resource group, in lower case as Azure writes it."""
    vmss: str = ""
    """The VM scale set, where the machine is one of its instances."""
    vm: str = ""
    """The machine's own name, where it is not a scale set's instance."""
    instance: str = ""
    """The instance's id in its scale set, decimal."""

    @property
    def label(self) -> str:
        """What to call it in a table: the instance's id, or the machine's name."""
        return self.instance or self.vm


def machine_of(provider_id: str, name: str, pool: str) -> Machine:
    """The machine that ``provider_id`` names, else the instance that an AKS node's ``name`` gives away."""
    match = _AZURE.fullmatch(provider_id)
    if match is None:
        return Machine() if provider_id else _by_name(name, pool)
    vmss, vm = match["vmss"] or "", match["vm"]
    return Machine(match["sub"], match["group"], vmss, "" if vmss else vm, vm if vmss else "")


def _by_name(name: str, pool: str) -> Machine:
    """``aks-general-27182818-vmss00000h`` is instance 17; Windows pools drop the dashes: ``akswin00000h``."""
    match = _INSTANCE.fullmatch(name)
    if match is None or not (match["vmss"].endswith("-vmss") or (pool and match["vmss"] == f"aks{pool}")):
        return Machine()
    return Machine(vmss=match["vmss"], instance=str(int(match["id"], 36)))
