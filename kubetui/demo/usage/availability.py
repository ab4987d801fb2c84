"""Whether metrics.k8s.io is served: its APIService, metrics-server's pods, and the tunnel to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubetui.demo import catalog
from kubetui.demo.resources import API_SERVICES
from kubetui.demo.system.cluster_objects import METRICS_API

if TYPE_CHECKING:
    from kubetui.demo.world import World


def metrics_refusal(world: World) -> str:
    """The aggregator's words when it cannot pass a request on, ``""`` when it can."""
    body = catalog.read(world.storage, API_SERVICES, "", METRICS_API)
    servers = world.workloads.find("Deployment", "kube-system", "metrics-server")
    ready = next((pod for pod in servers.living() if pod.ready), None)
    if ready is None or any(condition["status"] != "True" for condition in body["status"]["conditions"]):
        return "service unavailable"
    if not world.tunnel:
        dialing = f"proxy error from localhost:9443 while dialing {ready.ip}:4443"
        return f"error trying to reach service: {dialing}, code 503: 503 Service Unavailable"
    return ""
