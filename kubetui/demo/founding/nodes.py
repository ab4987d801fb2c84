"""The pools with their first nodes, and what comes with each node: CSINode, NodeNetworkConfig and lease."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kubetui.demo import catalog
from kubetui.demo.fleet import Node
from kubetui.demo.founding.custom import delete_network_config, put_network_config
from kubetui.demo.pools import (
    FLEXIBLE,
    GENERAL,
    KARPENTER,
    OLD_IMAGE_DATE,
    OLD_VERSION,
    REGION,
    SINGLE,
    SPOT,
    SYSTEM,
    WINDOWS,
    Pool,
)
from kubetui.demo.resources import CSI_NODES
from kubetui.demo.system.cluster_objects import csi_node

if TYPE_CHECKING:
    from kubetui.demo.world import World

DAY = 86_400.0
_POOL_LIMIT = 1000
"""Nodes of one AKS pool at most."""
_AGES = {"system": (38, 38), "general": (0.1, 31), "spot": (0.2, 6), "win": (9, 9)} | dict.fromkeys(
    ("flex", "batch", "default"), (0.5, 4)
)
"""Days since the nodes joined, from and to: an image upgrade made all of them anew."""


def found_nodes(world: World) -> None:
    """Declare the pools and let their nodes join, each pool's the oldest first."""
    world.fleet.on_change(lambda node: _joined(world, node), lambda node: _left(world, node))
    counts = pool_sizes(world.options.nodes)
    general = GENERAL
    if "pool-upgrade" in (name.replace("_", "-") for name in world.options.incidents):
        general = replace(GENERAL, version=OLD_VERSION, image_date=OLD_IMAGE_DATE)
    pools = [*_split(SYSTEM, counts[0]), *_split(general, counts[1]), *_split(SPOT, counts[2])]
    if world.options.windows:
        pools += _split(WINDOWS, 2)
    if world.options.every_kind:
        pools += [(pool, 2) for pool in (FLEXIBLE, SINGLE, KARPENTER)]
    for pool, _ in pools:
        world.fleet.declare(pool)
    for pool, count in pools:
        _found_pool(world, pool, count)


def pool_sizes(nodes: int) -> tuple[int, int, int]:
    """System, general and spot nodes."""
    system = 3 if nodes >= 6 else 1
    spot = max(1, nodes // 5) if nodes >= 4 else 0
    return system, nodes - system - spot, spot


def _split(pool: Pool, count: int) -> list[tuple[Pool, int]]:
    """Pools of at most a thousand: ``general``, ``general2`` …"""
    parts = []
    for number in range(-(-count // _POOL_LIMIT)):
        name = f"{pool.name}{number + 1}" if number else pool.name
        digits = f"{(int(pool.digits) + number * 10_007) % 10**8:08d}"
        part = replace(pool, name=name, digits=digits)
        parts.append((part, min(_POOL_LIMIT, count - number * _POOL_LIMIT)))
    return parts


def _found_pool(world: World, pool: Pool, count: int) -> None:
    youngest, oldest = _AGES[pool.name.rstrip("0123456789")]
    rng = world.rng
    ages = [oldest if place < count * 0.6 else rng.uniform(youngest, oldest) for place in range(count)]
    for age in sorted(ages, reverse=True):
        if pool.spot and rng.random() < 0.3:
            world.fleet.skip_instances(pool.name, rng.randrange(1, 4))  # evicted in between
        world.fleet.add(pool.name, world.began - age * DAY + rng.uniform(0, 600))


def _joined(world: World, node: Node) -> None:
    zone = f"{REGION}-{1 + node.instance % 3}"
    uid = world.rng.getrandbits(128)
    body = csi_node(node.name, uid, node.state.created, world.fleet.owner(node), node.pool.size.disks, zone)
    catalog.put(world.storage, CSI_NODES, body)
    put_network_config(world, node)
    world.heartbeats.begin(node)


def _left(world: World, node: Node) -> None:
    world.storage.delete(CSI_NODES, "", node.name)
    delete_network_config(world, node)
    world.heartbeats.end(node)
