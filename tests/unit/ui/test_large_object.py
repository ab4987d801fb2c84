"""What counts as large, and that it is worked on elsewhere than on the loop."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kubetui.ui.large_object import LARGE, is_large, made_from


def chain(length: int) -> Any:
    found: Any = {}
    for _ in range(length):
        found = {"a": found}
    return found


@pytest.mark.parametrize(
    ("found", "large"),
    [
        ({}, False),
        ({"a": list(range(LARGE - 1))}, False),
        ({"a": list(range(LARGE))}, True),
        ({str(number): {"x": 1} for number in range(LARGE // 2)}, False),
        ({str(number): {"x": 1, "y": 2} for number in range(LARGE // 2)}, True),
        (chain(LARGE), False),
        (chain(LARGE + 1), True),
        ({"text": "x" * 10 * LARGE}, False),
    ],
)
def test_values_are_counted_however_they_are_nested(found: Any, large: bool) -> None:
    assert is_large(found) is large


async def test_large_objects_are_worked_on_in_a_thread_and_others_at_once() -> None:
    here = threading.get_ident()

    assert await made_from({}, threading.get_ident) == here
    assert await made_from(chain(LARGE + 1), threading.get_ident) != here
