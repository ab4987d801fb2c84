"""What problem detectors and AKS report of nodes by events, where no condition stays behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Key, Meaning

RECENT: Final = 600
"""Seconds after its last sighting in which a report counts: detectors repeat themselves every few minutes."""
MOST: Final = 1000
"""Events kept; more come from a storm, and tell nothing new."""


class Report(NamedTuple):
    """A kind of report."""

    title: str
    """Before ``on 3 nodes``."""
    detail: str
    advice: str
    meaning: Meaning = Meaning.LOOK


_DNS: Final = "one node: its network and NSG; all nodes: the VNet's DNS servers, an NSG or firewall on UDP 53"
REPORTS: Final[Mapping[str, Report]] = {
    "VnetDNSUnreachable": Report(
        "VNet DNS does not answer", "names outside the cluster do not resolve; coredns itself may look well", _DNS,
        Meaning.ACT,
    ),
    "CoreDNSUnreachable": Report(
        "coredns does not answer", "names do not resolve from there",
        "one node: kube-proxy and its network; all nodes: coredns' pods and Service kube-dns", Meaning.ACT,
    ),
    "DNSProblem": Report("DNS fails", "names do not resolve from there", _DNS),
    "EgressBlocked": Report(
        "a required address is blocked", "the node does not reach what AKS needs",
        "firewall and route table against AKS's required outbound rules",
    ),
    "NodeDrainError": Report(
        "could not be drained", "an upgrade or a repair waits for its pods",
        "PodDisruptionBudgets that allow no disruption; pods that do not end",
    ),
    "NodeRebootError": Report("AKS could not reboot", "auto-repair failed", "look at the instance, then reimage it"),
    "NodeReimageError": Report("AKS could not reimage", "auto-repair failed", "look at the instance, then delete it"),
    "NodeRedeployError": Report("AKS could not redeploy", "auto-repair failed", "delete the instance; open a case"),
    "KubeletServingCertificateInvalid": Report(
        "kubelet's certificate is not valid", "logs, exec and top fail there with x509",
        "kubectl get csr: is one of kubelet-serving pending",
    ),
}  # fmt: skip
"""By the event's reason, in the detectors' own spelling."""


class Reported(NamedTuple):
    """One kind of report, and the nodes it came from."""

    reason: str
    nodes: tuple[str, ...]
    first: int
    last: int
    message: str
    """Of the last event. Not sanitised."""


class ReportBook:
    """Fed with the events about nodes."""

    def __init__(self) -> None:
        self._events: dict[Key, EventRow] = {}

    def fold(self, before: EventRow | None, after: EventRow | None) -> None:
        """An event came, was repeated, or was forgotten by the server."""
        row = after or before
        if row is None or row.reason not in REPORTS or row.object_kind != "Node":
            return
        key = (row.namespace, row.name)
        if after is None:
            self._events.pop(key, None)
        elif key in self._events or len(self._events) < MOST:
            self._events[key] = after

    def recent(self, now: float) -> Sequence[Reported]:
        """What was reported within ``RECENT`` before ``now``, by reason."""
        found: dict[str, list[EventRow]] = {}
        for row in self._events.values():
            if now - row.last <= RECENT:
                found.setdefault(row.reason, []).append(row)
        return [_reported(reason, rows) for reason, rows in sorted(found.items())]


def _reported(reason: str, rows: list[EventRow]) -> Reported:
    newest = max(rows, key=lambda row: row.last)
    first = min((row.first for row in rows if row.first), default=newest.last)
    names = tuple(sorted({row.object_name for row in rows}))
    return Reported(reason, names, first, newest.last, newest.message)
