"""Plain-text snapshots of the screen: small files that a review can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

SNAPSHOTS = Path(__file__).parent / "snapshots"


class SnapshotMode:
    """Whether snapshots are written instead of compared: ``pytest --snapshot-update``."""

    update = False


def screen_text(app: App[Any]) -> str:
    """What the screen shows: one line each, trailing blanks removed."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(line.text.rstrip() for line in lines).rstrip("\n") + "\n"


def assert_screen(app: App[Any], name: str, shown: str | None = None) -> None:
    """The screen equals ``tests/ui/snapshots/<name>.txt``; ``shown``: without what differs at each run."""
    path = SNAPSHOTS / f"{name}.txt"
    shown = screen_text(app) if shown is None else shown
    if SnapshotMode.update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown, encoding="utf-8")
        return
    assert path.exists(), f"no snapshot {path.name} yet: run pytest --snapshot-update and read what it wrote"
    assert shown == _kept(name), f"the screen differs from {path.name}; if that is meant: pytest --snapshot-update"


async def assert_becomes(pilot: Pilot[Any], name: str, shown: Callable[[], str] | None = None) -> None:
    """The screen comes to equal the snapshot: what it still waits for may take its time on a busy machine."""

    def now() -> str:
        return screen_text(pilot.app) if shown is None else shown()

    if SnapshotMode.update:
        await pilot.pause(1.5)
    for _ in range(500):
        if SnapshotMode.update or now() == _kept(name):
            break
        await pilot.pause(0.02)
    assert_screen(pilot.app, name, now())


def _kept(name: str) -> str:
    path = SNAPSHOTS / f"{name}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""
