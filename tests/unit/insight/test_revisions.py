"""A Deployment's revisions: their order, and what differs between their images."""

from __future__ import annotations

import pytest

from kubetui.insight.revisions import image_words, newest_first
from kubetui.kinds.replica_set import ReplicaSetRow


def replica_set(name: str, revision: int = 0, created: int = 0, **images: str) -> ReplicaSetRow:
    return ReplicaSetRow(
        "team-04", name, 1, revision=revision, created=created, containers=tuple(images), images=tuple(images.values())
    )


def test_the_newest_revision_comes_first_and_numbers_are_no_texts() -> None:
    rows = [replica_set("a", 9), replica_set("b", 10), replica_set("c", 0, created=5), replica_set("d", 0, created=7)]
    assert [row.name for row in newest_first(rows)] == ["b", "a", "d", "c"]


OLD = replica_set("old", 1, app="registry.example/app:1.0", proxy="registry.example/proxy:7")


@pytest.mark.parametrize(
    ("new", "all_images", "changes"),
    [
        (replica_set("n", app="registry.example/app:1.1", proxy="registry.example/proxy:7"),
         "◆ app:1.1, proxy:7", "◆ app:1.1"),
        (replica_set("n", app="registry.example/app:1.0", proxy="registry.example/proxy:7"),
         "app:1.0, proxy:7", "same images"),
        (replica_set("n", app="mirror.example/app:1.0", proxy="registry.example/proxy:7"),
         "◆ mirror.example/app:1.0, proxy:7", "◆ mirror.example/app:1.0"),
        (replica_set("n", app="registry.example/app:1.0", sidecar="registry.example/sidecar:1"),
         "app:1.0, ◆ sidecar:1", "◆ sidecar:1"),
    ],
)  # fmt: skip
def test_images_that_differ_are_marked(new: ReplicaSetRow, all_images: str, changes: str) -> None:
    assert image_words(new, OLD, only_changes=False) == all_images
    assert image_words(new, OLD, only_changes=True) == changes


def test_the_only_revision_differs_from_nothing() -> None:
    assert image_words(OLD, None, only_changes=False) == "app:1.0, proxy:7"
