"""Where a node belongs, read from its labels: pool, mode, size, image, zone, spot. AKS first, then others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from kubetui.kinds.wire import word

_AKS: Final = "kubernetes.azure.com"
_POOL: Final = (
    f"{_AKS}/agentpool",
    "agentpool",
    "karpenter.sh/nodepool",
    "eks.amazonaws.com/nodegroup",
    "alpha.eksctl.io/nodegroup-name",
    "cloud.google.com/gke-nodepool",
)
_SIZE: Final = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
_REGION: Final = ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region")
_ZONE: Final = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_SPOT: Final = (
    (f"{_AKS}/scalesetpriority", "spot"),
    (f"{_AKS}/priority", "spot"),
    ("karpenter.sh/capacity-type", "spot"),
    ("eks.amazonaws.com/capacityType", "SPOT"),
    ("cloud.google.com/gke-spot", "true"),
    ("cloud.google.com/gke-preemptible", "true"),
)
_ROLE_PREFIX: Final = "node-role.kubernetes.io/"
_ROLE: Final = "kubernetes.io/role"


class Place(NamedTuple):
    """``""`` where no label says."""

    pool: str
    mode: str
    """``system`` or ``user``."""
    size: str
    """``Standard_D4s_v5``."""
    os_sku: str
    """``Ubuntu``, ``AzureLinux``, ``Windows2022``."""
    image: str
    """The whole node image version: ``AKSUbuntu-2204gen2containerd-202601.27.0``."""
    region: str
    zone: str
    """``1`` of ``westeurope-1``; ``""`` for a machine outside zones, which Azure labels ``0``."""
    spot: bool


def place_of(labels: Mapping[str, str]) -> Place:
    """What a node's labels say of its place."""
    region = _first(labels, _REGION)
    return Place(
        pool=_first(labels, _POOL),
        mode=word(labels.get(f"{_AKS}/mode")),
        size=_first(labels, _SIZE),
        os_sku=word(labels.get(f"{_AKS}/os-sku")),
        image=word(labels.get(f"{_AKS}/node-image-version")),
        region=region,
        zone=_zone(_first(labels, _ZONE), region),
        spot=any(labels.get(key) == value for key, value in _SPOT),
    )


def roles_of(labels: Mapping[str, str]) -> str:
    """Roles as kubectl prints them, sorted and joined by commas; ``""`` for none."""
    roles = {key.removeprefix(_ROLE_PREFIX) for key in labels if key.startswith(_ROLE_PREFIX)}
    roles.add(labels.get(_ROLE, ""))
    return word(",".join(sorted(roles - {""})))


def _first(labels: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return word(next((labels[key] for key in keys if labels.get(key)), ""))


def _zone(zone: str, region: str) -> str:
    if zone.isdigit():
        return ""  # a fault domain, not a zone
    return word(zone.removeprefix(f"{region}-")) if region else zone
