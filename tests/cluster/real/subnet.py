"""The network between this machine and a real node: one of 256, each claimed by one cluster at a time."""

from __future__ import annotations

import ipaddress
import json
import socket
import subprocess
from dataclasses import dataclass

_SECONDS = 10.0
_INTERFACE = "kubetui"  # Linux takes 15 characters


class NoSubnet(Exception):
    """All are taken, by other clusters or by routes of this machine."""


@dataclass(frozen=True, slots=True)
class Subnet:
    """``10.224.<number>.0/24``, out of the range of AKS's own virtual networks; ``claim`` is what keeps it."""

    number: int
    claim: socket.socket

    @property
    def interface(self) -> str:
        """This machine's end of the cable."""
        return f"{_INTERFACE}{self.number}"

    @property
    def host(self) -> str:
        """This machine's address."""
        return f"10.224.{self.number}.1"

    @property
    def node(self) -> str:
        """The node's InternalIP, and the API server's address."""
        return f"10.224.{self.number}.4"

    @property
    def cgroup(self) -> str:
        """The control group under which all of the node's lie."""
        return f"{_INTERFACE}-{self.number}"

    def release(self) -> None:
        """Let others have it."""
        self.claim.close()


def claim() -> Subnet:
    """A subnet that no other cluster has and that no route of this machine covers; raises ``NoSubnet``.

    The claim is a socket of Linux's abstract namespace: it leaves no file, and it ends with its process.
    """
    routed = _routed()
    for number in range(256):
        if any(network.overlaps(ipaddress.ip_network(f"10.224.{number}.0/24")) for network in routed):
            continue
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0kubetui-real-node-{number}")
        except OSError:
            mark.close()
            continue
        return Subnet(number, mark)
    raise NoSubnet("no part of 10.224.0.0/16 is free on this machine")


def _routed() -> list[ipaddress.IPv4Network]:
    """Where this machine's routes lead, the default one apart."""
    asked = ["ip", "-j", "-4", "route", "show"]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=_SECONDS, check=True).stdout
    targets = [route["dst"] for route in json.loads(answer or "[]") if route["dst"] != "default"]
    return [ipaddress.IPv4Network(target, strict=False) for target in targets]
