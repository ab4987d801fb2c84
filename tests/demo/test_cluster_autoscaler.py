"""The demo's cluster autoscaler writes what a real one would: read by the program's own reader, as Azure has it."""

from __future__ import annotations

from kubetui.cluster.autoscaler_status import AutoscalerStatus, NodeGroup, parse
from kubetui.demo.resource_documents import managed_cluster
from kubetui.demo.resources import CONFIG_MAPS
from tests.demo.worlds import Lived


def status(lived: Lived) -> AutoscalerStatus:
    body = lived.get(CONFIG_MAPS, "kube-system", "cluster-autoscaler-status")
    return parse(body["data"]["status"])


def group(lived: Lived, pool: str = "general") -> NodeGroup:
    name = lived.world.fleet.pools[pool].scale_set
    return next(one for one in status(lived).groups if one.name == name)


def test_its_limits_and_counts_are_those_that_azure_tells() -> None:
    lived = Lived(nodes=100, pods=0)
    world = lived.world

    found = managed_cluster(world.fleet, frozenset(), world.cluster_autoscaler.limits, {})

    profiles = {one["name"]: one for one in found["properties"]["agentPoolProfiles"]}
    assert not profiles["system"]["enableAutoScaling"]
    for pool in ("general", "spot"):
        one = group(lived, pool)
        assert (one.least, one.most) == (profiles[pool]["minCount"], profiles[pool]["maxCount"])
        assert one.registered == one.ready == one.target == profiles[pool]["count"] < (one.most or 0)


def test_a_calm_autoscaler_writes_every_ten_seconds() -> None:
    lived = Lived(nodes=6, pods=0)
    first = status(lived)
    lived.pass_time(60)

    assert (first.state, first.health) == ("Running", "Healthy")
    assert status(lived).at - first.at == 60
    assert {one.scale_up for one in status(lived).groups} == {"NoActivity"}


def test_an_instance_that_never_joins_lets_it_back_off_and_tell_why() -> None:
    lived = Lived(nodes=6, pods=0)
    nodes = group(lived).registered
    lived.world.incidents.start("instance-never-joins")

    lived.pass_time(60)
    coming = group(lived)
    lived.pass_time(240)
    failed = group(lived)
    lived.pass_time(900)

    assert nodes is not None
    assert (coming.scale_up, coming.missing, coming.target, coming.registered) == ("InProgress", 1, nodes + 1, nodes)
    assert (failed.scale_up, failed.error.partition(":")[0]) == ("Backoff", "provisioning-state-failed")
    assert group(lived).missing_long == 1

    lived.world.incidents.stop("instance-never-joins")
    lived.pass_time(20)
    assert (group(lived).scale_up, group(lived).error, group(lived).missing) == ("NoActivity", "", 0)


def test_pools_that_no_autoscaler_scales_are_no_groups() -> None:
    lived = Lived(nodes=6, pods=0, windows=True, every_kind=True)

    names = {one.name for one in status(lived).groups}

    pools = lived.world.fleet.pools
    assert names == {pools[name].scale_set for name in ("general", "spot", "flex")}
