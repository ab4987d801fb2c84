"""Node conditions: which way each is good, and which are bad now.

Kubernetes' own and those that AKS's node problem detector adds (``KernelDeadlock``, ``VMEventScheduled``, …) are
good when False; ``Ready`` and those that name health (``kubernetes.azure.com/NodeHealthy``) are good when True. A
type nobody knows follows the same rule by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from kubetui.kinds.kind import Meaning
from kubetui.kinds.wire import ConditionWire, seconds, word

_LONGEST: Final = 240
_BROKEN: Final = frozenset(
    {"KernelDeadlock", "ReadonlyFilesystem", "FilesystemCorruptionProblem", "KubeletProblem",
     "ContainerRuntimeProblem", "NetworkUnavailable"}
)  # fmt: skip
_PLANNED: Final = frozenset({"VMEventScheduled", "PreemptionScheduled"})


class NodeCondition(NamedTuple):
    """One condition that is bad now."""

    type: str
    status: str
    """``True``, ``False`` or ``Unknown``."""
    reason: str
    since: int
    """When it became so; Unix seconds."""
    message: str
    """The cluster's own words, at most 240 characters; not sanitised."""

    @property
    def text(self) -> str:
        """``DiskPressure``; where True is good or nothing is known, with the status: ``Ready=Unknown``."""
        return self.type if self.status == "True" else f"{self.type}={self.status}"

    @property
    def meaning(self) -> Meaning:
        """Act where the node is broken, planned where Azure announced it, else look."""
        if self.type in _PLANNED:
            return Meaning.PLANNED if self.status == "True" else Meaning.LOOK
        if self.type in _BROKEN and self.status == "True":
            return Meaning.ACT
        return Meaning.ACT if good_when_true(self.type) and self.status != "True" else Meaning.LOOK


def good_when_true(condition_type: str) -> bool:
    """Whether True is the healthy state of a condition type."""
    name = condition_type.rpartition("/")[2]
    return name.endswith(("Ready", "Healthy")) and not name.endswith(("NotReady", "NotHealthy"))


def bad_conditions(conditions: Iterable[ConditionWire]) -> tuple[NodeCondition, ...]:
    """All conditions that are bad now, in the server's order. Raises msgspec.ValidationError on a bad time."""
    return tuple(
        NodeCondition(
            word(c.type), word(c.status), word(c.reason), seconds(c.last_transition_time),
            (c.message or "")[:_LONGEST],
        )
        for c in conditions
        if c.status != ("True" if good_when_true(c.type) else "False") and not _says_nothing(c)
    )  # fmt: skip


def _says_nothing(condition: ConditionWire) -> bool:
    """Unknown of which nothing follows: a probe of Azure's metadata service that timed out, and the kubelet's own
    conditions once it is silent, which is what ``Ready=Unknown`` says.
    """
    if condition.status != "Unknown" or condition.type == "Ready":
        return False
    if condition.type == "VMEventScheduled":
        return "IMDS query failed" in (condition.message or "")
    return condition.reason == "NodeStatusUnknown"
