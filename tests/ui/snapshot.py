"""Plain-text snapshots of the screen: small files that a review can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App

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
    kept = path.read_text(encoding="utf-8")
    assert shown == kept, f"the screen differs from {path.name}; if that is meant: pytest --snapshot-update"
