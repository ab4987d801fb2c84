"""All kinds, and how people call them."""

from __future__ import annotations

from typing import Any, Final

from kubetui.kinds.daemon_set import DAEMON_SET
from kubetui.kinds.deployment import DEPLOYMENT
from kubetui.kinds.event import EVENT
from kubetui.kinds.kind import Kind
from kubetui.kinds.namespace import NAMESPACE
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.kinds.replica_set import REPLICA_SET

KINDS: Final[tuple[Kind[Any], ...]] = (
    POD,
    NODE,
    NAMESPACE,
    DAEMON_SET,
    DEPLOYMENT,
    REPLICA_SET,
    EVENT,
)


def _by_alias() -> dict[str, Kind[Any]]:
    found: dict[str, Kind[Any]] = {}
    for kind in KINDS:
        for alias in {*kind.aliases, kind.plural, kind.name.lower()}:
            if alias in found:
                raise ValueError(f"{alias!r} names both {found[alias].name} and {kind.name}")
            found[alias] = kind
    return found


BY_ALIAS: Final = _by_alias()


def kind_of(alias: str) -> Kind[Any] | None:
    """The kind that a person means by ``po``, ``pods``, ``pod`` or ``Pod``; None where there is none."""
    return BY_ALIAS.get(alias.lower())
