"""A ConfigMap's or a Secret's keys, and one value. Values of Secrets are returned to who asked and kept nowhere."""

from __future__ import annotations

from typing import Any

import msgspec

from kubetui.cluster.errors import NotKubernetes
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.kinds.data_key import ObjectData, object_data, value_in
from kubetui.kinds.kind import Key, Kind


async def fetch_data(session: Session, kind: Kind[Any], key: Key) -> ObjectData:
    """All keys, with what may be told of their values. Raises ClusterError types."""
    tried, body = await _body(session, kind, key)
    try:
        return object_data(body)
    except msgspec.ValidationError:
        # The error itself is not told: it could quote what it could not read.
        raise NotKubernetes(tried, f"the answer is no {kind.name}") from None


async def fetch_value(session: Session, kind: Kind[Any], key: Key, name: str) -> bytes | None:
    """One key's value as a container would read it; None where it is gone. Raises ClusterError types."""
    tried, body = await _body(session, kind, key)
    try:
        return value_in(body, name)
    except msgspec.ValidationError:
        raise NotKubernetes(tried, f"the answer is no {kind.name}") from None


async def _body(session: Session, kind: Kind[Any], key: Key) -> tuple[str, bytes]:
    namespace, name = key
    tried = f"get {kind.name} {namespace}/{name}"
    return tried, (await session.send(Request(f"{kind.path_in(namespace)}/{name}", tried))).body
