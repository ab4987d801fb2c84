"""Where a command goes to: the kubeconfig and context that ``kubectl`` is to use, and the AKS cluster behind them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_AKS_USER: Final = r"cluster(?:User|Admin)_(?P<rest>.+)"
_NODE_GROUP: Final = r"(?i:MC)_(?P<rest>.+)_(?P<region>[A-Za-z0-9]+)"
_LONGEST_LABEL: Final = 63
"""A label's value is cut at this length; a node resource group's name may be longer."""


class ManagedCluster(NamedTuple):
    """An AKS cluster in Azure; ``""`` for what is not known."""

    resource_group: str = ""
    name: str = ""


class ClusterPlace(NamedTuple):
    """What every line needs to reach the cluster that is on the screen."""

    context: str = ""
    """``""`` in a pod, where ``kubectl`` uses the service account by itself."""
    kubeconfig: str = ""
    """The file, where one was given; ``""``: ``kubectl`` finds the same by itself."""
    managed: ManagedCluster = ManagedCluster()

    @property
    def kubectl(self) -> tuple[str, ...]:
        """``kubectl`` with the options that name the cluster."""
        file = ("--kubeconfig", self.kubeconfig) if self.kubeconfig else ()
        context = ("--context", self.context) if self.context else ()
        return ("kubectl", *file, *context)


NOWHERE: Final = ClusterPlace()
"""Nothing to name: ``kubectl`` alone."""


def managed_by_user(user: str, cluster: str) -> ManagedCluster:
    """From a kubeconfig that ``az aks get-credentials`` wrote: its users are ``clusterUser_<group>_<cluster>``.

    Both parts may hold underscores; the entry of the cluster is called as the cluster is, which tells them apart.
    """
    match = re.fullmatch(_AKS_USER, user)
    if match is None:
        return ManagedCluster()
    group = match["rest"].removesuffix(f"_{cluster}")
    return ManagedCluster(group, cluster) if group != match["rest"] else ManagedCluster()


def managed_by_label(node_group: str, cluster: str = "") -> ManagedCluster:
    """From the node label ``kubernetes.azure.com/cluster``: ``MC_<group>_<cluster>_<region>``, unless it was cut.

    ``cluster`` tells where the group ends; without it only a name with one way to read it is read.
    """
    match = re.fullmatch(_NODE_GROUP, node_group)
    if match is None or len(node_group) >= _LONGEST_LABEL:
        return ManagedCluster("", cluster)
    if cluster:
        group = match["rest"].removesuffix(f"_{cluster}")
        return ManagedCluster(group if group != match["rest"] else "", cluster)
    parts = match["rest"].split("_")
    return ManagedCluster(*parts) if len(parts) == 2 else ManagedCluster()
