"""Each of the demo's incidents is found: by its name, since when, and with what to do next."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from kubetui.demo.incidents.registry import INCIDENTS
from kubetui.insight.findings import findings
from kubetui.kinds.kind import Meaning
from tests.demo.worlds import BEGAN, Lived
from tests.unit.insight.seen import seen


class Told(NamedTuple):
    """What is to be said so many seconds after the incident began."""

    after: float
    title: str
    meaning: Meaning
    advice: str
    begun: float = 0.0
    """When what is told began, in seconds after the incident."""
    target: str = ""


TOLD: dict[str, list[Told]] = {
    "node-not-ready": [
        Told(60, "vmss000001 NotReady", Meaning.ACT, "power state", begun=38, target="nodes"),
    ],
    "vm-deallocated": [
        Told(90, "NotReady", Meaning.ACT, "power state", begun=58, target="nodes"),
    ],
    "konnectivity-down": [
        Told(10, "konnectivity-agent 0/2 ready", Meaning.ACT, "egress 443", target="deployments"),
        Told(400, "konnectivity-agent 0/2 ready", Meaning.ACT, "egress 443", target="deployments"),
    ],
    "coredns-crash-loop": [
        Told(20, "coredns 2/3 ready, crashes", Meaning.LOOK, "coredns-custom", begun=10, target="deployments"),
        Told(300, "coredns 0/3 ready, crashes", Meaning.ACT, "coredns-custom", begun=10, target="deployments"),
    ],
    "coredns-upstream": [
        Told(60, "VNet DNS does not answer: aks-", Meaning.ACT, "UDP 53", begun=45, target="nodes"),
    ],
    "node-pressure": [
        Told(40, "MemoryPressure on aks-general-", Meaning.LOOK, "the kubelet evicts", begun=20, target="nodes"),
    ],
    "stuck-rollout": [
        Told(30, "team-00/checkout rolls out: ", Meaning.PLANNED, "wait", target="deployments"),
        Told(150, "team-00/checkout rollout stands: ", Meaning.LOOK, "rollout undo", target="deployments"),
        Told(640, "team-00/checkout stuck, ", Meaning.ACT, "rollout undo", begun=600, target="deployments"),
    ],
    "image-pull-failure": [
        Told(40, "pods can't pull their image", Meaning.ACT, "AcrPull", target="deployments"),
    ],
    "metrics-server-down": [
        Told(20, "metrics-server 0/2 ready", Meaning.ACT, "konnectivity-agent first", target="deployments"),
    ],
    "pool-upgrade": [
        Told(60, "pool general is mid-upgrade: ", Meaning.PLANNED, "watch it", target="nodes"),
    ],
    "scale-out": [
        Told(80, "is joining", Meaning.PLANNED, "wait", begun=75, target="nodes"),
    ],
    "spot-eviction": [
        Told(10, "is going: spot eviction", Meaning.PLANNED, "other nodes", target="nodes"),
        Told(80, "is going: spot eviction", Meaning.PLANNED, "other nodes", target="nodes"),
    ],
}


IN_AZURE_ALONE = {"instance-never-joins"}
"""The cluster knows nothing of them: the Nodes pane tells them from what Azure says."""


def test_every_incident_of_the_demo_is_expected_here() -> None:
    """An incident that the Overview cannot see needs a finding: see ``kubetui/insight/findings``."""
    assert set(TOLD) | IN_AZURE_ALONE == set(INCIDENTS)


@pytest.mark.parametrize(("name", "told"), [(name, told) for name, all_told in TOLD.items() for told in all_told])
def test_an_incident_is_found_with_since_and_next_step(name: str, told: Told) -> None:
    lived = Lived()
    lived.world.incidents.start(name)
    lived.pass_time(told.after)

    found = [finding for finding in findings(seen(lived)) if told.title in finding.title]

    assert len(found) == 1, [finding.title for finding in findings(seen(lived))]
    assert found[0].meaning is told.meaning
    assert told.advice in found[0].advice
    assert found[0].detail
    assert found[0].target.kind == told.target
    assert abs(found[0].since - (BEGAN + told.begun)) <= 12


@pytest.mark.parametrize("name", TOLD)
def test_a_healed_cluster_has_nothing_to_act_on(name: str) -> None:
    lived = Lived()
    lived.world.incidents.start(name)
    lived.pass_time(400, step=2)
    lived.world.incidents.stop(name)
    lived.pass_time(1100, step=2)

    assert _lasting(lived) == []


def _lasting(lived: Lived) -> list[str]:
    """Titles of what is to act on or to look at for a while: single restarts are everyday life."""
    left = set(_titles(lived))
    for _ in range(3):
        lived.pass_time(40)
        left &= set(_titles(lived))
    # An upgrade that was aborted leaves nodes of two versions: that is what it should say.
    return sorted(title for title in left if "stopped half way" not in title)


def _titles(lived: Lived) -> list[str]:
    grave = (Meaning.ACT, Meaning.LOOK)
    return [finding.title for finding in findings(seen(lived)) if finding.meaning in grave]


def test_a_quiet_cluster_has_no_findings() -> None:
    assert findings(seen(Lived())) == []


def test_a_lost_node_is_one_cause_and_not_twenty() -> None:
    lived = Lived()
    lived.world.incidents.start("node-not-ready")
    lived.pass_time(60)

    found = findings(seen(lived))

    assert found[0].title.endswith("NotReady")
    assert not any(finding.subject.startswith("component") for finding in found)
    assert sum(finding.meaning is Meaning.LOOK for finding in found) <= 3


def test_findings_are_about_different_things_each() -> None:
    lived = Lived(incidents=tuple(name for name in INCIDENTS if name != "pool-upgrade"))
    lived.pass_time(300, step=2)

    found = findings(seen(lived))

    assert len({finding.subject for finding in found}) == len(found)
    weights = [(Meaning.ACT, Meaning.LOOK, Meaning.PLANNED).index(finding.meaning) for finding in found]
    assert weights == sorted(weights)
    assert all(finding.title and finding.detail and finding.advice for finding in found)
