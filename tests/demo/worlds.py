"""Worlds for tests: small, and with a clock that the test turns."""

from __future__ import annotations

import asyncio
import json
from typing import Any, TypeVar

from kubetui.demo.entry import Resource
from kubetui.demo.options import WorldOptions
from kubetui.demo.resources import EVENTS, PODS, RESOURCES
from kubetui.demo.storage import Storage
from kubetui.demo.world import World

AnEntry = TypeVar("AnEntry")

BEGAN = 1_795_262_640.0
"""2026-11-21T12:04:00Z"""


class HandClock:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self.time = BEGAN

    def now(self) -> float:
        """Unix seconds."""
        return self.time

    async def reached(self, moment: float) -> None:
        """Wait until others have slept until then."""
        while self.time < moment:  # noqa: ASYNC110 - no event can tell: whoever sleeps moves the time
            await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        """Time passes at once; others have their turn."""
        self.time += seconds
        await asyncio.sleep(0)


class Lived:
    """A built world and short ways to look at it."""

    def __init__(self, **options: Any) -> None:
        self.clock = HandClock()
        self.storage = Storage(RESOURCES)
        self.world = World(self.storage, WorldOptions(**{"changes": 0, **options}), self.clock)
        self.world.build()

    def pass_time(self, seconds: float, step: float = 1.0) -> None:
        """Live on, looking at the clock every ``step`` seconds."""
        until = self.clock.time + seconds
        while self.clock.time < until:
            self.clock.time = min(until, self.clock.time + step)
            self.world.live()

    def entries(self, resource: Resource, kind: type[AnEntry], namespace: str = "") -> list[AnEntry]:
        """Stored entries, as what they are."""
        found = list(self.storage.entries(resource, namespace))
        return [entry for entry in found if isinstance(entry, kind)]

    def all(self, resource: Resource, namespace: str = "") -> list[dict[str, Any]]:
        """Objects, decoded."""
        return [json.loads(entry.encode()) for entry in self.storage.entries(resource, namespace)]

    def get(self, resource: Resource, namespace: str, name: str) -> dict[str, Any]:
        """One object, decoded."""
        entry = self.storage.get(resource, namespace, name)
        assert entry is not None, f"there is no {resource.kind} {namespace}/{name}"
        body: dict[str, Any] = json.loads(entry.encode())
        return body

    def status_words(self, namespace: str, prefix: str) -> list[str]:
        """The STATUS cell of the pods whose names begin so."""
        entries = self.storage.entries(PODS, namespace)
        return [entry.cells(self.clock.time)[2] for entry in entries if entry.name.startswith(prefix)]

    def reasons(self, name: str) -> set[str]:
        """Of the events about objects with this name."""
        return {
            entry.field("reason")
            for entry in self.storage.entries(EVENTS)
            if entry.field("involvedObject.name") == name
        }


def condition(body: dict[str, Any], kind: str) -> dict[str, Any]:
    """The condition of that type."""
    found = [item for item in body["status"]["conditions"] if item["type"] == kind]
    assert found, f"{body['metadata']['name']} has no condition {kind}"
    return dict(found[0])
