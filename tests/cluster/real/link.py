"""What happens on the way between this machine, where the client is, and the API server."""

from __future__ import annotations

from tests.cluster.real.machine import Machine, MachineFailed

_CABLE = "eth0"
_RULES = (("INPUT", "--in-interface"), ("OUTPUT", "--out-interface"))


class Link:
    """The cable's end in the node's machine: faults there hit clients from outside, and no part of the cluster."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def blackhole(self) -> None:
        """Drop every packet, both ways and without a word, as a dead load balancer does."""
        self.heal()
        for chain, direction in _RULES:
            self._machine.run(["iptables", "--wait", "--insert", chain, direction, _CABLE, "--jump", "DROP"])

    def slow(self, kilobits: int = 256) -> None:
        """Let no more than so many kilobits a second through to the client."""
        self.heal()
        shape = ["tbf", "rate", f"{kilobits}kbit", "burst", "16kb", "latency", "10s"]
        self._machine.run(["tc", "qdisc", "replace", "dev", _CABLE, "root", *shape])

    def heal(self) -> None:
        """As if nothing had been; may be called at any time."""
        for chain, direction in _RULES:
            self._until_gone(["iptables", "--wait", "--delete", chain, direction, _CABLE, "--jump", "DROP"])
        self._until_gone(["tc", "qdisc", "delete", "dev", _CABLE, "root"])

    def _until_gone(self, delete: list[str]) -> None:
        """Delete until there is nothing left to delete, which both programs call a failure."""
        while True:
            try:
                self._machine.run(delete)
            except MachineFailed:
                return
