"""Someone wrote a bad server block into coredns-custom; the next start of each coredns fails on it."""

from __future__ import annotations

from functools import partial

from kubetui.demo import catalog
from kubetui.demo.incidents.cast import NAMESPACE, component, pods_of
from kubetui.demo.incidents.incident import Incident, Scene, Step
from kubetui.demo.kubelet import Fate
from kubetui.demo.resources import CONFIG_MAPS

BAD_BLOCK = "corp.example.com:53 {\n    errors\n    cache 30\n    forwrd . 10.1.0.4\n}\n"
LAST_WORDS = "/etc/coredns/custom/corp.server:4 - Error during parsing: Unknown directive 'forwrd'"


def _break_settings(scene: Scene) -> None:
    body = catalog.read(scene.world.storage, CONFIG_MAPS, NAMESPACE, "coredns-custom")
    scene.props["custom"] = body
    data = {**body["data"], "corp.server": BAD_BLOCK}
    catalog.put(scene.world.storage, CONFIG_MAPS, {**body, "data": data})
    scene.world.moods.begin("config-broken", app="coredns")


def _restart_one_by_one(scene: Scene) -> None:
    coredns = component(scene, "coredns")
    scene.world.kubelets.fates[coredns.template] = Fate(crash=LAST_WORDS)
    pods = pods_of(coredns)
    for place, pod in enumerate(pods):
        scene.after(place * 15, partial(scene.world.kubelets.restart, pod))
    scene.after(len(pods) * 15, partial(scene.world.moods.begin, "dns-gone"))


def _restore_settings(scene: Scene) -> None:
    scene.world.moods.end("config-broken")
    scene.world.moods.end("dns-gone")
    catalog.put(scene.world.storage, CONFIG_MAPS, scene.props["custom"])
    coredns = component(scene, "coredns")
    for revision in coredns.revisions:
        scene.world.kubelets.fates.pop(revision.template, None)
    scene.world.controllers.roll_out(coredns)


INCIDENT = Incident(
    "coredns-crash-loop",
    "A directive in coredns-custom does not parse: coredns goes into CrashLoopBackOff, pod by pod, until DNS is gone.",
    steps=(
        Step(0, "coredns-custom gets a block that does not parse; the old settings still serve", _break_settings),
        Step(10, "the pods restart one after another, each into the bad settings", _restart_one_by_one),
    ),
    heal=(Step(0, "coredns-custom is as before; coredns is rolled out anew", _restore_settings),),
)
