"""Who has maxPods 30? Searching the configurations of all nodes by key and value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.insight.kubelet.drift import Configured
from kubetui.insight.kubelet.flat import flatten
from kubetui.insight.kubelet.search import SearchError, parse_search

NODES = [
    Configured("aks-1", "general", flatten({"maxPods": 110, "evictionHard": {"memory.available": "100Mi"}})),
    Configured("aks-2", "system", flatten({"maxPods": 30, "evictionHard": {"nodefs.available": "10%"}})),
    Configured("aks-3", "general", flatten({"maxPods": 110, "resolvConf": "/run/systemd/resolve/resolv.conf"})),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("maxPods=30", "2"),
        ("maxpods=30", "2"),
        ("maxPods 30", "2"),
        ("maxPods 3", ""),
        ("evictionHard 100Mi", "1"),
        ("maxPods evictionHard", "12"),
        ("maxPods !30", "13"),
        ("maxPods!=30", "13"),
        ("!maxPods=30", "13"),
        ("memory.available=100Mi", "1"),
        ("evictionHard.memory.available=100mi", "1"),
        ("nodefs.available=10%", "2"),
        ("resolvConf=/run/systemd/resolve/resolv.conf", "3"),
        ("pool=general", "13"),
        ("node=aks-2", "2"),
        ("pool=general maxPods=110 !resolv", "1"),
        ("eviction", "12"),
        ("100Mi", "1"),
        ("/^11.$/", "13"),
        ("AKS", ""),
        ("nobodyHas=this", ""),
    ],
)
def test_search(text: str, found: str) -> None:
    keeps = parse_search(text)
    assert keeps is not None
    assert "".join(one.node[-1] for one in NODES if keeps(one)) == found


def test_nothing_typed_is_no_search() -> None:
    assert parse_search("  ") is None


def test_what_cannot_be_understood_says_why() -> None:
    with pytest.raises(SearchError, match="unterminated"):
        parse_search("/[/")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_search_or_says_why(text: str) -> None:
    try:
        keeps = parse_search(text)
    except SearchError:
        return
    if keeps is not None:
        assert all(keeps(one) in (True, False) for one in NODES)
