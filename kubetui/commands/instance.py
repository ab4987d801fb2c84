"""Commands for a machine that no node is on: why it did not become one, and what AKS does with it."""

from __future__ import annotations

from typing import Final

from kubetui.commands.command import RUNS, Command, Section, destroys
from kubetui.commands.node import MACHINE, POOL_COMMANDS, POOL_NOTE, VM_PLACE, VMSS_PLACE, in_pool, on_vm, on_vmss

_BOOTSTRAP_LOG: Final = "'tail -n 150 /var/log/azure/cluster-provision.log'"
"""What AKS writes while it makes a Linux machine a node; its troubleshooting pages begin with it."""
_ON_VMSS: Final = f"az vmss run-command invoke {VMSS_PLACE} --instance-id {{instance}} --command-id RunShellScript"
_ON_VM: Final = f"az vm run-command invoke {VM_PLACE} --command-id RunShellScript"

_NEVER_JOINED: Final = Section(
    "Why it is no node",
    (
        Command("vmss.bootstrap", "what its bootstrap wrote", f"{_ON_VMSS} --scripts {_BOOTSTRAP_LOG}", RUNS,
                when=on_vmss, note="Needs a VM that runs. On Windows: C:\\AzureData\\CustomDataSetupScript.log."),
        Command("vmss.outbound", "does it reach the registry it needs", f"{_ON_VMSS} --scripts"
                " 'curl -sSv -m 10 https://mcr.microsoft.com/v2/'", RUNS, when=on_vmss),
        Command("vm.bootstrap", "what its bootstrap wrote", f"{_ON_VM} --scripts {_BOOTSTRAP_LOG}", RUNS, when=on_vm,
                note="Needs a VM that runs."),
    ),
)  # fmt: skip

INSTANCE_SECTIONS: Final = (
    _NEVER_JOINED,
    MACHINE,
    Section(
        "Its node pool, in AKS",
        (
            *POOL_COMMANDS,
            Command("aks.machine.delete", "delete the machine from its pool",
                    "az aks nodepool delete-machines {subscription} -g {group} --cluster-name {cluster}"
                    " --nodepool-name {pool} --machine-names {name}", destroys("deletes"), when=in_pool,
                    note="The pool then has one machine less; the autoscaler may make another."),
        ),
        POOL_NOTE,
    ),
)  # fmt: skip
