"""The cluster autoscaler's status in both forms that it has had, and in none."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from random import Random

import pytest

from kubetui.cluster.autoscaler_status import AutoscalerStatus, NodeGroup, parse, read_autoscaler, time_of
from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import Forbidden, NotFound, NotKubernetes
from kubetui.cluster.session import Session
from kubetui.cluster.traffic import Traffic
from kubetui.cluster.transport import Answer, Request

YAML = """\
time: 2026-10-02 14:29:22.999645779 +0000 UTC
autoscalerStatus: Running
clusterWide:
  health:
    lastProbeTime: "2026-10-02T14:29:22Z"
    nodeCounts:
      registered:
        ready: 4
        total: 4
    status: Healthy
nodeGroups:
- health:
    cloudProviderTarget: 8
    maxSize: 12
    minSize: 2
    nodeCounts:
      longUnregistered: 1
      registered:
        ready: 4
        total: 5
      unregistered: 2
    status: Healthy
  name: aks-user-25795745-vmss
  scaleDown:
    candidates: 2
    status: CandidatesPresent
  scaleUp:
    backoffInfo:
      errorCode: QuotaExceeded
      errorMessage: 'Operation could not be completed: cores left 0'
    lastTransitionTime: "2026-10-02T14:19:22Z"
    status: Backoff
- health:
    cloudProviderTarget: 3
    maxSize: 3
    minSize: 3
    status: Healthy
  name: aks-batch-25795745-vmss
  scaleUp:
    backoffInfo: {}
    status: NoActivity
"""
TEXT = """\
Cluster-autoscaler status at 2021-10-19 19:06:40.008835646 +0000 UTC:
Cluster-wide:
  Health:      Healthy (ready=4 unready=0 notStarted=0 longNotStarted=0 registered=4 longUnregistered=0)
               LastProbeTime:      2021-10-19 19:06:40.008835646 +0000 UTC m=+433068.513173981
               LastTransitionTime: 2021-10-14 18:49:01.674656828 +0000 UTC m=+10.178995230
  ScaleUp:     NoActivity (ready=4 registered=4)
               LastProbeTime:      2021-10-19 19:06:40.008835646 +0000 UTC m=+433068.513173981
               LastTransitionTime: 2021-10-18 15:11:12.255597844 +0000 UTC m=+332540.759936180

NodeGroups:
  Name:        aks-user-25795745-vmss
  Health:      Healthy (ready=3 unready=1 notStarted=0 longNotStarted=0 registered=4 longUnregistered=0 \
cloudProviderTarget=5 (minSize=3, maxSize=10))
               LastProbeTime:      2021-10-19 19:06:40.008835646 +0000 UTC m=+433068.513173981
               LastTransitionTime: 2021-10-14 18:50:53.782671384 +0000 UTC m=+122.287009725
  ScaleUp:     InProgress (ready=3 cloudProviderTarget=5)
               LastProbeTime:      2021-10-19 19:06:40.008835646 +0000 UTC m=+433068.513173981
               LastTransitionTime: 2021-10-19 19:05:40.255597844 +0000 UTC m=+332540.759936180
  ScaleDown:   CandidatesPresent (candidates=1)
               LastTransitionTime: 2021-10-18 15:27:44.207345103 +0000 UTC m=+333532.711683437

  Name:        nodepool1
  Health:      Unhealthy (ready=1 registered=1 longUnregistered=2 cloudProviderTarget=3 (minSize=1, maxSize=5))
  ScaleUp:     NoActivity (ready=1 cloudProviderTarget=1)
"""


def at(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())


def test_the_yaml_of_newer_autoscalers() -> None:
    status = parse(YAML)

    assert (status.state, status.health, status.at) == ("Running", "Healthy", at(2026, 10, 2, 14, 29, 22))
    assert status.groups == (
        NodeGroup(
            "aks-user-25795745-vmss",
            "Healthy",
            ready=4,
            registered=5,
            target=8,
            least=2,
            most=12,
            missing=3,
            missing_long=1,
            scale_up="Backoff",
            scale_up_since=at(2026, 10, 2, 14, 19, 22),
            scale_down="CandidatesPresent",
            candidates=2,
            error="QuotaExceeded: Operation could not be completed: cores left 0",
        ),
        NodeGroup("aks-batch-25795745-vmss", "Healthy", target=3, least=3, most=3, scale_up="NoActivity"),
    )


def test_the_text_of_older_autoscalers() -> None:
    status = parse(TEXT)

    assert (status.state, status.health, status.at) == ("Running", "Healthy", at(2021, 10, 19, 19, 6, 40))
    assert status.groups == (
        NodeGroup(
            "aks-user-25795745-vmss",
            "Healthy",
            ready=3,
            registered=4,
            target=5,
            least=3,
            most=10,
            missing=1,
            scale_up="InProgress",
            scale_up_since=at(2021, 10, 19, 19, 5, 40),
            scale_down="CandidatesPresent",
            candidates=1,
        ),
        NodeGroup(
            "nodepool1",
            "Unhealthy",
            ready=1,
            registered=1,
            target=3,
            least=1,
            most=5,
            missing=2,
            missing_long=2,
            scale_up="NoActivity",
        ),
    )


def test_one_that_begins_has_no_groups_yet() -> None:
    assert parse("Cluster-autoscaler status at 2021-10-19 19:06:40.0 +0000 UTC:\nInitializing").state == "Initializing"
    assert parse("time: x\nautoscalerStatus: Initializing\n") == AutoscalerStatus(state="Initializing")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0\1 no status at all: [[[ }}}",
        "nodeGroups: 7",
        "nodeGroups: {a: b}",
        "nodeGroups: [1, null, [], {name: [x]}, {health: {minSize: 1}}]",
        "&a [*a]",
        "a: &a {<<: *a}",
        "- " * 300_000,
        "? " * 300_000,
        "[" * 300_000,
        "a: b\n" * 100_000,
        "!!python/object/apply:os.system [id]",
        "NodeGroups:",
        "NodeGroups:\n  Name:",
        "Cluster-wide:\n" + "  Health: x (" * 5_000,
        "x" * 3_000_000,
    ],
)
def test_what_is_no_status_says_nothing(text: str) -> None:
    assert parse(text).groups == ()


def test_odd_numbers_count_as_not_said() -> None:
    (group,) = parse(
        "nodeGroups: [{name: g, health: {minSize: -1, maxSize: 1e9, cloudProviderTarget: '٣'}, scaleUp: [1]}]"
    ).groups

    assert group == NodeGroup("g")


def test_groups_and_words_are_bounded() -> None:
    many = "nodeGroups:\n" + "".join(f"- name: g{number}\n" for number in range(2_000))
    (long,) = parse(f"nodeGroups: [{{name: g, scaleUp: {{backoffInfo: {{errorMessage: {'x' * 9_000}}}}}}}]").groups

    assert len(parse(many).groups) == 1_000
    assert len(long.error) == 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-02T14:29:02Z", at(2026, 10, 2, 14, 29, 2)),
        ("2026-10-02 14:29:02.999645779 +0200 CEST m=+571.77", at(2026, 10, 2, 12, 29, 2)),
        ("2026-10-02T14:29:02+02:00", at(2026, 10, 2, 12, 29, 2)),
        ("0001-01-01T00:00:00Z", 0),
        ("2026-13-02T14:29:02Z", 0),
        ("yesterday", 0),
        (7, 0),
        (None, 0),
    ],
)
def test_times_as_go_prints_them(text: object, expected: int) -> None:
    assert time_of(text) == expected


# --- reading


class OneAnswer:
    """A transport with one answer."""

    def __init__(self, answer: bytes | Exception) -> None:
        self._answer = answer
        self.asked: list[str] = []

    async def send(self, request: Request) -> Answer:
        self.asked.append(request.path)
        if isinstance(self._answer, Exception):
            raise self._answer
        return Answer(200, self._answer, "application/json", {})

    async def close(self) -> None:
        pass


def read(answer: bytes | Exception) -> tuple[AutoscalerStatus | None, list[str]]:
    async def reading() -> tuple[AutoscalerStatus | None, list[str]]:
        transport, clock = OneAnswer(answer), SystemClock()
        session = Session("x", transport, Traffic(clock), clock, Random(1))  # type: ignore[arg-type]  # nothing streams
        try:
            return await read_autoscaler(session), transport.asked
        finally:
            await session.close()

    return asyncio.run(reading())


def test_one_config_map_is_read_and_no_more() -> None:
    found, asked = read(json.dumps({"data": {"status": YAML}}).encode())

    assert found is not None
    assert len(found.groups) == 2
    assert asked == ["/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status"]


def test_a_long_status_is_read_too() -> None:
    many = "nodeGroups:\n" + "".join(f"- name: aks-pool{number}-12345678-vmss\n" for number in range(900))

    found, _ = read(json.dumps({"data": {"status": many}}).encode())

    assert found is not None
    assert len(found.groups) == 900


def test_where_the_text_has_no_time_the_annotation_tells_it() -> None:
    annotations = {"cluster-autoscaler.kubernetes.io/last-updated": "2026-10-02 14:29:22.9 +0000 UTC"}

    found, _ = read(json.dumps({"metadata": {"annotations": annotations}, "data": None}).encode())

    assert found == AutoscalerStatus(at=at(2026, 10, 2, 14, 29, 22))


def test_no_config_map_is_no_autoscaler() -> None:
    assert read(NotFound("get", "not found", status=404))[0] is None


@pytest.mark.parametrize("answer", [b"<html>", b"[1]", b'{"data": {"status": 7}}', b'{"data": {"status": "\xff"}}'])
def test_an_answer_that_is_no_config_map_says_so(answer: bytes) -> None:
    with pytest.raises(NotKubernetes, match="no ConfigMap"):
        read(answer)


def test_a_missing_right_is_told_as_it_is() -> None:
    with pytest.raises(Forbidden):
        read(Forbidden("get ConfigMap", "no", status=403))
