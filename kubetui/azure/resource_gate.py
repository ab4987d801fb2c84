"""The gate to Azure Resource Manager: GET, of a few resource types, at one origin; nothing else leaves."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from kubetui.cluster.errors import Refused
from kubetui.cluster.status_errors import printable

_ID: Final = r"(?!\.{1,2}(?:/|$))[\w.()\-]+"
"""A name as Azure allows it; no step up to another resource."""
_GROUP: Final = rf"/subscriptions/{_ID}/resourceGroups/{_ID}"
_READ: Final = re.compile(
    rf"{_GROUP}(?:/providers/(?:Microsoft\.Compute/(?:virtualMachineScaleSets(?:/{_ID}/virtualMachines)?"
    rf"|virtualMachines(?:/{_ID}/instanceView)?)|Microsoft\.ContainerService/managedClusters/{_ID}(?:/maintenanceConfigurations)?))?",
    re.IGNORECASE,
)


def check(method: str, url: str, endpoint: str) -> None:
    """Let a read of a node resource group, its machines or the managed cluster pass.

    The rest of a paged list has to stand at ``endpoint`` too: the token goes nowhere else. Raises Refused.
    """
    try:
        asked = urlsplit(url)
    except ValueError:
        raise Refused(f"{method} {printable(url)}", "that is no address") from None
    own = urlsplit(endpoint)
    tried = f"{method} {printable(asked.path)}"
    if method != "GET":
        raise Refused(tried, "kubetui reads in Azure and changes nothing there", "do it with az")
    if (asked.scheme, asked.netloc) != (own.scheme, own.netloc):
        raise Refused(
            tried, f"the answer leads to another server, {printable(asked.netloc)}; a token is not sent there"
        )
    # Part by part: an encoded slash stays within its part, and is no name.
    parts = [unquote(part) for part in asked.path.split("/")]
    if any("/" in part for part in parts) or not _READ.fullmatch("/".join(parts)):
        raise Refused(tried, "this resource of Azure is not one that kubetui reads")
