"""Which pods a workload selects: the selector of one object of any kind, as the API's ``labelSelector`` spells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from kubetui.cluster.errors import NotKubernetes
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.kinds.kind import Key, Kind
from kubetui.kinds.wire import Wire
from kubetui.kinds.workload_wire import SelectorWire, selector_text


class _SpecWire(Wire):
    selector: dict[str, Any] | None = None


class _ObjectWire(Wire):
    spec: _SpecWire = msgspec.field(default_factory=_SpecWire)


async def fetch_selector(session: Session, kind: Kind[Any], key: Key) -> str:
    """The object's ``spec.selector``; ``""`` where it has none. Raises ClusterError types."""
    namespace, name = key
    tried = f"get {kind.name} {namespace}/{name}"
    answer = await session.send(Request(f"{kind.path_in(namespace)}/{name}", tried))
    try:
        held = msgspec.json.decode(answer.body, type=_ObjectWire).spec.selector
        return selector_of(held or {})
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotKubernetes(tried, f"the answer is no {kind.name}: {error}") from error


def selector_of(held: Mapping[str, Any]) -> str:
    """A label selector's text, or that of plain labels as ReplicationControllers have them.

    Raises msgspec.ValidationError where it is neither.
    """
    if held.keys() <= {"matchLabels", "matchExpressions"}:
        return selector_text(msgspec.convert(held, type=SelectorWire))
    return selector_text(SelectorWire(match_labels=msgspec.convert(held, type=dict[str, str])))
