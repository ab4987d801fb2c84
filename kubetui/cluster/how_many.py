"""How many objects of a kind there are, by one request for one of them."""

from __future__ import annotations

from typing import Any

import msgspec

from kubetui.cluster.errors import NotKubernetes
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.kinds.kind import Kind

_NAMES_ONLY = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"


class _Meta(msgspec.Struct):
    remaining: int | None = msgspec.field(default=None, name="remainingItemCount")


class _List(msgspec.Struct):
    metadata: _Meta = msgspec.field(default_factory=_Meta)
    items: list[msgspec.Raw] | None = None


async def how_many(session: Session, kind: Kind[Any]) -> int:
    """All objects of ``kind``, as the server counts them; it may count a little behind. Raises ClusterError types."""
    tried = f"count {kind.plural}"
    request = Request(kind.path, tried, query=(("limit", "1"),), accept=_NAMES_ONLY)
    answer = await session.send(request)
    try:
        found = msgspec.json.decode(answer.body, type=_List)
    except msgspec.DecodeError as error:
        raise NotKubernetes(tried, f"the answer is no list: {error}") from error
    return len(found.items or ()) + (found.metadata.remaining or 0)
