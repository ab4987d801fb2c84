"""What a pool's row says: its nodes, their machines, Azure and the autoscaler, what asks most first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kubetui.azure.machines import AgentPool, Instance, ScaleSet
from kubetui.cluster.autoscaler_status import AutoscalerStatus, NodeGroup
from kubetui.insight.instances import Joined, join
from kubetui.insight.node_groups import PoolGroups, groups_of_pools, known_limits, silence
from kubetui.insight.pool_state import pool_state, state_meaning
from kubetui.insight.pool_troubles import PoolCounts, counts_of, pool_troubles, uneven_since
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_condition import NodeCondition
from kubetui.kinds.node_row import NodeRow, Taint
from tests.unit.insight.test_instances import NOW, OFF, VMSS, instance, machines, node

AGENT = AgentPool("apps", count=1, autoscaled=True, least=1, most=9, provisioning="Succeeded")


def said(nodes: list[NodeRow], joined: Joined, groups: PoolGroups | None = None) -> list[tuple[Meaning, str]]:
    return [(one.meaning, one.words) for one in pool_state("apps", nodes, joined, groups, NOW)]


def row(nodes: list[NodeRow], *instances: Instance, groups: PoolGroups | None = None, **more: Any) -> list[str]:
    found = join(nodes, machines(*instances, **more), NOW)
    return [words for _, words in said(nodes, found, groups)]


# --- nodes and their machines


def test_a_pool_where_all_is_well_says_nothing() -> None:
    assert row([node()], instance(), agent=AGENT) == []
    assert state_meaning(()) is Meaning.FINE


def test_a_ready_node_with_a_failing_machine_is_counted() -> None:
    nodes = [node(), node(18), node(19)]

    words = row(nodes, instance(provisioning="Failed"), instance(18, provisioning="Failed"), instance(19))

    assert words == ["2 VM failed"]


def test_what_asks_most_comes_first() -> None:
    nodes = [node(), node(18, **OFF), node(20, unschedulable=True)]
    lost = instance(74, created=int(NOW) - 1320, provisioning="Failed", bootstrap="exit status=50")

    found = said(nodes, join(nodes, machines(instance(power="deallocating"), instance(18), lost, capacity=4), NOW))

    assert found == [
        (Meaning.ACT, "1 not ready"),
        (Meaning.ACT, "1 VM off"),
        (Meaning.ACT, "1 never joined"),
        (Meaning.LOOK, "1 without a VM"),
        (Meaning.LOOK, "3 of 4 instances"),
        (Meaning.PLANNED, "1 cordoned"),
    ]


def test_conditions_and_announcements_of_ready_nodes_are_counted() -> None:
    full = NodeCondition("DiskPressure", "True", "", 0, "")
    event = NodeCondition("VMEventScheduled", "True", "", 0, "Preempt")

    found = said([node(conditions=(full,)), node(18, conditions=(event,))], join([], machines(), NOW))

    assert found == [(Meaning.LOOK, "1 DiskPressure"), (Meaning.PLANNED, "1 VMEventScheduled")]


def test_nodes_that_scale_in_are_planned() -> None:
    going = node(**OFF, taints=(Taint("ToBeDeletedByClusterAutoscaler", "1", "NoSchedule"),))

    found = join([going], machines(instance(provisioning="Deleting", power="")), NOW)

    assert said([going], found) == [(Meaning.PLANNED, "1 not ready")]


def test_nodes_of_which_names_alone_are_known_say_nothing() -> None:
    assert row([node(provisional=True, ready="")], instance()) == []


# --- the pool, as Azure has it


def test_an_upgrade_is_planned_and_tells_its_progress() -> None:
    agent = replace(AGENT, provisioning="Upgrading", version="1.36.3", current="1.35.4")
    nodes = [node(), node(18), node(19)]
    new = instance(18, image="202611.09.0")

    found = said(
        nodes, join(nodes, machines(instance(), new, instance(19), agent=agent, image="202611.09.0", capacity=4), NOW)
    )

    assert found == [
        (Meaning.PLANNED, "upgrading 33 %"),
        (Meaning.PLANNED, "3 of 4 instances"),
        (Meaning.PLANNED, "1.35.4 → 1.36.3"),
    ]


def test_an_upgrade_that_was_broken_off_is_to_look_at() -> None:
    agent = replace(AGENT, provisioning="Canceled", version="1.36.3", current="1.35.4")
    nodes = [node(), node(18)]

    words = row(nodes, instance(), instance(18, image="202611.09.0"), agent=agent)

    assert words == ["last operation canceled", "1 on an older image", "1.35.4 → 1.36.3 not finished"]


def test_a_model_ahead_of_all_instances_is_no_mismatch() -> None:
    assert row([node()], instance(image="202610.12.0"), agent=AGENT, image="202611.09.0") == []


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (replace(AGENT, provisioning="Scaling"), ["scaling"]),
        (replace(AGENT, provisioning="Failed"), ["pool failed"]),
        (replace(AGENT, provisioning="Failed", error="Quota: no\n cores"), ["pool failed: Quota: no cores"]),
        (replace(AGENT, error="QuotaExceeded: no cores"), ["last operation failed: QuotaExceeded: no cores"]),
        (replace(AGENT, power="Stopped", least=3), ["pool stopped"]),
        (replace(AGENT, least=1, most=1), []),
        (replace(AGENT, most=0), []),
    ],
)  # fmt: skip
def test_the_state_that_azure_tells_of_a_pool(agent: AgentPool, words: list[str]) -> None:
    assert row([node()], instance(), agent=agent) == words


def test_azures_words_are_cut_in_a_row() -> None:
    (words,) = row([node()], instance(), agent=replace(AGENT, provisioning="Failed", error="x" * 5_000))

    assert len(words) < 200
    assert words.endswith("…")


def test_a_failed_scale_set_is_named() -> None:
    assert row([node()], instance(), agent=AGENT, provisioning="Failed") == [f"{VMSS} failed"]


# --- capacity against instances, for how long


def capacity_words(instances: int, capacity: int, uneven: float | None, provisioning: str = "Succeeded") -> list[Any]:
    held = ScaleSet("i", "v", "apps", capacity=capacity, provisioning=provisioning, instances=())
    return [(one.meaning, one.words) for one in pool_troubles([held], None, PoolCounts(instances, capacity, uneven))][
        -1:
    ]


@pytest.mark.parametrize(
    ("uneven", "expected"),
    [
        (None, (Meaning.LOOK, "3 of 4 instances")),
        (0.0, (Meaning.PLANNED, "3 of 4 instances")),
        (299.0, (Meaning.PLANNED, "3 of 4 instances")),
        (720.0, (Meaning.LOOK, "3 of 4 instances for 12m")),
    ],
)
def test_instances_that_are_missing_for_long_are_a_mismatch(
    uneven: float | None, expected: tuple[Meaning, str]
) -> None:
    assert capacity_words(3, 4, uneven) == [expected]


def test_what_scales_now_is_no_mismatch_however_long() -> None:
    assert capacity_words(3, 4, 720.0, "Updating") == [(Meaning.PLANNED, "3 of 4 instances")]


def test_since_when_instances_are_missing_is_remembered_from_look_to_look() -> None:
    odd, even = {"apps": PoolCounts(3, 4)}, {"apps": PoolCounts(4, 4)}

    first = uneven_since(None, odd, 100.0)
    assert first == {"apps": 0.0}, "nobody knows since when"
    assert uneven_since(first, odd, 160.0) == first
    later = uneven_since(uneven_since(first, even, 220.0), odd, 280.0)
    assert later == {"apps": 280.0}
    assert uneven_since(later, odd, 340.0) == later
    assert uneven_since(later, {"apps": PoolCounts(None, 4)}, 400.0) == {}


def test_the_join_counts_from_the_look_that_first_saw_it() -> None:
    given = machines(instance(), capacity=2)

    for since, words in (
        (None, "1 of 2 instances"),
        ({"apps": NOW - 720}, "1 of 2 instances for 12m"),
        ({"apps": 0.0}, "1 of 2 instances"),
    ):
        assert [one.words for one in join([node()], given, NOW, uneven=since).pools["apps"].troubles] == [words]
    (fresh,) = join([node()], given, NOW, uneven={}).pools["apps"].troubles
    assert fresh.meaning is Meaning.PLANNED


def test_what_could_not_be_read_is_no_count() -> None:
    held = ScaleSet("i", "v", "apps", capacity=3)

    assert counts_of([held], None) == PoolCounts(None, 3)
    assert list(pool_troubles([held], None, counts_of([held], None))) == []


def test_a_pool_whose_count_the_cluster_does_not_tell_has_what_it_is_to_have() -> None:
    assert counts_of((), AgentPool("batch"), singles=5) == PoolCounts(5, 5)
    assert counts_of((), AgentPool("batch", count=6), singles=5) == PoolCounts(5, 6)


# --- limits


@pytest.mark.parametrize(
    ("least", "most", "capacity", "words"),
    [
        (1, 4, 4, ["at its limit of 4"]),
        (1, 3, 4, ["above its limit of 3"]),
        (5, 9, 4, ["below its least, 5"]),
        (4, 4, 4, []),
        (1, 9, 4, []),
    ],
)
def test_capacity_against_the_limits(least: int, most: int, capacity: int, words: list[str]) -> None:
    agent = replace(AGENT, least=least, most=most)

    found = pool_troubles((), replace(agent, count=capacity), PoolCounts(None, capacity))

    assert [one.words for one in found] == words


def test_an_upgrades_surge_may_pass_the_limit() -> None:
    agent = replace(AGENT, least=1, most=3, count=4, provisioning="Upgrading")

    found = pool_troubles((), agent, PoolCounts(None, 4))

    assert [one.meaning for one in found if one.words == "above its limit of 3"] == [Meaning.PLANNED]


# --- the autoscaler's own words

GROUP = NodeGroup(VMSS, "Healthy", ready=1, registered=1, target=1, least=1, most=9, scale_up="NoActivity")


def groups(*found: NodeGroup) -> dict[str, PoolGroups]:
    return groups_of_pools(AutoscalerStatus(groups=found), [node()])


@pytest.mark.parametrize(
    ("name", "pool"),
    [
        (VMSS, "apps"),
        (VMSS.upper(), "apps"),
        ("apps", "apps"),
        ("aks-empty-12345678-vmss", "empty"),
        ("https://compute/instanceGroups/mig-a", None),
        ("", None),
    ],
)
def test_a_node_group_is_found_by_its_scale_set_or_its_name(name: str, pool: str | None) -> None:
    assert list(groups(GROUP._replace(name=name))) == ([pool] if pool else [])


def test_limits_come_from_azure_else_from_the_autoscaler() -> None:
    with_agent = join([node()], machines(instance(), agent=AGENT), NOW).pools["apps"]
    without = join([node()], machines(instance()), NOW).pools["apps"]
    found = groups(GROUP._replace(most=80))

    assert known_limits(with_agent, found, "apps") == "1–9 auto"
    assert known_limits(without, found, "apps") == "1–80 auto"
    assert known_limits(None, {}, "apps") == ""
    assert known_limits(None, groups(GROUP._replace(most=None)), "apps") == ""


def test_two_groups_of_a_pool_count_together() -> None:
    (both,) = groups(GROUP, GROUP._replace(name="apps", target=4)).values()

    assert (both.limits, both.target) == ("2–18 auto", 5)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (GROUP, []),
        (GROUP._replace(scale_up="InProgress", target=3), [(Meaning.PLANNED, "scaling up to 3")]),
        (
            GROUP._replace(scale_up="Backoff", scale_up_since=int(NOW) - 240, error="QuotaExceeded: cores"),
            [(Meaning.LOOK, "autoscaler backs off for 4m: QuotaExceeded")],
        ),
        (GROUP._replace(health="Unhealthy"), [(Meaning.LOOK, "autoscaler: unhealthy, 1 of 1 ready")]),
        (GROUP._replace(missing_long=2), [(Meaning.ACT, "2 never joined")]),
        (GROUP._replace(target=9), [(Meaning.LOOK, "at its limit of 9")]),
        (GROUP._replace(target=0), [(Meaning.LOOK, "below its least, 1")]),
    ],
)
def test_what_the_autoscaler_tells_without_azure(group: NodeGroup, expected: list[Any]) -> None:
    assert said([node()], join([], machines(instances=None), NOW), groups(group)["apps"]) == expected


def test_what_azure_counts_is_not_told_again() -> None:
    odd = groups(GROUP._replace(target=9, missing_long=2))["apps"]

    assert row([node()], instance(), agent=AGENT, groups=odd) == []


def test_an_autoscaler_that_has_stopped_writing_is_told() -> None:
    assert silence(AutoscalerStatus(at=int(NOW) - 900), NOW) == "the cluster autoscaler has written nothing for 15m"
    assert silence(AutoscalerStatus(at=int(NOW) - 60), NOW) == ""
    assert silence(AutoscalerStatus(), NOW) == ""
