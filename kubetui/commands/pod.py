"""Commands for pods: logs, a shell, a debug container, ports, what its node's containerd says, deletion."""

from __future__ import annotations

from typing import Final

from kubetui.commands.command import ADDS_POD, READS, SHELL, Command, Effect, Section, destroys
from kubetui.commands.node import DEBUG_IMAGE, DEBUG_POD_NOTE, linux
from kubetui.commands.subject import Subject

TOOLS_IMAGE: Final = "mcr.microsoft.com/azurelinux/base/core:3.0"
"""Has a shell and ``tdnf``, which installs the rest; from the registry that AKS' own images come from."""

_ON_NODE: Final = "{kubectl} -n default debug node/{node} -it --profile=sysadmin --image=" + DEBUG_IMAGE + " --"


def _windows(subject: Subject) -> bool:
    return subject.os == "windows"


def _placed(subject: Subject) -> bool:
    return linux(subject) and bool(subject.node) and any(one.id for one in subject.containers)


LOGS: Final = Section(
    "Logs and shells",
    (
        Command("pod.logs.all", "logs of all containers",
                "{kubectl} {ns} logs {name} --all-containers --prefix --timestamps --tail=200 -f"),
        Command("pod.logs", "logs", "{kubectl} {ns} logs {name} -c {container} --tail=200 -f", each="container"),
        Command("pod.previous", "logs of the run before",
                "{kubectl} {ns} logs {name} -c {container} --tail=200 --previous", each="container"),
        Command("pod.exec", "shell", "{kubectl} {ns} exec -it {name} -c {container} -- sh", SHELL, each="running",
                when=linux, note="Images without a shell (distroless) refuse it: add a debug container instead."),
        Command("pod.exec.windows", "shell", "{kubectl} {ns} exec -it {name} -c {container} -- cmd", SHELL,
                each="running", when=_windows),
        Command("pod.debug", "debug container beside",
                "{kubectl} {ns} debug -it {name} --profile=general --target={container}"
                f" --image={TOOLS_IMAGE} -- bash", Effect("adds a container"), each="running", when=linux,
                note="The container stays in the pod, ended, until the pod goes. tdnf install … brings tools."),
        Command("pod.forward", "forward port", "{kubectl} {ns} port-forward pod/{name} {local_port}:{port}",
                each="port"),
        Command("pod.top", "CPU and memory of its containers", "{kubectl} {ns} top pod {name} --containers"),
    ),
)  # fmt: skip

ON_ITS_NODE: Final = Section(
    "On its node, through a debug pod",
    (
        Command("pod.crictl.logs", "log, as containerd has it",
                f"{_ON_NODE} chroot /host crictl logs --tail=200 {{container_id}}", ADDS_POD, each="container",
                when=_placed),
        Command("pod.crictl.inspect", "container in full",
                f"{_ON_NODE} chroot /host crictl inspect {{container_id}}", ADDS_POD, each="container", when=_placed),
        Command("pod.node.kubelet", "kubelet's log there",
                f"{_ON_NODE} chroot /host journalctl -u kubelet --no-pager --since=-15min", ADDS_POD, when=_placed),
    ),
    note=DEBUG_POD_NOTE,
)  # fmt: skip

DELETE_POD: Final = Section(
    "Delete",
    (
        Command("pod.delete", "delete", "{kubectl} {ns} delete pod {names}", destroys("deletes"), several=True,
                when=lambda subject: bool(subject.owner), note="Its controller makes a new one."),
        Command("pod.delete.bare", "delete", "{kubectl} {ns} delete pod {names}", destroys("deletes"), several=True,
                when=lambda subject: not subject.owner, note="No controller is known that would make a new one."),
        Command("pod.delete.ask", "delete, dry run", "{kubectl} {ns} delete pod {names} --dry-run=server", READS,
                several=True),
        Command("pod.delete.now", "delete without waiting for its node",
                "{kubectl} {ns} delete pod {names} --grace-period=0 --force", destroys("deletes"), several=True,
                note="For a node that is gone for good. Where the node still lives, the containers may run on: a "
                     "StatefulSet's then run twice."),
    ),
)  # fmt: skip

POD: Final = (LOGS, ON_ITS_NODE)
