"""Kinds by the names that kubectl knows, and the order in which groups are shown."""

from __future__ import annotations

import pytest

from kubetui.kinds.served_kind import ServedKind, table_kind
from kubetui.ui.kind_groups import found_by, group_order


def kind(name: str, plural: str, group: str = "", *short: str) -> ServedKind:
    return ServedKind(group, "v1", plural, 0, kind=name, singular=name.lower(), short_names=short)


KINDS = [
    kind("Ingress", "ingresses", "extensions.example.com", "ing"),
    kind("Ingress", "ingresses", "networking.k8s.io", "ing"),
    kind("Service", "services", "", "svc"),
    kind("Service", "services", "serving.knative.dev", "kservice", "ksvc"),
    kind("CustomResourceDefinition", "customresourcedefinitions", "apiextensions.k8s.io", "crd", "crds"),
    ServedKind("metrics.k8s.io", "v1beta1", "", 0, trouble="down"),
]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("svc", "services"),
        ("services", "services"),
        ("Service", "services"),
        ("SVC", "services"),
        ("ing", "ingresses.networking.k8s.io"),
        ("ingresses.extensions.example.com", "ingresses.extensions.example.com"),
        ("services.serving.knative.dev", "services.serving.knative.dev"),
        ("ksvc", "services.serving.knative.dev"),
        ("crd", "customresourcedefinitions.apiextensions.k8s.io"),
    ],
)
def test_a_kind_is_meant_by_any_of_its_names_and_kubernetes_own_win(name: str, meant: str) -> None:
    found = found_by(KINDS, name)
    assert found is not None
    assert found.full_name == meant


@pytest.mark.parametrize("name", ["", "gizmos", "metrics.k8s.io", "serv"])
def test_a_name_that_nothing_has_means_nothing(name: str) -> None:
    assert found_by(KINDS, name) is None


def test_well_known_groups_first_then_those_of_custom_resources() -> None:
    groups = ["node.k8s.io", "cert-manager.io", "apps", "", "policy", "acn.azure.com", "batch"]
    assert sorted(groups, key=group_order) == [
        "", "apps", "batch", "policy", "acn.azure.com", "cert-manager.io", "node.k8s.io",
    ]  # fmt: skip


def test_messages_name_the_group_where_people_can_not_guess_it() -> None:
    assert [table_kind(one).resource for one in KINDS[:3]] == [
        "ingresses.extensions.example.com", "ingresses.networking.k8s.io", "services",
    ]  # fmt: skip
