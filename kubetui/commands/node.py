"""Commands for nodes: Kubernetes' own, on the node through a debug pod, its virtual machine, its AKS node pool.

Sources: AKS' documents on node access and kubelet logs (the debug image, ``chroot /host``), on draining, and on
what may be done to a node resource group; the ``az`` reference for the options.
"""

from __future__ import annotations

from typing import Final

from kubetui.commands.command import ADDS_POD, CHANGES, READS, RUNS, Command, Section, destroys
from kubetui.commands.subject import Subject

DEBUG_POD_NOTE: Final = (
    "Makes a privileged pod node-debugger-… in the namespace default. It stays until it is deleted, and stops a drain."
)
DEBUG_IMAGE: Final = "mcr.microsoft.com/azurelinux/busybox:1.36"
"""AKS' documents use it; it comes from where the node's own images come from, so that closed networks have it."""

_ON_NODE: Final = "{kubectl} -n default debug node/{name} -it --profile=sysadmin --image=" + DEBUG_IMAGE + " --"


def linux(subject: Subject) -> bool:
    """A Linux node; one that has not said what it is counts."""
    return subject.os != "windows"


def windows(subject: Subject) -> bool:
    """A Windows node."""
    return subject.os == "windows"


def on_vmss(subject: Subject) -> bool:
    """An instance of a VM scale set."""
    return bool(subject.machine.vmss)


def on_vm(subject: Subject) -> bool:
    """A virtual machine of its own."""
    return bool(subject.machine.vm)


def on_azure(subject: Subject) -> bool:
    """A machine of Azure."""
    return on_vmss(subject) or on_vm(subject)


def in_pool(subject: Subject) -> bool:
    """A node of an AKS node pool, rather than one that a node provisioner made."""
    return bool(subject.pool) and on_azure(subject)


def _on_node(name: str, title: str, command: str) -> Command:
    return Command(f"node.{name}", title, f"{_ON_NODE} {command}", ADDS_POD, when=linux)


VMSS_PLACE: Final = "{subscription} -g {node_group} -n {vmss}"
VM_PLACE: Final = "{subscription} -g {node_group} -n {vm}"
_KUBELET_LOG: Final = "'journalctl -u kubelet --no-pager -n 300'"
_WINDOWS_LOG: Final = "'Get-Content C:\\k\\kubelet.err.log -Tail 300'"

KUBERNETES: Final = Section(
    "Kubernetes",
    (
        Command("node.cordon", "cordon: no new pods", "{kubectl} cordon {names}", CHANGES, several=True),
        Command("node.uncordon", "uncordon", "{kubectl} uncordon {names}", CHANGES, several=True),
        Command("node.drain.ask", "drain, dry run: what would go",
                "{kubectl} drain {names} --ignore-daemonsets --delete-emptydir-data --dry-run=server", READS,
                several=True),
        Command("node.drain", "drain: evict its pods",
                "{kubectl} drain {names} --ignore-daemonsets --delete-emptydir-data --timeout=10m",
                destroys("evicts pods"), several=True,
                note="What is in emptyDir volumes is lost. Waits for PodDisruptionBudgets; pods without a controller "
                     "stop it, --force would delete them for good."),
        Command("node.pods", "pods on it", "{kubectl} get pods -A -o wide --field-selector=spec.nodeName={name}"),
        Command("node.top", "its CPU and memory", "{kubectl} top node {name}"),
        Command("node.configz", "kubelet's configuration", "{kubectl} get --raw /api/v1/nodes/{name}/proxy/configz"),
        Command("node.syslog", "syslog, through the kubelet",
                "{kubectl} get --raw /api/v1/nodes/{name}/proxy/logs/messages", when=linux),
    ),
)  # fmt: skip

ON_THE_NODE: Final = Section(
    "On the node, through a debug pod",
    (
        _on_node("shell", "a root shell", "chroot /host bash"),
        _on_node("kubelet", "kubelet's log", "chroot /host journalctl -u kubelet --no-pager --since=-15min"),
        _on_node("containerd", "containerd's log", "chroot /host journalctl -u containerd --no-pager --since=-15min"),
        _on_node("kernel", "the kernel's log", "chroot /host journalctl -k --no-pager --since=-60min"),
        _on_node("crictl.ps", "containers, as containerd sees them", "chroot /host crictl ps -a"),
        _on_node("crictl.pods", "pods, as containerd sees them", "chroot /host crictl pods"),
        _on_node("crictl.logs", "a container's log", "chroot /host crictl logs --tail=200 {container_id}"),
        _on_node("crictl.inspect", "a container in full", "chroot /host crictl inspect {container_id}"),
        _on_node("disk", "disks: how full", "chroot /host df -h"),
        Command("node.debugger.delete", "delete the debug pods again",
                "{kubectl} -n default delete pod -l app.kubernetes.io/managed-by=kubectl-debug"
                " --field-selector=spec.nodeName={name}", destroys("deletes"), when=linux),
    ),
    note=DEBUG_POD_NOTE,
)  # fmt: skip

MACHINE: Final = Section(
    "Its virtual machine",
    (
        Command("vmss.view", "state of the instance",
                f"az vmss get-instance-view {VMSS_PLACE} --instance-id {{instance}}", when=on_vmss),
        Command("vmss.list", "all instances of its scale set",
                f"az vmss list-instances {VMSS_PLACE} --expand instanceView -o table", when=on_vmss),
        Command("vmss.kubelet", "kubelet's log, past the API server",
                f"az vmss run-command invoke {VMSS_PLACE} --instance-id {{instance}} --command-id RunShellScript"
                f" --scripts {_KUBELET_LOG}", RUNS, when=lambda one: on_vmss(one) and linux(one)),
        Command("vmss.crictl", "containers, past the API server",
                f"az vmss run-command invoke {VMSS_PLACE} --instance-id {{instance}} --command-id RunShellScript"
                " --scripts 'crictl ps -a'", RUNS, when=lambda one: on_vmss(one) and linux(one)),
        Command("vmss.kubelet.windows", "kubelet's log, past the API server",
                f"az vmss run-command invoke {VMSS_PLACE} --instance-id {{instance}} --command-id RunPowerShellScript"
                f" --scripts {_WINDOWS_LOG}", RUNS, when=lambda one: on_vmss(one) and windows(one)),
        Command("vmss.restart", "restart the machine", f"az vmss restart {VMSS_PLACE} --instance-ids {{instances}}",
                destroys("restarts"), several=True, when=on_vmss, note="Drain it first: nothing else does."),
        Command("vmss.reimage", "reimage: a new disk from the pool's image",
                f"az vmss reimage {VMSS_PLACE} --instance-ids {{instances}}", destroys("wipes its disk"), several=True,
                when=on_vmss, note="Drain it first: nothing else does. What is on the node's own disk is lost."),
        Command("vm.view", "state of the machine", f"az vm get-instance-view {VM_PLACE}", when=on_vm),
        Command("vm.kubelet", "kubelet's log, past the API server",
                f"az vm run-command invoke {VM_PLACE} --command-id RunShellScript --scripts {_KUBELET_LOG}", RUNS,
                when=lambda one: on_vm(one) and linux(one)),
        Command("vm.restart", "restart the machine", f"az vm restart {VM_PLACE}", destroys("restarts"), when=on_vm,
                note="Drain it first: nothing else does."),
    ),
)  # fmt: skip

_AKS: Final = "{subscription} -g {group} --cluster-name {cluster}"

POOL_COMMANDS: Final = (
    Command("aks.pool.show", "show the pool", f"az aks nodepool show {_AKS} -n {{pool}}", when=in_pool),
    Command("aks.pool.upgrades", "versions it could go to",
            f"az aks nodepool get-upgrades {_AKS} --nodepool-name {{pool}}", when=in_pool),
    Command("aks.pool.scale", "scale the pool", f"az aks nodepool scale {_AKS} -n {{pool}} --node-count {{replicas}}",
            CHANGES, when=in_pool,
            note="Not while the cluster autoscaler is on for the pool: it sets the count between its bounds."),
    Command("aks.pool.bounds", "bounds of the cluster autoscaler",
            f"az aks nodepool update {_AKS} -n {{pool}} --update-cluster-autoscaler --min-count {{count}}"
            " --max-count {count}", CHANGES, when=in_pool),
    Command("aks.pool.labels", "labels of its nodes",
            f"az aks nodepool update {_AKS} -n {{pool}} --labels {{label}}", CHANGES, when=in_pool,
            note="It sets all of the pool's own labels: name the present ones too."),
    Command("aks.pool.taints", "taints of its nodes",
            f"az aks nodepool update {_AKS} -n {{pool}} --node-taints {{taint}}", CHANGES, when=in_pool,
            note="It sets all of the pool's own taints: name the present ones too."),
    Command("aks.pool.image", "upgrade the pool's node image",
            f"az aks nodepool upgrade {_AKS} -n {{pool}} --node-image-only", destroys("replaces nodes"),
            when=in_pool, note="Every node of the pool is drained and made anew, one surge at a time."),
)  # fmt: skip
"""What is done to a pool as a whole."""
POOL_NOTE: Final = "AKS keeps what it manages: labels, taints and counts last only when they are set here, on the pool."

POOL: Final = Section(
    "Its node pool, in AKS",
    (
        Command("aks.machine", "the machine, as AKS sees it",
                f"az aks machine show {_AKS} --nodepool-name {{pool}} --machine-name {{name}}", when=in_pool),
        *POOL_COMMANDS,
        Command("aks.machine.delete", "delete the machine from its pool",
                f"az aks nodepool delete-machines {_AKS} --nodepool-name {{pool}} --machine-names {{names}}",
                destroys("deletes"), several=True, when=in_pool,
                note="AKS cordons and drains it first; the pool then has one node less."),
    ),
    note=POOL_NOTE,
)  # fmt: skip

NODE: Final = (KUBERNETES, ON_THE_NODE, MACHINE, POOL)

DELETE_NODE: Final = Section(
    "Delete",
    (
        Command("node.delete", "delete the Node object", "{kubectl} delete node {names}", destroys("deletes"),
                several=True,
                note="Its machine stays and costs, and registers again when its kubelet restarts. A machine is removed "
                     "by AKS: az aks nodepool delete-machines."),
    ),
)  # fmt: skip
