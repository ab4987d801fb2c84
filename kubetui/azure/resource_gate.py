"""The gate to Azure Resource Manager: GET, of a few resource types, at one origin; nothing else leaves."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from kubetui.cluster.errors import Refused

_ID: Final = r"[\w.()\-]+"
_GROUP: Final = rf"/subscriptions/{_ID}/resourceGroups/{_ID}"
_READ: Final = re.compile(
    rf"{_GROUP}(?:/providers/(?:Microsoft\.Compute/(?:virtualMachineScaleSets(?:/{_ID}/virtualMachines)?"
    rf"|virtualMachines)|Microsoft\.ContainerService/managedClusters/{_ID}))?",
    re.IGNORECASE | re.ASCII,
)


def check(method: str, url: str, endpoint: str) -> None:
    """Let a read of a node resource group, its machines or the managed cluster pass.

    The rest of a paged list has to stand at ``endpoint`` too: the token goes nowhere else. Raises Refused.
    """
    asked, own = urlsplit(url), urlsplit(endpoint)
    tried = f"{method} {asked.path}"
    if method != "GET":
        raise Refused(tried, "kubetui reads in Azure and changes nothing there", "do it with az")
    if (asked.scheme, asked.netloc) != (own.scheme, own.netloc):
        raise Refused(tried, f"the answer leads to another server, {asked.netloc}; a token is not sent there")
    if not _READ.fullmatch(asked.path):
        raise Refused(tried, "this resource of Azure is not one that kubetui reads")
