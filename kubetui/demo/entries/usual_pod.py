"""The usual pod's JSON: most pods have just run since they started, and differ in a dozen values only.

The template is not written down a second time: a model pod with telling values is rendered the long way, and its
values are made holes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.demo.entries.identity import container_id, suffix, uid_text
from kubetui.demo.entries.pod_status import INIT, INIT_SECONDS
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

_BASE = ("NAME", "INDEX", "UID", "VERSION", "TOKEN", "NODE_NAME", "HOST_IP", "IP", "STARTED", "READY")


class UsualPod:
    """A workload's pods in their usual state, ready to be filled."""

    __slots__ = ("_delays", "_places", "_template")

    def __init__(self, model: PodEntry, rendered: bytes) -> None:
        """``rendered``: the model pod's JSON, made of the ``MODEL_`` values."""
        source = rendered.decode()
        for found, slot in self._fixed(model):
            source = source.replace(found, slot)
        shapes = len(model.template.containers), len(model.template.init_containers)
        places = (*range(shapes[0]), *range(INIT, INIT + shapes[1]))
        self._places = places
        for place in places:
            source = source.replace(container_id(MODEL_UID, place, 0), text(f"RUN{place}"))
        self._delays = tuple(delay for delay in range(INIT_SECONDS + 2) if rfc3339(MODEL_CREATED + delay) in source)
        for delay in self._delays:
            source = source.replace(rfc3339(MODEL_CREATED + delay), text(f"AFTER{delay}"))
        slots = [*_BASE, *(f"AFTER{delay}" for delay in self._delays), *(f"RUN{place}" for place in places)]
        self._template = Template(source, slots)

    @staticmethod
    def _fixed(model: PodEntry) -> tuple[tuple[str, str], ...]:
        return (
            (MODEL_NAME, text("NAME")),
            (f'"{MODEL_NAME.rpartition("-")[2]}"', f'"{text("INDEX")}"'),
            (uid_text(MODEL_UID), text("UID")),
            ('"resourceVersion":"0"', f'"resourceVersion":"{text("VERSION")}"'),
            (f"kube-api-access-{suffix(MODEL_UID)}", f"kube-api-access-{text('TOKEN')}"),
            (MODEL_NODE[0], text("NODE_NAME")),
            (MODEL_NODE[1], text("HOST_IP")),
            (model.ip, text("IP")),
            (rfc3339(MODEL_STARTED), text("STARTED")),
            (rfc3339(MODEL_READY), text("READY")),
        )

    def render(self, pod: PodEntry) -> bytes:
        """The whole object."""
        name, uid, created = pod.name, pod.uid, pod.created
        host = pod.host
        assert host is not None, "a usual pod runs on a node"
        values = [
            name,
            name.rpartition("-")[2],
            uid_text(uid),
            str(pod.version),
            suffix(uid),
            host.name,
            host.ip,
            pod.ip,
            rfc3339(pod.started),
            rfc3339(pod.ready_at),
        ]
        values += [rfc3339(created + delay) for delay in self._delays]
        values += [container_id(uid, place, 0) for place in self._places]
        return self._template.render([value.encode() for value in values])
