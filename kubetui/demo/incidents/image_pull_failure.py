"""A new version's image is not in the registry."""

from __future__ import annotations

from kubetui.demo.incidents.cast import a_tenants_deployment, restore
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.kubelet import Fate
from kubetui.demo.life.changes import new_version

TAG = "2026.11.21-typo"


def _roll_out(scene: Scene) -> None:
    workload = a_tenants_deployment(scene, "cart")
    scene.props["workload"] = workload
    new_version(workload, TAG)
    revision = scene.world.controllers.roll_out(workload)
    image = revision.template.spec["containers"][0]["image"]
    scene.world.kubelets.fates[revision.template] = Fate(
        pull=f'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": failed to resolve '
        f'reference "{image}": {image}: not found'
    )


def _roll_back(scene: Scene) -> None:
    workload = scene.props["workload"]
    restore(scene, workload)
    scene.world.controllers.roll_back(workload)


INCIDENT = Incident(
    "image-pull-failure",
    "cart's new image is not in the registry: ErrImagePull and ImagePullBackOff; the old pods serve on.",
    steps=(Step(0, "a version with a mistyped tag is rolled out", _roll_out),),
    heal=(Step(0, "the rollout is undone", _roll_back),),
)
