"""How many pods of a workload are in which phase, counted as its controller would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from kubetui.insight.describe.facts import Facts, Need
from kubetui.insight.describe.page import Field
from kubetui.insight.describe.reading import NONE, Json, selector_text, text
from kubetui.kinds.kind import Meaning
from kubetui.kinds.wire import Wire


class OwnerWire(Wire):
    """``metadata.ownerReferences[]``."""

    uid: str | None = None
    controller: bool | None = None


class OwnedMetaWire(Wire):
    """``metadata``."""

    owner_references: list[OwnerWire] | None = None


class PhaseWire(Wire):
    """``status``."""

    phase: str | None = None


class OwnedPodWire(Wire):
    """A pod as far as its owner and phase go."""

    metadata: OwnedMetaWire = msgspec.field(default_factory=OwnedMetaWire)
    status: PhaseWire = msgspec.field(default_factory=PhaseWire)


def pods_need(found: Json) -> Sequence[Need]:
    """The pods that a workload's selector selects."""
    namespace, selector = text(found, "metadata", "namespace"), selector_text(found, "spec", "selector")
    if selector == NONE:
        return ()
    path = f"/api/v1/namespaces/{namespace}/pods"
    return (Need("pods", path, f"list pods in {namespace}", (("labelSelector", selector),), wire=OwnedPodWire),)


_PHASES: Final = (("Running", "Running"), ("Pending", "Waiting"), ("Succeeded", "Succeeded"), ("Failed", "Failed"))


def pods_status(facts: Facts) -> Field:
    """``3 Running / 1 Waiting / 0 Succeeded / 0 Failed``."""
    part = facts.part("pods")
    if part.loading:
        return Field("Pods Status", "loading …")
    if part.trouble:
        return Field("Pods Status", "not known", note=part.trouble, meaning=Meaning.LOOK)
    uid = text(facts.found, "metadata", "uid")
    counts = Counter(pod.status.phase for pod in part.items if _controlled(pod, uid))
    words = " / ".join(f"{counts[phase]} {word}" for phase, word in _PHASES)
    wrong = counts["Pending"] or counts["Failed"]
    note = "of the first pods only; there are more" if part.more else ""
    return Field("Pods Status", words, note=note, meaning=Meaning.LOOK if wrong else Meaning.PLAIN)


def _controlled(pod: OwnedPodWire, uid: str) -> bool:
    return any(owner.controller and owner.uid == uid for owner in pod.metadata.owner_references or ())
