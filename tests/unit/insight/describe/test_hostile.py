"""Objects of shapes that no API server writes: a mark or a gap, never an error; what is well is still described."""

from __future__ import annotations

import unittest.mock
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubetui.insight.describe.describe import describe
from kubetui.insight.describe.facts import Facts, Part
from kubetui.insight.describe.page import Entry, Words, plain_text
from kubetui.insight.describe.registry import DESCRIPTIONS
from tests.cluster.describe import objects
from tests.unit.insight.describe.facts import NOW, mark

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([None, 1, "x", {}]),
    st.just({"a": {"b": [1]}}),
)


def places(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in an object."""
    below = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [path, *(place for key, value in below for place in places(value, (*path, key)))]


def put(found: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The object with another value at ``path``."""
    if not path:
        return value
    changed = dict(found) if isinstance(found, dict) else list(found)
    changed[path[0]] = put(found[path[0]], path[1:], value)
    return changed


OBJECTS = [*objects.OBJECTS, {**objects.POD, "status": objects.RICH_STATUS}, objects.CUSTOM]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_stands_anywhere_no_section_fails(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(OBJECTS))
    for _ in range(data.draw(st.integers(1, 3))):
        found = put(found, data.draw(st.sampled_from(places(found)[1:] or [()])), data.draw(JUNK))
        if not isinstance(found, dict):
            return
    parts = {name: Part() for name in ("pods", "replicasets", "lease", "services", "endpointslices")}
    with no_section_failing():
        assert describe(Facts(found, NOW, parts), mark)


@contextmanager
def no_section_failing() -> Iterator[None]:
    """A section that fails says so in the log."""
    with unittest.mock.patch("kubetui.insight.describe.describe.log.exception") as told:
        yield
    told.assert_not_called()


def test_a_section_that_fails_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_part(facts: Facts) -> list[Entry]:
        raise ZeroDivisionError

    def fine(facts: Facts) -> list[Entry]:
        return [Words("fine")]

    one = DESCRIPTIONS[0]
    changed = type(one)(one.kind, one.group, (broken_part, fine))
    monkeypatch.setattr("kubetui.insight.describe.describe.description_of", lambda found: changed)

    assert plain_text(describe(Facts({}, NOW), mark)).splitlines() == [
        "▲ broken part: this part is not of the expected shape; y shows it as it is",
        "",
        "fine",
    ]


def test_control_characters_stay_for_the_screen_to_replace_and_for_files_to_keep() -> None:
    found = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a\x1b[2J"}, "data": {"k\x07": "v"}}

    text = plain_text(describe(Facts(found, NOW), mark))
    assert "a\x1b[2J" in text
    assert "k\x07:  1 bytes" in text
