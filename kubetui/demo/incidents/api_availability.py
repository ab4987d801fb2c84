"""The APIService of metrics-server: available or not, and why."""

from __future__ import annotations

from kubetui.demo import catalog
from kubetui.demo.incidents.incident import Scene
from kubetui.demo.moment import rfc3339
from kubetui.demo.resources import API_SERVICES
from kubetui.demo.system.cluster_objects import METRICS_API


def metrics_api_fails(scene: Scene, reason: str, message: str) -> None:
    """Its condition Available is False."""
    _write(scene, "False", reason, message)


def metrics_api_available(scene: Scene) -> None:
    """Its condition Available is True."""
    _write(scene, "True", "Passed", "all checks passed")


def _write(scene: Scene, status: str, reason: str, message: str) -> None:
    storage = scene.world.storage
    body = catalog.read(storage, API_SERVICES, "", METRICS_API)
    (condition,) = body["status"]["conditions"]
    if condition["status"] != status:
        condition["lastTransitionTime"] = rfc3339(scene.world.agenda.now)
    condition |= {"status": status, "reason": reason, "message": message}
    catalog.put(storage, API_SERVICES, body)
