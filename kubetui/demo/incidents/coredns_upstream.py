"""Azure's DNS does not answer coredns: a firewall drops UDP 53. Names inside the cluster resolve, others do not."""

from __future__ import annotations

from kubetui.demo.incidents.cast import a_node
from kubetui.demo.incidents.incident import Incident, Scene, Step


def _fall_silent(scene: Scene) -> None:
    scene.world.moods.begin("upstream-silent")


def _report(scene: Scene) -> None:
    node = a_node(scene, spot=False)
    scene.world.recorder.record(
        node.reference,
        "VnetDNSUnreachable",
        "VNet DNS probe failed: no answer from 168.63.129.16:53 for mcr.microsoft.com within 2s",
        component="dns-problem-monitor",
        host=node.name,
        warning=True,
    )


def _answer(scene: Scene) -> None:
    scene.world.moods.end("upstream-silent")


INCIDENT = Incident(
    "coredns-upstream",
    "The VNet's DNS is silent: coredns answers SERVFAIL for outside names after timeouts, its pods look well.",
    steps=(
        Step(0, "UDP 53 to the upstream is dropped", _fall_silent),
        Step(45, "a node's problem detector sees it too", _report),
    ),
    heal=(Step(0, "the upstream answers again", _answer),),
)
