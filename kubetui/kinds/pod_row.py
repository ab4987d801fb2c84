"""A Pod's row: flat, with shared strings held once, made from the few fields that are read."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.placement import target_node
from kubetui.kinds.pod_reason import Reason, pod_reason
from kubetui.kinds.pod_resources import amounts, pod_resources
from kubetui.kinds.pod_status import pod_status
from kubetui.kinds.pod_wire import ContainerWire, PodWire
from kubetui.kinds.wire import Labels, Shared, controller_of, decode, labels_of, seconds, version_of, word, words

_NO_SHARE: Final = (0, 0, 0, 0)
_shares = Shared(4096)
_OVER: Final = frozenset({"Succeeded", "Failed"})
_FINISHED_WORDS: Final = frozenset(
    {"Completed", "Succeeded", "Failed", "Error", "OOMKilled", "Evicted", "DeadlineExceeded", "NodeAffinity",
     "NodeShutdown", "Terminated", "UnexpectedAdmissionError", "ContainerStatusUnknown", "Preempting"}
)  # fmt: skip


class PodRow(msgspec.Struct, frozen=True, gc=False):
    """One pod. Times are Unix seconds (0: none), CPU is millicores, memory bytes (0: not asked for, no limit)."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    ready: int = 0
    """Ready containers, sidecars among them."""
    total: int = 0
    """Containers and sidecars."""
    status: str = ""
    """kubectl's STATUS."""
    restarts: int = 0
    restarted: int = 0
    """When the last restart was."""
    created: int = 0
    deleted: int = 0
    """When its grace ends, where it is being deleted."""
    phase: str = ""
    node: str = ""
    ip: str = ""
    nominated: str = ""
    """The node that preemption makes room on for it."""
    target: str = ""
    """The one node that it may go to while it has none, as a DaemonSet's pods have."""
    gates: int = 0
    """Readiness gates."""
    gates_true: int = 0
    qos: str = ""
    owner_kind: str = ""
    owner: str = ""
    """Name of the controller: for a Deployment's pod that of the ReplicaSet."""
    labels: Labels = ()
    containers: tuple[str, ...] = ()
    """Names, sidecars first, init containers left out."""
    images: tuple[str, ...] = ()
    """One for each of ``containers``."""
    shares: tuple[tuple[int, int, int, int], ...] = ()
    """CPU request and limit, memory request and limit of each of ``containers``, as the template has them."""
    cpu_request: int = 0
    cpu_limit: int = 0
    memory_request: int = 0
    memory_limit: int = 0
    reason: str = ""
    """Why it is not running well: one word."""
    message: str = ""
    """The cluster's own words for it, at most 160 characters; not sanitised."""
    last_reason: str = ""
    """How a container ended the last time: ``OOMKilled``."""
    last_exit: int | None = None
    """The exit code of that end."""
    unready_since: int = 0
    """Since when its Ready condition is not True; 0 while it is."""

    @property
    def finished(self) -> bool:
        """It holds nothing on its node any more. Of a provisional row only the status word can tell."""
        return self.status in _FINISHED_WORDS if self.provisional else self.phase in _OVER


_decoder = msgspec.json.Decoder(PodWire)


def decode_item(raw: bytes | msgspec.Raw) -> PodWire:
    """One Pod's JSON. Raises msgspec.ValidationError whatever is wrong with it."""
    return decode(_decoder, raw)


def pod_row(pod: PodWire) -> PodRow:
    """The flat row of one Pod. Raises msgspec.ValidationError where a time or a quantity is none."""
    meta, spec, state = pod.metadata, pod.spec, pod.status
    status = pod_status(pod)
    resources = pod_resources(pod)
    reason = pod_reason(pod) if _needs_reason(pod, status.ready, status.total, status.restarts) else Reason()
    owner_kind, owner = controller_of(meta.owner_references)
    lasting = [c for c in spec.init_containers or () if c.sidecar] + (spec.containers or [])
    shares = tuple(_share(c) for c in lasting)
    gates, gates_true = _gates(pod)
    ips = state.pod_ips
    return PodRow(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        ready=status.ready,
        total=status.total,
        status=word(status.status),
        restarts=status.restarts,
        restarted=status.restarted,
        created=seconds(meta.creation_timestamp),
        deleted=seconds(meta.deletion_timestamp),
        phase=word(state.phase),
        node=word(spec.node_name),
        ip=(ips[0].ip if ips else state.pod_ip) or "",
        nominated=word(state.nominated_node_name),
        target="" if spec.node_name else word(target_node(spec.affinity)),
        gates=gates,
        gates_true=gates_true,
        qos=word(state.qos_class),
        owner_kind=owner_kind,
        owner=owner,
        labels=labels_of(meta.labels),
        containers=words(tuple(c.name for c in lasting)),
        images=words(tuple(c.image or "" for c in lasting)),
        shares=_shares.add(shares),
        cpu_request=resources.requests.cpu,
        cpu_limit=resources.limits.cpu,
        memory_request=resources.requests.memory,
        memory_limit=resources.limits.memory,
        reason=reason.word,
        message=reason.message,
        last_reason=reason.last,
        last_exit=reason.last_exit,
        unready_since=_unready_since(pod),
    )


def _share(container: ContainerWire) -> tuple[int, int, int, int]:
    if container.resources is None:
        return _NO_SHARE
    requests, limits = amounts(container.resources.requests), amounts(container.resources.limits)
    return requests.cpu, limits.cpu, requests.memory, limits.memory


def _needs_reason(pod: PodWire, ready: int, total: int, restarts: int) -> bool:
    """Most pods run well and never did otherwise: nothing to look for."""
    return ready < total or restarts > 0 or pod.status.phase != "Running" or bool(pod.status.reason)


def _gates(pod: PodWire) -> tuple[int, int]:
    """(readiness gates, those whose condition is True)."""
    gates = pod.spec.readiness_gates
    if not gates:
        return 0, 0
    first: dict[str, str | None] = {}
    for condition in pod.status.conditions or ():
        first.setdefault(condition.type, condition.status)
    return len(gates), sum(first.get(gate.condition_type or "") == "True" for gate in gates)


def _unready_since(pod: PodWire) -> int:
    for condition in pod.status.conditions or ():
        if condition.type == "Ready":
            return 0 if condition.status == "True" else seconds(condition.last_transition_time)
    return 0
