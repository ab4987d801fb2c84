"""A large list's body, cut between its items: msgspec holds the interpreter while it decodes, 1 ms for each MB.

The API server pages what it stores; metrics.k8s.io answers in one piece, 36 MB for 150,000 pods.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from typing import Final

import msgspec

from kubetui.cluster.wire import ListMeta, RawList, decode_list

PIECE: Final = 4_000_000
"""Bytes that are decoded at a time."""
_BETWEEN: Final = b'},{"metadata":'
"""Where an item may end and the next begin. In JSON that is valid it is never part of a string: the quote would have
ended that. Where it stands deeper than between items, a piece is no JSON, and the whole is decoded at once."""


class _Tail(msgspec.Struct):
    """The end of a list; its metadata may stand there."""

    metadata: ListMeta | None = None
    items: list[msgspec.Raw] | None = None


_decode_items = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_tail = msgspec.json.Decoder(_Tail).decode


async def read_list(body: bytes, turn: Callable[[], Awaitable[None]]) -> RawList:
    """``decode_list``, with a ``turn`` for others between pieces. Raises msgspec.DecodeError."""
    if len(body) <= PIECE:
        return decode_list(body)
    try:
        return await _in_pieces(body, turn)
    except msgspec.DecodeError:
        return decode_list(body)


async def _in_pieces(body: bytes, turn: Callable[[], Awaitable[None]]) -> RawList:
    cuts = list(_cuts(body))
    if not cuts:
        return decode_list(body)
    begin, end = cuts[0] + 1, cuts[-1] + 2
    tail = _decode_tail(b'{"items":[' + body[end:])
    # What the head lacks, a list that says about itself at its end has there.
    head = decode_list(body[:begin] + b"]}") if tail.metadata is None else _headless(body[:begin], tail.metadata)
    items = head.items if head.items is not None else []
    for start, stop in pairwise(cuts):
        await turn()
        items += _decode_items(b"[" + body[start + 2 : stop + 1] + b"]")
    await turn()
    items += tail.items or []
    return RawList(head.metadata, items)


def _headless(start: bytes, metadata: ListMeta) -> RawList:
    return RawList(metadata, _decode_tail(start + b"]}").items)


def _cuts(body: bytes) -> Iterator[int]:
    """Places of the brace that ends an item, about ``PIECE`` bytes apart."""
    at = body.find(_BETWEEN, PIECE)
    while at >= 0:
        yield at
        at = body.find(_BETWEEN, at + PIECE)
