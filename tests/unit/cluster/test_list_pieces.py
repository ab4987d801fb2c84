"""A list read in pieces is the list read at once, wherever it is cut, and others get their turn in between."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubetui.cluster import list_pieces
from kubetui.cluster.list_pieces import read_list
from kubetui.cluster.wire import decode_list

TEXT = st.text('ab"{}[],:\\é', max_size=8) | st.just('},{"metadata":')
ITEM = st.fixed_dictionaries(
    {"metadata": st.fixed_dictionaries({"name": TEXT})},
    optional={
        "timestamp": TEXT,
        # As a StatefulSet's volumeClaimTemplates: where the bytes between items stand deeper.
        "templates": st.lists(st.fixed_dictionaries({"metadata": st.fixed_dictionaries({"name": TEXT})}), max_size=3),
    },
)


async def told(body: bytes) -> tuple[list[Any], str, int]:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        turns += 1

    raw = await read_list(body, turn)
    return [json.loads(bytes(item)) for item in raw.items or []], raw.metadata.resource_version, turns


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(ITEM, max_size=12), st.integers(10, 200), st.booleans())
async def test_pieces_together_are_the_whole(
    monkeypatch: pytest.MonkeyPatch, items: list[Any], piece: int, metadata_first: bool
) -> None:
    monkeypatch.setattr(list_pieces, "PIECE", piece)
    about = {"metadata": {"resourceVersion": "7"}}
    document = {**about, "items": items} if metadata_first else {"items": items, **about}
    body = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()

    found, version, _ = await told(body)

    assert (found, version) == (items, "7")


async def test_a_large_list_gives_others_a_turn_each_few_megabytes() -> None:
    items = ",".join(f'{{"metadata":{{"name":"pod-{n:06}","labels":{{"a":"{"x" * 300}"}}}}}}' for n in range(40_000))
    body = f'{{"metadata":{{"resourceVersion":"7"}},"items":[{items}]}}'.encode()

    found, _, turns = await told(body)

    assert len(found) == 40_000
    assert turns >= len(body) // list_pieces.PIECE - 1 >= 2


@pytest.mark.parametrize(
    "body", [b'{"items":[', b"<html>", b'{"metadata":{},"items":[{"metadata":{}},{"metadata":{}]}']
)
async def test_what_is_no_list_is_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.setattr(list_pieces, "PIECE", 10)
    with pytest.raises(msgspec.DecodeError) as whole:
        decode_list(body)
    with pytest.raises(msgspec.DecodeError, match=str(whole.value).partition("(")[0]):
        await told(body)
