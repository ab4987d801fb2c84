"""Whatever stands in an object's JSON: a row whose every column paints, or one error for that object alone."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.kinds.container import containers
from kubetui.kinds.daemon_set import DAEMON_SET
from kubetui.kinds.deployment import DEPLOYMENT
from kubetui.kinds.event import EVENT
from kubetui.kinds.kind import Kind
from kubetui.kinds.namespace import NAMESPACE
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.kinds.replica_set import REPLICA_SET
from kubetui.kinds.wire import decode_row
from tests.unit.kinds.fixture_files import NOW, data, raw

OBJECTS: list[tuple[Kind[Any], Any]] = [
    (POD, data("pod-deployment")),
    (POD, data("pod-coredns-crash")),
    (POD, data("pod-sidecar")),
    (NODE, data("node-aks")),
    (NODE, data("node-lost-spot")),
    (DEPLOYMENT, data("deployment-metrics-server")),
    (REPLICA_SET, data("replicaset-metrics-server")),
    (DAEMON_SET, data("daemonset-ama-logs")),
    (EVENT, data("event-failed-scheduling")),
]

_leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1e999999999",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-23:59",
            "\x1b[2J",
            "0001-01-01T00:00:00+23:59",
            "9" * 5000,
            "\ud800",
            "PodInitializing",
            "Completed",
        ]
    )
)
_values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a JSON value."""
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if key != "managedFields":
            found += _places(child, (*path, key))
    return found


def _mutated(value: Any, path: tuple[Any, ...], new: Any, drop: bool) -> Any:
    """A copy with one part replaced or taken out."""
    copied = value.copy()
    key, rest = path[0], path[1:]
    if rest:
        copied[key] = _mutated(value[key], rest, new, drop)
    elif drop:
        del copied[key]
    else:
        copied[key] = new
    return copied


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_changed_object_is_a_row_or_an_error_of_its_own(draw: st.DataObject) -> None:
    kind, value = draw.draw(st.sampled_from(OBJECTS))
    for _ in range(draw.draw(st.integers(1, 3))):
        path = draw.draw(st.sampled_from(_places(value)))
        value = _mutated(value, path, draw.draw(_values), draw.draw(st.booleans()))
    text = json.dumps(value).encode()
    try:
        row = decode_row(kind, text)
        if kind is POD:
            containers(text)
    except msgspec.ValidationError:
        return
    for column in kind.columns:
        assert isinstance(column.text(row, NOW), str)
        hash(column.sort(row))
        if column.meaning is not None:
            column.meaning(row)
    assert kind.problem is not None
    kind.problem(row)


@given(st.sampled_from(["pod-deployment", "node-aks"]), st.integers(0, 10_000), st.binary(max_size=3))
def test_broken_bytes_are_a_row_or_an_error_of_their_own(name: str, at: int, junk: bytes) -> None:
    text = raw(name)
    at %= len(text)
    broken = text[:at] + junk + text[at + len(junk) :]
    kind: Kind[Any] = POD if name.startswith("pod") else NODE
    with suppress(msgspec.ValidationError):
        decode_row(kind, broken)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"metadata":{"name":"\xff"}}',
        b'{"a":' + b"[" * 100_000,
        b'{"metadata":{"name":"p"},"x":' + b"[" * 100_000,
    ],
)
@pytest.mark.parametrize(
    "kind", [POD, NODE, NAMESPACE, DEPLOYMENT, REPLICA_SET, DAEMON_SET, EVENT], ids=lambda kind: kind.name
)
def test_what_is_no_object_is_an_error(kind: Kind[Any], text: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_row(kind, text)
