"""What to do about a pod that finds no node, as the scheduler's words tell. Pure.

The words are those of the scheduler's plugins (``pkg/scheduler/framework/plugins``), as they stand in the message of
the pod's condition ``PodScheduled``.
"""

from __future__ import annotations

from typing import Final

ROOM: Final = "make room or change what the pod asks for; the autoscaler's events tell why no node comes"

_BY_WORDS: Final = (
    (("unbound immediate persistentvolumeclaims",),
     "no node is missing but a volume: d on its PersistentVolumeClaim (:pvc) tells why that is not bound"),
    (("persistentvolumeclaim \"",),
     "make the PersistentVolumeClaim that it names usable: :pvc shows which there are and how they stand"),
    (("insufficient ", "too many pods"), ROOM),
    (("volume node affinity conflict",),
     "its disk is in another zone than the nodes: it needs one with room in the disk's zone"),
    (("max volume count",),
     "the nodes can attach no more disks: add a node, or take a VM size that attaches more"),
    (("affinity", "untolerated taint", "topology spread", "node(s) didn't"),
     "compare its nodeSelector, affinity and tolerations with the nodes' labels and taints: no node fits, full or not"),
)  # fmt: skip
"""The first that holds: what can't be had anywhere before what some nodes lack, and room before what the others ask."""


def unschedulable_advice(message: str) -> str:
    """What to do next, by the scheduler's message; ``ROOM`` where it says nothing that is known."""
    said = message.lower()
    return next((advice for words, advice in _BY_WORDS if any(one in said for one in words)), ROOM)
