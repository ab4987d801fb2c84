"""metrics-server cannot scrape any node."""

from __future__ import annotations

from kubetui.demo.incidents.api_availability import metrics_api_available, metrics_api_fails
from kubetui.demo.incidents.cast import component, fail_readiness, restore
from kubetui.demo.incidents.incident import Incident, Scene, Step


def _fail(scene: Scene) -> None:
    fail_readiness(scene, component(scene, "metrics-server"), "HTTP probe failed with statuscode: 500")
    scene.world.moods.begin("scrapes-fail")


def _lose_api(scene: Scene) -> None:
    words = 'endpoints for service/metrics-server in "kube-system" have no addresses with port name "https"'
    metrics_api_fails(scene, "MissingEndpoints", words)


def _mend(scene: Scene) -> None:
    scene.world.moods.end("scrapes-fail")
    restore(scene, component(scene, "metrics-server"))


INCIDENT = Incident(
    "metrics-server-down",
    "metrics-server is not ready and v1beta1.metrics.k8s.io not available: no top, and autoscalers stand still.",
    steps=(
        Step(0, "its readiness probes fail", _fail),
        Step(12, "the aggregator finds no endpoint", _lose_api),
    ),
    heal=(
        Step(0, "it scrapes again", _mend),
        Step(20, "the metrics API answers", metrics_api_available),
    ),
)
