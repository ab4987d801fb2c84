"""Short names tell sources apart with as few letters as that takes."""

from __future__ import annotations

from kubetui.store.logs.short_names import ShortNames


def names(*keys: tuple[str, str, str]) -> list[str]:
    found = ShortNames()
    for key in keys:
        found.add(key)
    return [found.of(key) for key in keys]


def test_siblings_are_known_by_their_own_letters() -> None:
    pods = ["coredns-589d84f7d9-7kq2x", "coredns-589d84f7d9-m9fd4"]
    assert names(*(("kube-system", pod, "coredns") for pod in pods)) == ["7kq2x", "m9fd4"]


def test_beside_another_workload_its_name_stands_in_front() -> None:
    assert names(("ks", "coredns-589d84f7d9-7kq2x", "a"), ("ks", "kube-proxy-x2lpv", "b")) == [
        "coredns-7kq2x", "kube-proxy-x2lpv",
    ]  # fmt: skip


def test_a_statefulsets_pods_keep_their_names() -> None:
    assert names(("shop", "web-0", "app"), ("shop", "web-1", "app")) == ["web-0", "web-1"]


def test_containers_are_named_where_a_pod_has_several() -> None:
    assert names(("shop", "web-0", "app"), ("shop", "web-0", "proxy")) == ["web-0/app", "web-0/proxy"]


def test_equal_names_in_two_namespaces_are_told_apart() -> None:
    assert names(("a", "web-0", "app"), ("b", "web-0", "app")) == ["a/web-0", "b/web-0"]


def test_names_grow_when_they_must_and_never_shrink() -> None:
    found = ShortNames()
    found.add(("ks", "coredns-589d84f7d9-7kq2x", "a"))
    assert (found.of(("ks", "coredns-589d84f7d9-7kq2x", "a")), found.width) == ("7kq2x", 5)
    found.add(("ks", "kube-proxy-7kq2x", "a"))
    assert found.of(("ks", "coredns-589d84f7d9-7kq2x", "a")) == "coredns-7kq2x"
    found.remove(("ks", "kube-proxy-7kq2x", "a"))
    assert found.of(("ks", "coredns-589d84f7d9-7kq2x", "a")) == "coredns-7kq2x"
