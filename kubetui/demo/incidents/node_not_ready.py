"""A kubelet falls silent while its VM runs."""

from __future__ import annotations

from kubetui.demo.incidents.cast import a_node
from kubetui.demo.incidents.incident import Incident, Scene, Step


def _stop(scene: Scene) -> None:
    node = a_node(scene, spot=False)
    scene.props["node"] = node
    scene.world.node_controller.kubelet_stops(node)


def _return(scene: Scene) -> None:
    scene.world.node_controller.kubelet_returns(scene.props["node"])


INCIDENT = Incident(
    "node-not-ready",
    "A general node's kubelet stops: Ready Unknown after 40 s, its pods NotReady, evicted after another 300 s.",
    steps=(Step(0, "the kubelet stops; its lease grows old", _stop),),
    heal=(Step(0, "the kubelet runs again", _return),),
)
