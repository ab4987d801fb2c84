"""The tunnel from the control plane to the nodes is cut: egress 443 to the API server is blocked."""

from __future__ import annotations

from kubetui.demo.incidents.api_availability import metrics_api_available, metrics_api_fails
from kubetui.demo.incidents.cast import component, fail_readiness, pods_of, restore
from kubetui.demo.incidents.incident import Incident, Scene, Step

_LIVENESS_SECONDS = 180
"""Three liveness probes, one a minute, until a container is restarted."""


def _cut(scene: Scene) -> None:
    agents = component(scene, "konnectivity-agent")
    fail_readiness(scene, agents, "HTTP probe failed with statuscode: 500")
    scene.world.moods.begin("tunnel-cut")


def _lose_metrics(scene: Scene) -> None:
    metrics_api_fails(
        scene,
        "FailedDiscoveryCheck",
        "failing or missing response from https://10.0.0.21:443/apis/metrics.k8s.io/v1beta1: "
        'Get "https://10.0.0.21:443/apis/metrics.k8s.io/v1beta1": No agent available',
    )


def _restart(scene: Scene) -> None:
    for pod in pods_of(component(scene, "konnectivity-agent")):
        scene.world.kubelets.restart(pod, "Error", 137)
    scene.after(_LIVENESS_SECONDS, lambda: _restart(scene))


def _mend(scene: Scene) -> None:
    scene.world.moods.end("tunnel-cut")
    restore(scene, component(scene, "konnectivity-agent"))


INCIDENT = Incident(
    "konnectivity-down",
    "No konnectivity-agent is ready: logs, exec, configz and metrics fail cluster-wide, lists and watches work.",
    steps=(
        Step(0, "the agents lose the API server and are not ready", _cut),
        Step(35, "the metrics API is not reachable", _lose_metrics),
        Step(_LIVENESS_SECONDS, "their liveness probes restart them, again and again", _restart),
    ),
    heal=(
        Step(0, "egress is open again; the agents connect at their next probe", _mend),
        Step(20, "the metrics API answers", metrics_api_available),
    ),
)
