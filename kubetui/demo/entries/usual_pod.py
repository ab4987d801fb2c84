"""The usual pod's JSON: most pods run and are ready, and differ in a dozen values only.

The template is not written down a second time: a model pod with telling values is rendered the long way, and its
values are made holes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.demo.entries.identity import container_id, suffix, uid_text
from kubetui.demo.entries.pod_status import INIT, INIT_SECONDS, container_statuses
from kubetui.demo.moment import rfc3339
from kubetui.demo.template import Template, text

if TYPE_CHECKING:
    from kubetui.demo.entries.pod import PodEntry

MODEL_NAME = "model-of-a-pod-424242"
MODEL_NODE = ("model-of-a-node", "198.51.100.77", "192.0.2.")
MODEL_OCTET = 233
MODEL_UID = 0x0123456789ABCDEF << 60
MODEL_CREATED = 4_000_000_000
MODEL_STARTED = 4_000_100_000
MODEL_READY = 4_000_200_000

_STATUSES = ("RUN_TOKEN", "STARTED")


class UsualPod:
    """A workload's pods that run and are ready, whatever they have been through, ready to be filled."""

    __slots__ = ("_delays", "_places", "_statuses", "_template")

    def __init__(self, model: PodEntry, rendered: bytes) -> None:
        """``rendered``: the model pod's JSON, made of the ``MODEL_`` values."""
        template = model.template
        statuses = container_statuses(template.containers, model.states, MODEL_UID)
        kubelet = template.kubelet_fields.render((rfc3339(MODEL_READY).encode(), model.ip.encode()))
        changed = kubelet.decode().replace(rfc3339(MODEL_READY), text("CHANGED"))
        source = rendered.decode().replace(statuses.decode(), text("CONTAINERS"))
        source = _with_holes(source.replace(kubelet.decode(), changed), model)
        self._places = tuple(range(INIT, INIT + len(template.init_containers)))
        for place in self._places:
            source = source.replace(container_id(MODEL_UID, place, 0), text(f"RUN{place}"))
        self._delays = tuple(delay for delay in range(INIT_SECONDS + 2) if rfc3339(MODEL_CREATED + delay) in source)
        for delay in self._delays:
            source = source.replace(rfc3339(MODEL_CREATED + delay), text(f"AFTER{delay}"))
        slots = [*_SLOTS, *(f"AFTER{delay}" for delay in self._delays), *(f"RUN{place}" for place in self._places)]
        self._template = Template(source, slots)
        self._statuses = _status_template(statuses.decode(), len(template.containers))

    def render(self, pod: PodEntry) -> bytes:
        """The whole object."""
        name, uid, created = pod.name, pod.uid, pod.created
        host = pod.host
        assert host is not None, "a usual pod runs on a node"
        ready_at = rfc3339(pod.ready_at).encode()
        token = suffix(uid).encode()
        values = [
            name.encode(),
            name.rpartition("-")[2].encode(),
            uid_text(uid).encode(),
            b"%d" % pod.version,
            token,
            host.name.encode(),
            host.ip.encode(),
            pod.ip.encode(),
            ready_at,
            ready_at if pod.containers is None else rfc3339(pod.changed).encode(),
            self._containers(pod, token),
        ]
        values += [rfc3339(created + delay).encode() for delay in self._delays]
        values += [container_id(uid, place, 0).encode() for place in self._places]
        return self._template.render(values)

    def _containers(self, pod: PodEntry, token: bytes) -> bytes:
        if pod.containers is not None:
            return container_statuses(pod.template.containers, pod.containers, pod.uid)
        runs = [container_id(pod.uid, place, 0).encode() for place in range(len(pod.template.containers))]
        return self._statuses.render((token, rfc3339(pod.started).encode(), *runs))


_SLOTS = (
    "NAME", "INDEX", "UID", "VERSION", "TOKEN", "NODE_NAME", "HOST_IP", "IP", "READY", "CHANGED", "CONTAINERS",
)  # fmt: skip


def _with_holes(source: str, model: PodEntry) -> str:
    for found, slot in (
        (MODEL_NAME, "NAME"),
        (uid_text(MODEL_UID), "UID"),
        (MODEL_NODE[0], "NODE_NAME"),
        (MODEL_NODE[1], "HOST_IP"),
        (model.ip, "IP"),
        (rfc3339(MODEL_READY), "READY"),
    ):
        source = source.replace(found, text(slot))
    source = source.replace(f'"{MODEL_NAME.rpartition("-")[2]}"', f'"{text("INDEX")}"')
    source = source.replace('"resourceVersion":"0"', f'"resourceVersion":"{text("VERSION")}"')
    return _with_token(source, "TOKEN")


def _with_token(source: str, slot: str) -> str:
    prefix = "kube-api-access-"
    return source.replace(prefix + suffix(MODEL_UID), prefix + text(slot))


def _status_template(source: str, containers: int) -> Template:
    source = _with_token(source.replace(rfc3339(MODEL_STARTED), text("STARTED")), "RUN_TOKEN")
    for place in range(containers):
        source = source.replace(container_id(MODEL_UID, place, 0), text(f"RUN{place}"))
    return Template(source, (*_STATUSES, *(f"RUN{place}" for place in range(containers))))
