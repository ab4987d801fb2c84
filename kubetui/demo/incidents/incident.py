"""Incidents as declarations: what changes at which second, and what heals it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from kubetui.demo.agenda import Planned

if TYPE_CHECKING:
    from kubetui.demo.world import World


@dataclass
class Scene:
    """One run of an incident: the world, and what its steps tell each other (the node that was chosen …)."""

    world: World
    props: dict[str, Any] = field(default_factory=dict)
    planned: list[Planned] = field(default_factory=list)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """A step of a length that shows only on the way; dropped when the incident stops."""
        self.planned.append(self.world.agenda.after(seconds, act))


@dataclass(frozen=True)
class Step:
    """At ``second`` after the beginning, ``act`` changes the world; ``what`` says so in words."""

    second: float
    what: str
    act: Callable[[Scene], None]


@dataclass(frozen=True)
class Incident:
    """A thing that goes wrong."""

    name: str
    description: str
    """One line: what a person will see."""
    steps: tuple[Step, ...]
    heal: tuple[Step, ...]
    """From the moment it is stopped."""


class Incidents:
    """Starts and stops incidents of a world."""

    def __init__(self, world: World, known: Mapping[str, Incident]) -> None:
        """``known``: those that can be started."""
        self._world = world
        self._known = known
        self._running: dict[str, Scene] = {}

    @property
    def running(self) -> tuple[str, ...]:
        """Names of those that were started and not stopped."""
        return tuple(self._running)

    def start(self, name: str) -> None:
        """Begin; ``-`` and ``_`` are the same in names.

        ValueError: there is no such incident, it runs already, or the cluster lacks what it needs.
        """
        incident = self._find(name)
        if incident.name in self._running:
            raise ValueError(f"the incident {incident.name} runs already")
        scene = Scene(self._world)
        self._plan(scene, incident.steps)
        self._running[incident.name] = scene

    def stop(self, name: str) -> None:
        """Heal it. ValueError: no such incident, or it does not run."""
        incident = self._find(name)
        scene = self._running.pop(incident.name, None)
        if scene is None:
            raise ValueError(f"the incident {incident.name} does not run")
        for planned in scene.planned:
            planned.cancel()
        self._plan(scene, incident.heal)

    def _find(self, name: str) -> Incident:
        incident = self._known.get(name.replace("_", "-"))
        if incident is None:
            raise ValueError(f"there is no incident {name!r}; there are: {', '.join(sorted(self._known))}")
        return incident

    @staticmethod
    def _plan(scene: Scene, steps: tuple[Step, ...]) -> None:
        for step in steps:
            if step.second == 0:
                step.act(scene)
            else:
                scene.after(step.second, partial(step.act, scene))
