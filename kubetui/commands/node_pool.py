"""Commands for a whole node pool."""

from __future__ import annotations

from typing import Final

from kubetui.commands.command import CHANGES, READS, Command, Section, destroys
from kubetui.commands.node import POOL_COMMANDS, POOL_NOTE, on_vmss
from kubetui.commands.subject import Subject


def _labelled(subject: Subject) -> bool:
    return bool(subject.selector)


NODE_POOL_SECTIONS: Final = (
    Section(
        "All its nodes, in Kubernetes",
        (
            Command("pool.nodes", "its nodes", "{kubectl} get nodes -o wide -l {selector}", when=_labelled),
            Command("pool.top", "their CPU and memory", "{kubectl} top nodes -l {selector}", when=_labelled),
            Command("pool.cordon", "cordon: no new pods on any", "{kubectl} cordon -l {selector}", CHANGES,
                    when=_labelled),
            Command("pool.uncordon", "uncordon all", "{kubectl} uncordon -l {selector}", CHANGES, when=_labelled),
            Command("pool.drain.ask", "drain all, dry run: what would go",
                    "{kubectl} drain -l {selector} --ignore-daemonsets --delete-emptydir-data --dry-run=server", READS,
                    when=_labelled),
        ),
    ),
    Section(
        "The node pool, in AKS",
        (
            *POOL_COMMANDS,
            Command("aks.pool.delete", "delete the pool with its nodes",
                    "az aks nodepool delete {subscription} -g {group} --cluster-name {cluster} -n {pool}",
                    destroys("deletes"), when=on_vmss, note="AKS drains each node first."),
        ),
        POOL_NOTE,
    ),
    Section(
        "Its VM scale set",
        (
            Command("pool.vmss", "instances and their state",
                    "az vmss list-instances {subscription} -g {node_group} -n {vmss} --expand instanceView -o table",
                    when=on_vmss),
            Command("pool.vmss.summary", "how many are in which state",
                    "az vmss get-instance-view {subscription} -g {node_group} -n {vmss}", when=on_vmss),
        ),
        "Never scale or change the scale set itself: AKS undoes it, and it is not supported.",
    ),
)  # fmt: skip
