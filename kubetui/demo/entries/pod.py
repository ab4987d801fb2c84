"""A pod: the few values that differ from its siblings', its JSON and its Table cells."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kubetui.demo.entries.identity import suffix, uid_text
from kubetui.demo.entries.pod_conditions import conditions
from kubetui.demo.entries.pod_status import INIT, INIT_SECONDS, ContainerState, Ended, container_statuses
from kubetui.demo.entries.pod_template import PodTemplate
from kubetui.demo.entries.usual_pod import (
    MODEL_CREATED,
    MODEL_NAME,
    MODEL_NODE,
    MODEL_OCTET,
    MODEL_READY,
    MODEL_STARTED,
    MODEL_UID,
    UsualPod,
)
from kubetui.demo.moment import human_duration, rfc3339


class Host(NamedTuple):
    """The node that a pod is bound to, as far as its pods show it."""

    name: str
    ip: str
    pod_prefix: str
    """The first three octets of the node's pod network, with the last dot."""


class Rare(NamedTuple):
    """What few pods have."""

    init: tuple[ContainerState, ...] = ()
    """Empty: all init containers have completed."""
    initialized: bool = True
    reason: str = ""
    """``status.reason``: ``Evicted``, ``NodeLost``."""
    message: str = ""
    unschedulable: str = ""
    """The scheduler's words, while the pod has no node."""
    deleted: int = 0
    """Unix seconds of ``deletionTimestamp``, grace included."""
    grace: int = 30
    disrupted: str = ""
    """The reason of the condition ``DisruptionTarget``, and whose words."""
    node_lost: bool = False
    """The node controller has set Ready to False."""


_USUAL = Rare()
_CHANGEABLE = frozenset(("host", "octet", "phase", "started", "ready_at", "containers", "rare"))


class PodEntry:
    """A pod, never changed once it is put: ``replace`` makes the next state of it."""

    __slots__ = (
        "_version",
        "containers",
        "created",
        "host",
        "name",
        "octet",
        "phase",
        "rare",
        "ready_at",
        "started",
        "template",
        "uid",
    )

    def __init__(
        self,
        name: str,
        template: PodTemplate,
        uid: int,
        created: int,
        *,
        host: Host | None = None,
        octet: int = 0,
        phase: str = "Running",
        started: int = 0,
        ready_at: int = 0,
        containers: tuple[ContainerState, ...] | None = None,
        rare: Rare = _USUAL,
    ) -> None:
        """``containers`` None: all run since ``started``, are ready since ``ready_at``, never restarted.
        ``containers`` ``()``: the pod is bound, but the node's kubelet has not taken it yet.

        ``octet`` is the last one of the pod's address in the node's network; 0: none yet. Times are Unix seconds.
        """
        self.name = name
        self.template = template
        self.uid = uid
        self.created = created
        self.host = host
        self.octet = octet
        self.phase = phase
        self.started = started
        self.ready_at = ready_at
        self.containers = containers
        self.rare = rare
        self._version = 0

    def replace(self, **changes: Any) -> PodEntry:
        """The same pod with other values; name, template, uid and created stay."""
        fixed = changes.keys() - _CHANGEABLE
        if fixed:
            raise TypeError(f"a pod's {', '.join(sorted(fixed))} cannot change")
        if changes.get("rare") == _USUAL:
            changes["rare"] = _USUAL
        pod = copy.copy(self)
        for slot, content in changes.items():
            setattr(pod, slot, content)
        return pod

    @property
    def namespace(self) -> str:
        """The workload's namespace."""
        return self.template.namespace

    @property
    def labels(self) -> Mapping[str, str]:
        """The template's, and a StatefulSet's own two."""
        return {**self.template.labels, **self._own_labels()} if self.template.own_name_label else self.template.labels

    def _own_labels(self) -> dict[str, str]:
        return {
            "apps.kubernetes.io/pod-index": self.name.rpartition("-")[2],
            self.template.own_name_label: self.name,
        }

    @property
    def version(self) -> int:
        """The resourceVersion of the last write."""
        return self._version

    def stamp(self, version: int) -> None:
        """Take the resourceVersion of this write."""
        self._version = version

    @property
    def ip(self) -> str:
        """The pod's address, ``""`` before it has one."""
        if self.host is None or not self.states:
            return ""
        if self.template.host_network:
            return self.host.ip
        return f"{self.host.pod_prefix}{self.octet}" if self.octet else ""

    @property
    def states(self) -> tuple[ContainerState, ...]:
        """Of the containers, in the order of the spec; none before the pod has a node."""
        if self.containers is not None:
            return self.containers
        if self.host is None:
            return ()
        return (ContainerState("running", self.started, True),) * len(self.template.containers)

    @property
    def restarts(self) -> int:
        """Of all containers."""
        return sum(state.restarts for state in self.containers) if self.containers else 0

    @property
    def ready(self) -> bool:
        """The pod serves: the condition Ready is True."""
        if self.phase != "Running" or self.rare.node_lost:
            return False
        return self.containers is None or all(state.ready for state in self.containers)

    @property
    def changed(self) -> int:
        """When the kubelet last wrote the status, Unix seconds."""
        return max([self.ready_at, self.started, self.created, *(state.since for state in self.containers or ())])

    def field(self, path: str) -> str:
        """Field selectors of pods. A path that pods do not support raises KeyError."""
        return _FIELDS[path](self)

    # --- Table ---------------------------------------------------------------------------------------------------

    def cells(self, now: float) -> Sequence[Any]:
        """Name, Ready, Status, Restarts, Age, IP, Node, Nominated Node, Readiness Gates."""
        total = len(self.template.containers)
        return (
            self.name,
            f"{self._running_and_ready(total)}/{total}",
            self._status_word(),
            self._restarts_cell(now),
            human_duration(now - self.created),
            self.ip or "<none>",
            self.host.name if self.host else "<none>",
            "<none>",
            "<none>",
        )

    def _running_and_ready(self, total: int) -> int:
        if self.host is None or not self.rare.initialized:
            return 0
        if self.containers is None:
            return total
        return sum(state.ready and state.state == "running" for state in self.containers)

    def _status_word(self) -> str:
        rare = self.rare
        if rare.deleted:
            if rare.reason == "NodeLost":
                return "Unknown"
            if self.phase not in ("Succeeded", "Failed"):
                return "Terminating"
        if not rare.initialized:
            return self._init_word()
        word = rare.reason or self.phase
        if self.containers is None:
            return word
        return _container_word(word, self.containers, self.ready)

    def _init_word(self) -> str:
        total = len(self.template.init_containers)
        for position, state in enumerate(self.rare.init):
            if state.ended is not None and state.ended.exit_code == 0:
                continue
            if state.ended is not None:
                return f"Init:{state.ended.reason}"
            if state.state == "waiting" and state.reason not in ("", "PodInitializing"):
                return f"Init:{state.reason}"
            return f"Init:{position}/{total}"
        return self.phase

    def _restarts_cell(self, now: float) -> str:
        if self.containers is None and self.rare is _USUAL:
            return "0"
        states = self.rare.init if not self.rare.initialized else self.states
        restarts = sum(state.restarts for state in states)
        last = max((state.last.finished for state in states if state.last), default=0)
        if restarts and last:
            return f"{restarts} ({human_duration(now - last)} ago)"
        return str(restarts)

    # --- JSON ----------------------------------------------------------------------------------------------------

    def encode(self) -> bytes:
        """The whole object, 6 to 9 KB, managedFields included."""
        if self.rare is _USUAL and self.ready:
            usual = self.template.usual
            if usual is None:
                usual = self.template.usual = _usual(self.template)
            return usual.render(self)
        return self.whole()

    def whole(self) -> bytes:
        """``encode`` the long way, which fits any pod."""
        template = self.template
        host = self.host
        return template.body.render(
            (
                self.name.encode(),
                uid_text(self.uid).encode(),
                b"%d" % self._version,
                rfc3339(self.created).encode(),
                self._deletion(),
                self._own_label_members(),
                suffix(self.uid).encode(),
                self._hostname(),
                b'"nodeName":"%b",' % host.name.encode() if host else b"",
                host.name.encode() if host else b"",
                self._status(),
                self._kubelet(),
            )
        )

    def _deletion(self) -> bytes:
        if not self.rare.deleted:
            return b""
        when = rfc3339(self.rare.deleted)
        return f'"deletionTimestamp":"{when}","deletionGracePeriodSeconds":{self.rare.grace},'.encode()

    def _own_label_members(self) -> bytes:
        if not self.template.own_name_label:
            return b""
        return b"".join(f'"{key}":"{label}",'.encode() for key, label in self._own_labels().items())

    def _hostname(self) -> bytes:
        if not self.template.own_name_label:
            return b""
        return f'"hostname":"{self.name}","subdomain":"{self.template.owner.name}",'.encode()

    def _kubelet(self) -> bytes:
        if self.host is None or not self.states:
            return b""
        return self.template.kubelet_fields.render((rfc3339(self.changed).encode(), self.ip.encode()))

    def _status(self) -> bytes:
        template, rare = self.template, self.rare
        about = f'{{"observedGeneration":1,"phase":"{self.phase}"'
        about += f',"conditions":[{",".join(condition.json() for condition in conditions(self))}]'
        for key, words in (("message", rare.message), ("reason", rare.reason)):
            if words:
                about += f',"{key}":{json.dumps(words)}'
        parts = [about.encode(), self._addresses()]
        if self.host is not None and self.states:
            if template.init_containers:
                states = rare.init or self._init_done()
                statuses = container_statuses(template.init_containers, states, self.uid, INIT)
                parts.append(b',"initContainerStatuses":[%b]' % statuses)
            statuses = container_statuses(template.containers, self.states, self.uid)
            parts.append(b',"containerStatuses":[%b]' % statuses)
        parts.append(f',"qosClass":"{template.qos}"}}'.encode())
        return b"".join(parts)

    def _addresses(self) -> bytes:
        if self.host is None or not self.states:
            return b""
        ip, host_ip = self.ip, self.host.ip
        pod = f',"podIP":"{ip}","podIPs":[{{"ip":"{ip}"}}]' if ip else ""
        start = rfc3339(self.created)
        return f',"hostIP":"{host_ip}","hostIPs":[{{"ip":"{host_ip}"}}]{pod},"startTime":"{start}"'.encode()

    def _init_done(self) -> tuple[ContainerState, ...]:
        from_, to = self.created + 1, self.created + 1 + INIT_SECONDS
        done = ContainerState("terminated", ready=True, ended=Ended(0, "Completed", from_, to))
        return (done,) * len(self.template.init_containers)


def _usual(template: PodTemplate) -> UsualPod:
    model = PodEntry(
        MODEL_NAME,
        template,
        MODEL_UID,
        MODEL_CREATED,
        host=Host(*MODEL_NODE),
        octet=MODEL_OCTET,
        started=MODEL_STARTED,
        ready_at=MODEL_READY,
    )
    return UsualPod(model, model.whole())


def _container_word(word: str, states: Sequence[ContainerState], ready: bool) -> str:
    """The STATUS word, by the containers from the last to the first, as printPod of the API server does."""
    failed, running = "", False
    for state in reversed(states):
        if state.state == "waiting" and state.reason:
            word = state.reason
        elif state.ended is not None:
            word = state.ended.reason or f"ExitCode:{state.ended.exit_code}"
            if state.ended.exit_code:
                failed = word
        elif state.ready:
            running = True
    if word != "Completed":
        return word
    if running and ready:
        return "Running"
    if failed:
        return failed
    return "NotReady" if running else word


_FIELDS: Mapping[str, Callable[[PodEntry], str]] = {
    "metadata.name": lambda pod: pod.name,
    "metadata.namespace": lambda pod: pod.namespace,
    "spec.nodeName": lambda pod: pod.host.name if pod.host else "",
    "spec.restartPolicy": lambda pod: str(pod.template.spec.get("restartPolicy", "Always")),
    "spec.schedulerName": lambda pod: str(pod.template.spec.get("schedulerName", "default-scheduler")),
    "spec.serviceAccountName": lambda pod: str(pod.template.spec.get("serviceAccountName", "default")),
    "spec.hostNetwork": lambda pod: "true" if pod.template.host_network else "false",
    "status.phase": lambda pod: pod.phase,
    "status.podIP": lambda pod: pod.ip,
    "status.podIPs": lambda pod: pod.ip,
    "status.nominatedNodeName": lambda pod: "",
}
