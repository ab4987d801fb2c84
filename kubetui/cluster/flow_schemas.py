"""The names of the server's FlowSchemas, which answers name by UID only."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request

_PATH = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas"


class _Meta(msgspec.Struct):
    name: str = ""
    uid: str = ""


class _Item(msgspec.Struct):
    metadata: _Meta = msgspec.field(default_factory=_Meta)


class _List(msgspec.Struct):
    items: list[_Item] = []


async def flow_schema_names(session: Session) -> Mapping[str, str]:
    """UID to name; empty where the account may not list them, or the server has none. Never raises."""
    try:
        answer = await session.send(Request(_PATH, "list flowschemas", (("limit", "500"),)))
        items = msgspec.json.decode(answer.body, type=_List).items
    except (ClusterError, msgspec.DecodeError):
        return {}  # a help only: the UID is shown instead
    return {item.metadata.uid: item.metadata.name for item in items}
