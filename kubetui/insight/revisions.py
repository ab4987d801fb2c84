"""A Deployment's ReplicaSets as revisions: in order, with what differs between their images. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from kubetui.kinds.replica_set import ReplicaSetRow
from kubetui.kinds.workload_wire import short_image

DIFFERS = "◆"


def newest_first(rows: Iterable[ReplicaSetRow]) -> list[ReplicaSetRow]:
    """By revision, the newest first; unnumbered ones by age behind them."""
    return sorted(rows, key=lambda row: (-row.revision, -row.created, row.name))


def image_words(row: ReplicaSetRow, other: ReplicaSetRow | None, *, only_changes: bool) -> str:
    """The images of ``row``, those that ``other`` has not marked ``◆``; short unless that hides the difference.

    ``only_changes``: nothing but those; ``same images`` where there are none.
    """
    if other is None:
        return ", ".join(short_image(image) for image in row.images)
    theirs = dict(zip(other.containers, other.images, strict=False))
    parts = []
    for container, image in zip(row.containers, row.images, strict=False):
        before = theirs.get(container)
        if before == image:
            if not only_changes:
                parts.append(short_image(image))
        else:
            hidden = before is not None and short_image(before) == short_image(image)
            parts.append(f"{DIFFERS} {image if hidden else short_image(image)}")
    return ", ".join(parts) or "same images"
