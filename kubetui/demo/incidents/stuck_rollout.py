"""A new version never becomes ready."""

from __future__ import annotations

from kubetui.demo.incidents.cast import a_tenants_deployment, restore
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.kubelet import Fate
from kubetui.demo.life.changes import new_version

TAG = "2026.11.21-badc0de"


def _roll_out(scene: Scene) -> None:
    workload = a_tenants_deployment(scene, "checkout")
    scene.props["workload"] = workload
    new_version(workload, TAG)
    revision = scene.world.controllers.roll_out(workload)
    scene.world.moods.begin("dependency-down", owner=revision.name)
    scene.world.kubelets.fates[revision.template] = Fate(unready="HTTP probe failed with statuscode: 503")


def _roll_back(scene: Scene) -> None:
    workload = scene.props["workload"]
    scene.world.moods.end("dependency-down")
    restore(scene, workload)
    scene.world.controllers.roll_back(workload)


INCIDENT = Incident(
    "stuck-rollout",
    "checkout's new pods fail their readiness probe: the rollout stands, and after 600 s its deadline is exceeded.",
    steps=(Step(0, "a version that answers 503 is rolled out", _roll_out),),
    heal=(Step(0, "the rollout is undone", _roll_back),),
)
