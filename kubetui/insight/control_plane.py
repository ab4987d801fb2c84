"""What can be seen of a control plane that is hidden: its checks, how fast it answers, and who renews its leases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kubetui.kinds.kind import Meaning
from kubetui.kinds.lease import LeaseRow

LEADERS: Final = (
    ("kube-scheduler", "scheduler"),
    ("kube-controller-manager", "controllers"),
    ("cloud-controller-manager", "cloud controllers"),
    ("cluster-autoscaler", "autoscaler"),
)
"""Leases of kube-system and how the screen calls who renews them."""
API_SERVER: Final = ("apiserver.kubernetes.io/identity", "kube-apiserver")
"""The label of each API server's own lease."""
_DEAD: Final = 300.0
"""A lease that is older than this when it is first seen is late, whatever the clocks say to each other."""
_GONE: Final = 3600.0
"""API servers that did not renew for so long are of the past."""
_LATE: Final = 2.0
"""Times its own duration."""


@dataclass(frozen=True, slots=True)
class Leader:
    """One leader's lease."""

    lease: str
    name: str
    holder: str
    late: float
    """Seconds without a renewal, where that is too long; 0: it is renewed in time."""
    renewed: float
    """Unix seconds, by the holder's clock."""
    transitions: int
    meaning: Meaning


class LeaseBook:
    """When each lease was seen to be renewed, by the clock of this machine: the server's may go otherwise."""

    def __init__(self) -> None:
        self._rows: dict[str, LeaseRow] = {}
        self._seen: dict[str, float] = {}

    def fold(self, before: LeaseRow | None, after: LeaseRow | None, now: float) -> None:
        """A lease came, was renewed or went."""
        row = after or before
        if row is None:
            return
        known = self._rows.pop(row.name, None)
        if after is None:
            self._seen.pop(row.name, None)
            return
        self._rows[row.name] = after
        if known is None and now - after.renewed > _DEAD:
            self._seen[row.name] = after.renewed
        elif known is None or known.renewed != after.renewed:
            self._seen[row.name] = now

    def seen_anew(self, now: float) -> None:
        """Leases were not followed for a while: nothing that was missed meanwhile is late."""
        self._seen = {name: max(seen, now) for name, seen in self._seen.items()}

    @property
    def rows(self) -> Iterable[LeaseRow]:
        """All leases."""
        return self._rows.values()

    def leader(self, lease: str, name: str, now: float) -> Leader | None:
        """How a leader's lease stands; None where there is none: its holder runs where nobody can look."""
        row = self._rows.get(lease)
        if row is None:
            return None
        silent = now - self._seen.get(lease, now)
        late = silent if silent > max(row.duration, 1) * _LATE else 0.0
        meaning = Meaning.ACT if late else Meaning.FINE
        return Leader(lease, name, row.holder, late, row.renewed, row.transitions, meaning)

    def leaders(self, now: float) -> Sequence[Leader]:
        """The leaders there are, in the order of ``LEADERS``."""
        found = (self.leader(lease, name, now) for lease, name in LEADERS)
        return [one for one in found if one is not None]

    def api_servers(self, now: float) -> int:
        """How many API servers renew a lease of their own; 0: they don't tell."""
        return sum(
            API_SERVER in row.labels and now - self._seen.get(row.name, 0.0) < _GONE for row in self._rows.values()
        )
