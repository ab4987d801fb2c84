"""HorizontalPodAutoscalers: the load wanders, metrics tell of it, and replicas follow the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubetui.demo import catalog
from kubetui.demo.documents import metadata, own
from kubetui.demo.entries.event import Reference
from kubetui.demo.entries.identity import uid_text
from kubetui.demo.moment import rfc3339
from kubetui.demo.resources import AUTOSCALERS
from kubetui.demo.usage.availability import metrics_refusal
from kubetui.demo.usage.habits import habits
from kubetui.demo.usage.loads import NANO
from kubetui.demo.usage.samples import RESOLUTION
from kubetui.demo.workload import Workload

if TYPE_CHECKING:
    from kubetui.demo.world import World

_PERIOD = 60
_TARGET = 65
_TOLERANCE = 0.1
_STABLE_SECONDS = 300
_CALCULATED = (
    "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)"
)

_NO_METRICS = (
    "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource "
    "metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)"
)


@dataclass(eq=False)
class _Scaler:
    workload: Workload
    uid: int
    created: float
    least: int
    most: int
    use: float
    """What its pods use on average, in percent of the requests: the load that there is."""
    scaled: float
    """When it last scaled, Unix seconds."""
    measured: float = 0.0
    """What metrics said when it last looked, in percent of the requests."""
    blind: float = 0.0
    """Since when it has no metrics, Unix seconds; 0: it has."""


class Autoscaling:
    """All HorizontalPodAutoscalers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def found(self, workload: Workload) -> None:
        """The workload gets one, and it begins to look once a minute."""
        rng = self._world.rng
        replicas = workload.replicas
        scaler = _Scaler(
            workload,
            rng.getrandbits(128),
            workload.created + 60,
            max(1, replicas // 2),
            max(replicas + 2, replicas * 2),
            rng.uniform(45, 68),
            self._world.began - rng.uniform(400, 40_000),
        )
        self._load(scaler)
        self._measure(scaler)
        self._write(scaler)
        self._world.agenda.every(_PERIOD, lambda: self._look(scaler), rng.uniform(5, _PERIOD))

    def _look(self, scaler: _Scaler) -> None:
        world = self._world
        drift = world.rng.gauss((_TARGET - 3 - scaler.use) * 0.15, 6)
        scaler.use = min(140.0, max(8.0, scaler.use + drift))
        self._load(scaler)
        moment = world.agenda.now
        if metrics_refusal(world):
            scaler.blind = scaler.blind or moment
            self._tell_blind(scaler)
            self._write(scaler)
            return
        scaler.blind = 0.0
        self._measure(scaler)
        ratio = scaler.measured / _TARGET
        replicas = scaler.workload.replicas
        wanted = min(scaler.most, max(scaler.least, -(-replicas * scaler.measured // _TARGET)))
        calm = ratio > 1 or moment - scaler.scaled > _STABLE_SECONDS
        if abs(ratio - 1) > _TOLERANCE and int(wanted) != replicas and calm:
            self._scale(scaler, int(wanted))
        self._write(scaler)

    def _load(self, scaler: _Scaler) -> None:
        self._world.loads.share(scaler.workload.key, scaler.use / 100, self._world.agenda.now)

    def _measure(self, scaler: _Scaler) -> None:
        """As metrics-server sampled it lately: the pods' use over their requests."""
        loads, now = self._world.loads, self._world.agenda.now
        used = requested = 0.0
        for pod in scaler.workload.living():
            for place, started in loads.running(pod):
                if started < now - RESOLUTION:
                    used += loads.cpu(pod, place, now - RESOLUTION, now) / RESOLUTION / NANO
                    requested += habits(pod.template)[place].request
        scaler.measured = 100 * used / requested if requested else scaler.use

    def _tell_blind(self, scaler: _Scaler) -> None:
        workload = scaler.workload
        about = Reference(
            "HorizontalPodAutoscaler", workload.namespace, workload.name, uid_text(scaler.uid), "autoscaling/v2"
        )
        self._world.recorder.record(
            about, "FailedGetResourceMetric", _NO_METRICS, component="horizontal-pod-autoscaler", warning=True
        )

    def _scale(self, scaler: _Scaler, wanted: int) -> None:
        world, workload = self._world, scaler.workload
        above = wanted > workload.replicas
        reason = (
            "cpu resource utilization (percentage of request) above target" if above else "All metrics below target"
        )
        scaler.use *= workload.replicas / wanted
        scaler.scaled = world.agenda.now
        self._load(scaler)
        about = Reference(
            "HorizontalPodAutoscaler", workload.namespace, workload.name, uid_text(scaler.uid), "autoscaling/v2"
        )
        words = f"New size: {wanted}; reason: {reason}"
        world.recorder.record(about, "SuccessfulRescale", words, component="horizontal-pod-autoscaler")
        world.controllers.scale(workload, wanted)

    def _write(self, scaler: _Scaler) -> None:
        workload = scaler.workload
        target = {"type": "Utilization", "averageUtilization": _TARGET}
        value = int(scaler.measured * workload.template.millicpu / 100)
        current = {"averageUtilization": int(scaler.measured), "averageValue": f"{value}m"}
        since = rfc3339(scaler.created + 30)
        scaling = ("True", "ValidMetricFound", _CALCULATED)
        if scaler.blind:
            scaling = (
                "False",
                "FailedGetResourceMetric",
                f"the HPA was unable to compute the replica count: {_NO_METRICS}",
            )
        conditions: list[dict[str, Any]] = [
            {
                "type": kind,
                "status": status,
                "lastTransitionTime": rfc3339(scaler.blind) if kind == "ScalingActive" and scaler.blind else since,
                "reason": reason,
                "message": words,
            }
            for kind, status, reason, words in (
                ("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size"),
                ("ScalingActive", *scaling),
                (
                    "ScalingLimited",
                    "False",
                    "DesiredWithinRange",
                    "the desired count is within the acceptable range",
                ),
            )
        ]
        body = {
            "kind": "HorizontalPodAutoscaler",
            "apiVersion": "autoscaling/v2",
            "metadata": metadata(
                workload.name, scaler.uid, scaler.created, namespace=workload.namespace, labels=workload.labels
            ),
            "spec": {
                "scaleTargetRef": {"kind": workload.kind, "name": workload.name, "apiVersion": workload.api_version},
                "minReplicas": scaler.least,
                "maxReplicas": scaler.most,
                "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            },
            "status": {
                "lastScaleTime": rfc3339(scaler.scaled),
                "currentReplicas": workload.replicas,
                "desiredReplicas": workload.replicas,
                "currentMetrics": [{"type": "Resource", "resource": {"name": "cpu", "current": current}}],
                "conditions": conditions,
            },
        }
        catalog.put(self._world.storage, AUTOSCALERS, own(body, workload.manager))
