"""What a machine's bootstrap (vmssCSE) ended with: AKS's exit codes, what they mean, and what to look at.

Codes as ``cse_helpers.sh`` of AKS's node bootstrap declares them (Azure/AgentBaker, parts/linux/cloud-init/artifacts).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

_LONGEST: Final = 120


class Exit(NamedTuple):
    """An exit code's meaning."""

    words: str
    """In a table: two or three words."""
    advice: str
    """What to look at next."""


_FIREWALL: Final = "firewall, NSG and route table of the node subnet against AKS's required outbound rules"
_DNS: Final = "the VNet's DNS servers, and the private DNS zone's link to the VNet"
_LOG: Final = "read /var/log/azure/cluster-provision.log on the instance"

EXITS: Final[Mapping[str, Exit]] = {
    "5": Exit("cloud-init too slow", _LOG),
    "9": Exit("packages not installed", _FIREWALL),
    "30": Exit("kubelet not healthy", "read the kubelet's journal on the instance"),
    "31": Exit("Kubernetes not downloaded", _FIREWALL),
    "33": Exit("image not pulled", _FIREWALL),
    "34": Exit("kubelet did not start", "read the kubelet's journal on the instance; a custom kubelet config perhaps"),
    "35": Exit("image not pulled", _FIREWALL),
    "36": Exit("image not pulled", _FIREWALL),
    "37": Exit("image not pulled", _FIREWALL),
    "41": Exit("CNI not downloaded", _FIREWALL),
    "42": Exit("packages.microsoft.com", _FIREWALL),
    "50": Exit("no outbound", "mcr.microsoft.com:443 is out of reach: " + _FIREWALL),
    "51": Exit(
        "API server not reached", "port 443 of the API server: NSG, firewall, authorized IP ranges, private link"
    ),
    "52": Exit("API server's name not found", _DNS),
    "53": Exit("API server's name not found", _DNS),
    "70": Exit("containerd not downloaded", _FIREWALL),
    "71": Exit("runc not downloaded", _FIREWALL),
    "80": Exit("search domains not set", "the custom search domains of the VNet's DNS"),
    "84": Exit("GPU driver not started", "is the VM size one with a GPU that AKS supports"),
    "85": Exit("GPU driver not installed", _FIREWALL),
    "98": Exit("apt is locked", _LOG),
    "99": Exit("apt update too slow", _FIREWALL),
    "100": Exit("script not there in time", _LOG),
    "124": Exit("took too long", _LOG),
}


def exit_code(message: str) -> str:
    """``50`` of the extension's long sentence; ``""`` where it names none."""
    _, found, rest = message.partition("exit status=")
    code = ""
    for char in rest[:4] if found else "":
        if not (char.isascii() and char.isdecimal()):
            break
        code += char
    return code


def exit_words(message: str) -> str:
    """``CSE exit 50 (no outbound)`` of the extension's long sentence, or its first 120 characters."""
    code = exit_code(message)
    if code:
        return f"CSE exit {code}" + (f" ({EXITS[code].words})" if code in EXITS else "")
    words = " ".join(message.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def exit_advice(message: str) -> str:
    """What to look at next."""
    found = EXITS.get(exit_code(message))
    return found.advice if found is not None else _LOG
