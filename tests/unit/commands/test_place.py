"""Which cluster a line names, from what kubeconfig and labels tell."""

from __future__ import annotations

import pytest

from kubetui.commands.place import ClusterPlace, ManagedCluster, managed_by_label, managed_by_user


@pytest.mark.parametrize(
    ("user", "cluster", "managed"),
    [
        ("clusterUser_rg-prod_aks-prod", "aks-prod", ManagedCluster("rg-prod", "aks-prod")),
        ("clusterAdmin_rg-prod_aks-prod", "aks-prod", ManagedCluster("rg-prod", "aks-prod")),
        ("clusterUser_rg_with_bars_aks_prod", "aks_prod", ManagedCluster("rg_with_bars", "aks_prod")),
        ("clusterUser_rg-prod_aks-prod", "renamed", ManagedCluster()),
        ("kubernetes-admin", "kubernetes", ManagedCluster()),
        ("", "", ManagedCluster()),
    ],
)
def test_the_user_that_az_writes_names_group_and_cluster(user: str, cluster: str, managed: ManagedCluster) -> None:
    assert managed_by_user(user, cluster) == managed


@pytest.mark.parametrize(
    ("label", "cluster", "managed"),
    [
        ("MC_rg-prod_aks-prod_westeurope", "", ManagedCluster("rg-prod", "aks-prod")),
        ("mc_rg-prod_aks-prod_westeurope", "", ManagedCluster("rg-prod", "aks-prod")),
        ("MC_rg_a_aks-prod_westeurope", "", ManagedCluster()),
        ("MC_rg_a_aks-prod_westeurope", "aks-prod", ManagedCluster("rg_a", "aks-prod")),
        ("MC_" + "g" * 50 + "_aks_eu" + "x" * 3, "", ManagedCluster()),
        ("own-node-group", "", ManagedCluster()),
        ("", "aks-prod", ManagedCluster("", "aks-prod")),
    ],
)
def test_the_node_groups_label_is_read_only_where_it_can_be_read_one_way(
    label: str, cluster: str, managed: ManagedCluster
) -> None:
    assert managed_by_label(label, cluster) == managed


def test_file_and_context_go_with_every_line() -> None:
    assert ClusterPlace("aks-prod", "/etc/my kube/config").kubectl == (
        "kubectl", "--kubeconfig", "/etc/my kube/config", "--context", "aks-prod",
    )  # fmt: skip


def test_in_a_pod_neither_is_needed() -> None:
    assert ClusterPlace().kubectl == ("kubectl",)
