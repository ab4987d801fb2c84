"""Facts to describe: objects as the API serves them, in short."""

from __future__ import annotations

from typing import Any

from kubetui.insight.describe.describe import describe
from kubetui.insight.describe.facts import Facts, Part
from kubetui.insight.describe.page import plain_text
from kubetui.kinds.kind import Meaning

NOW = 1_795_266_240.0  # 2026-11-21T13:04:00Z
MARKS = {Meaning.LOOK: "▲", Meaning.ACT: "✖", Meaning.PLANNED: "◐"}


def mark(meaning: Meaning) -> str:
    return MARKS.get(meaning, " ")


def at(minutes: float) -> str:
    """RFC 3339, so many minutes before ``NOW`` (less than an hour)."""
    seconds = int(4 * 60 - minutes * 60)
    hour, rest = divmod(13 * 3600 + seconds, 3600)
    return f"2026-11-21T{hour:02}:{rest // 60:02}:{rest % 60:02}Z"


def lines(found: Any, *, events: Part | None = None, **more: Any) -> list[str]:
    """The description, a text a line."""
    facts = Facts(found, NOW, events=events or Part(), **more)
    return plain_text(describe(facts, mark)).splitlines()


def pod(*statuses: Any, **more: Any) -> Any:
    """A pod with these container statuses."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web-0", "namespace": "team-04", "uid": "u1", **more.get("metadata", {})},
        "spec": {
            "nodeName": "n1",
            "containers": [{"name": status["name"], "image": "i:1"} for status in statuses],
            **more.get("spec", {}),
        },
        "status": {"phase": "Running", "containerStatuses": list(statuses), **more.get("status", {})},
    }
