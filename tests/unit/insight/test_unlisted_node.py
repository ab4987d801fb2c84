"""Nodes that may not be listed: what their names give away, and what stays unknown."""

from __future__ import annotations

import pytest

from kubetui.insight.pools import pools
from kubetui.insight.unlisted_node import pool_of, unlisted_node
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_meaning import node_meaning, problem


@pytest.mark.parametrize(
    ("name", "pool", "instance"),
    [
        ("aks-general-27182818-vmss00000h", "general", "17"),
        ("akswin00000a", "win", "10"),
        ("ip-10-0-0-1.ec2.internal", "", ""),
        ("aks-general", "", ""),
    ],
)
def test_an_aks_name_tells_pool_and_instance(name: str, pool: str, instance: str) -> None:
    node = unlisted_node(name)
    assert (pool_of(name), node.pool, node.machine.instance) == (pool, pool, instance)


def test_what_is_not_known_is_neither_fine_nor_a_problem() -> None:
    node = unlisted_node("aks-general-27182818-vmss00000h")
    assert node_meaning(node) is Meaning.UNKNOWN
    assert not problem(node)
    (pool,) = pools([node])
    assert pool.meaning is Meaning.UNKNOWN
