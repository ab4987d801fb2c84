"""Crash loops from events alone: which workload, how many pods, since when."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kubetui.insight.back_offs import RECENT, BackOffBook, workload_of
from kubetui.insight.evidence import Evidence
from kubetui.insight.findings import findings
from kubetui.kinds.deployment_row import DeploymentRow
from kubetui.kinds.event import EventRow
from kubetui.kinds.kind import Meaning

NOW = 1_795_266_240


def event(pod: str, **more: Any) -> EventRow:
    row = EventRow(
        "team-04", f"{pod}.1", 1, reason="BackOff", object_kind="Pod", object_namespace="team-04", object_name=pod,
        message=f"Back-off restarting failed container app in pod {pod}_team-04(1)", first=NOW - 600, last=NOW - 20,
        count=7,
    )  # fmt: skip
    return msgspec.structs.replace(row, **more)


@pytest.mark.parametrize(
    ("pod", "workload"),
    [
        ("checkout-7d4b9c6f5-x2x7k", "checkout"),
        ("log-shipper-x2x7k", "log-shipper"),
        ("db-0", "db"),
        ("db-12", "db"),
        ("lonely", "lonely"),
        ("two-words", "two-words"),
    ],
)
def test_a_pods_name_tells_its_workload(pod: str, workload: str) -> None:
    assert workload_of(pod) == workload


def test_pods_of_one_workload_are_one_finding_to_act_on() -> None:
    book = BackOffBook()
    for pod in ("checkout-7d4b9c6f5-x2x7k", "checkout-7d4b9c6f5-b2b7k"):
        book.fold(None, event(pod))
    book.fold(None, event("db-0", first=NOW - 60))
    found = findings(Evidence(NOW, back_offs=book.recent(NOW)))
    assert [(one.title, NOW - one.since) for one in found] == [
        ("team-04/checkout: 2 pods crash again and again", 600),
        ("team-04/db: 1 pod crashes again and again", 60),
    ]
    assert found[0].target.keys == (("team-04", "checkout-7d4b9c6f5-b2b7k"), ("team-04", "checkout-7d4b9c6f5-x2x7k"))
    assert found[0].meaning is Meaning.ACT


def test_a_deployment_that_lacks_what_crashes_is_not_told_twice() -> None:
    book = BackOffBook()
    book.fold(None, event("checkout-7d4b9c6f5-x2x7k"))
    row = DeploymentRow("team-04", "checkout", 1, desired=3, ready=2, updated=3, available=2, meaning=Meaning.LOOK)
    found = findings(Evidence(NOW, back_offs=book.recent(NOW), deployments=[row]))
    assert [one.title for one in found] == ["team-04/checkout: 1 pod crashes again and again"]


def test_what_was_not_said_again_is_over_and_what_the_server_forgot_is_gone() -> None:
    book = BackOffBook()
    first = event("db-0")
    book.fold(None, first)
    assert book.recent(NOW - 20 + RECENT)
    assert not book.recent(NOW - 19 + RECENT)
    book.fold(first, None)
    assert not book.recent(NOW)


def test_pulls_that_wait_and_components_are_told_elsewhere() -> None:
    book = BackOffBook()
    book.fold(None, event("cart-0", message='Back-off pulling image "x"'))
    book.fold(None, event("coredns-0", object_namespace="kube-system"))
    assert not book.recent(NOW)
