"""Who writes a run's log: read off the pod once, as nothing of it changes."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from kubetui.demo.entries.pod_status import INIT
from kubetui.demo.entries.pod_template import PodTemplate
from kubetui.demo.logs.line import SECOND
from kubetui.demo.logs.run import Run
from kubetui.demo.logs.voice import Speaker
from kubetui.demo.tenants import team_count
from kubetui.demo.world import World

_KEPT = 4096
_STILLBORN = 10 * SECOND
"""A run that was shorter failed at its start."""


class Speakers:
    """By run, the latest few thousand kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._teams = team_count(world.options.pods)
        self._known: dict[tuple[int, int, int], Speaker] = {}

    def of(self, run: Run) -> Speaker:
        """The run's container."""
        speaker = self._known.get(run.same)
        if speaker is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            speaker = self._known[run.same] = self._made(run)
        return speaker

    def _made(self, run: Run) -> Speaker:
        pod, template = run.pod, run.pod.template
        kind, place = ("containers", run.place) if run.place < INIT else ("initContainers", run.place - INIT)
        container = template.spec[kind][place]
        host = pod.host
        return Speaker(
            name=container["name"],
            pod=pod.name,
            namespace=pod.namespace,
            app=_app(run),
            owner=template.owner.name,
            node=host.name if host else "",
            node_ip=host.ip if host else "",
            ip=pod.ip or "10.244.0.2",
            image=container["image"],
            uid=pod.uid,
            restarts=run.restarts,
            teams=self._teams,
        )


def _app(run: Run) -> str:
    owner = run.pod.template.owner
    return owner.name.rpartition("-")[0] if owner.kind in ("ReplicaSet", "Job") else owner.name


class LastWords:
    """What containers say that crash at each start; remembered when the reason is gone."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: WeakKeyDictionary[PodTemplate, str] = WeakKeyDictionary()

    def of(self, run: Run) -> str:
        """Of a run that failed at its start, ``""`` for another."""
        if run.end is None or run.end - run.begin > _STILLBORN or run.place:
            return ""
        words = self._world.kubelets.fate(run.pod).crash
        if words:
            self._known[run.pod.template] = words
        return words or self._known.get(run.pod.template, "")
