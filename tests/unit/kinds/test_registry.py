"""Kinds by the names people use, and what every kind keeps to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kubetui.kinds.kind import Kind
from kubetui.kinds.namespace import NAMESPACE, decode_item
from kubetui.kinds.registry import KINDS, kind_of
from tests.unit.kinds.fixture_files import texts


@pytest.mark.parametrize(
    ("alias", "plural"),
    [
        ("po", "pods"),
        ("pods", "pods"),
        ("Pod", "pods"),
        ("no", "nodes"),
        ("node", "nodes"),
        ("ns", "namespaces"),
        ("ds", "daemonsets"),
        ("deploy", "deployments"),
        ("rs", "replicasets"),
        ("ev", "events"),
    ],
)
def test_a_kind_is_found_by_each_of_its_names(alias: str, plural: str) -> None:
    kind = kind_of(alias)
    assert kind is not None
    assert kind.plural == plural


def test_no_kind_is_no_error() -> None:
    assert kind_of("gizmos") is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_name_stays_on_the_narrowest_screen_and_titles_are_unique(kind: Kind[Any]) -> None:
    titles = [column.title for column in kind.columns]
    assert len(set(titles)) == len(titles)
    # An event is named by what it is about; its own name is a number.
    name = "OBJECT" if kind.name == "Event" else "NAME"
    assert [column.title for column in kind.columns if column.priority == 0] == [name]


def test_a_namespace() -> None:
    wire = {
        "metadata": {
            "name": "team-04",
            "resourceVersion": "7",
            "creationTimestamp": "2026-11-21T11:00:00Z",
            "labels": {"team": "04", "istio": ""},
        },
        "status": {"phase": "Terminating"},
    }
    row = NAMESPACE.row(decode_item(json.dumps(wire).encode()))
    shown = texts(NAMESPACE.columns, row)
    assert shown == {"NAME": "team-04", "STATUS": "Terminating", "AGE": "60m", "LABELS": "team=04,istio"}
    assert NAMESPACE.problem is not None
    assert NAMESPACE.problem(row)
