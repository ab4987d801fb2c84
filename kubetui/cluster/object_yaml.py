"""One whole object, fetched when a person opens it, and as YAML with the fields in kubectl's order."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml

from kubetui.cluster.errors import NotKubernetes
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.kinds.kind import Key, Kind

MASKED = "••••••••"
"""Stands for each value of a Secret."""


async def fetch_object(session: Session, kind: Kind[Any], key: Key, *, values: bool = False) -> dict[str, Any]:
    """The object as the server has it now. Raises ClusterError types.

    A Secret's values are masked at once, unless a person asked for ``values``.
    """
    namespace, name = key
    where = f"{namespace}/{name}" if namespace else name
    tried = f"get {kind.name} {where}"
    answer = await session.send(Request(f"{kind.path_in(namespace or None)}/{name}", tried))
    try:
        found = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise NotKubernetes(tried, f"the answer is no object: {error}") from error
    # Kubernetes says the kind; aggregated API servers have been seen to forget.
    secret = "Secret" in (kind.name, found.get("kind"))
    return _masked(found) if secret and not values else found


def _masked(found: dict[str, Any]) -> dict[str, Any]:
    for field in ("data", "stringData"):
        if isinstance(found.get(field), dict):
            found[field] = dict.fromkeys(found[field], MASKED)
    annotations = (found.get("metadata") or {}).get("annotations") or {}
    if "kubectl.kubernetes.io/last-applied-configuration" in annotations:
        annotations["kubectl.kubernetes.io/last-applied-configuration"] = MASKED
    return found


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # libyaml's where it is built in
    """Block style, and block scalars for texts of several lines."""

    def ignore_aliases(self, data: Any) -> bool:
        """No anchors: Kubernetes' own YAML has none."""
        return True


def _text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text and not text.startswith((" ", "\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(found: dict[str, Any], *, managed_fields: bool = False) -> str:
    """``found`` as YAML; without ``managed_fields`` these are one line that says how many they are."""
    metadata = found.get("metadata")
    if not managed_fields and isinstance(metadata, dict) and metadata.get("managedFields"):
        managers = len(metadata["managedFields"])
        folded = {**metadata, "managedFields": f"({managers} managers, folded)"}
        found = {**found, "metadata": folded}
    return str(yaml.dump(found, Dumper=_Dumper, sort_keys=True, allow_unicode=True, width=10_000))
