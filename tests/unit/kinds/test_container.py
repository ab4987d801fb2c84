"""The containers of one pod."""

from __future__ import annotations

import msgspec
import pytest

from kubetui.kinds.age import unix
from kubetui.kinds.container import CONTAINER_COLUMNS, ContainerRow, Ended, containers, state_meaning
from kubetui.kinds.kind import Meaning
from tests.unit.kinds.fixture_files import data, raw, texts


def named(pod: str, name: str) -> ContainerRow:
    return next(row for row in containers(raw(pod)) if row.name == name)


def test_they_come_in_the_order_in_which_they_start() -> None:
    found = [(row.name, row.kind) for row in containers(raw("pod-sidecar"))]
    assert found == [
        ("migrate", "init"),
        ("mesh", "sidecar"),
        ("billing", "container"),
        ("exporter", "container"),
        ("debugger-4kz7p", "ephemeral"),
    ]


def test_a_container_in_a_crash_loop() -> None:
    row = named("pod-coredns-crash", "coredns")
    assert (row.state, row.ready, row.restarts, row.probes) == ("CrashLoopBackOff", False, 9, "LR")
    assert row.last == Ended("OOMKilled", 137, unix("2026-11-21T11:57:00Z"), "")
    assert row.ports == ("dns:53/UDP", "dns-tcp:53/TCP", "metrics:9153/TCP")
    assert (row.cpu_request, row.cpu_limit) == (100, 3000)
    assert state_meaning(row) is Meaning.ACT
    shown = texts(CONTAINER_COLUMNS, row)
    assert shown["LAST END"] == "OOMKilled 137, 3m ago"
    assert shown["EXIT"] == ""


def test_an_init_container_that_is_through() -> None:
    row = named("pod-sidecar", "migrate")
    assert (row.state, row.exit_code, row.restarts) == ("Completed", 0, 2)
    assert state_meaning(row) is Meaning.FINE


def test_a_sidecar_keeps_the_message_of_its_last_end() -> None:
    last = named("pod-sidecar", "mesh").last
    assert last is not None
    assert (last.reason, last.exit_code, last.message) == ("Error", 255, "upstream gone")


def test_bytes_and_mapping_say_the_same() -> None:
    assert containers(data("pod-sidecar")) == containers(raw("pod-sidecar"))


def test_a_container_of_which_the_kubelet_has_said_nothing() -> None:
    [row] = containers({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "app", "image": "i"}]}})
    assert texts(CONTAINER_COLUMNS, row)["STATE"] == "–"
    assert state_meaning(row) is Meaning.UNKNOWN


@pytest.mark.parametrize("pod", [{}, {"metadata": {"name": 3}}, b"[]", b"\xff", b"{"])
def test_what_is_no_pod_is_an_error(pod: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        containers(pod)
