"""``metadata.managedFields`` as the API server records them: who owns which field. A third of a pod's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

_MERGE_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "env": ("name",),
    "ports": ("containerPort", "port", "protocol"),
    "volumeMounts": ("mountPath",),
    "volumes": ("name",),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "podIPs": ("ip",),
    "hostIPs": ("ip",),
    "addresses": ("type",),
    "imagePullSecrets": ("name",),
}
"""Lists whose items are owned one by one, and by which keys; every other list is owned as a whole."""


def fields(part: Mapping[str, Any]) -> dict[str, Any]:
    """``fieldsV1`` of these members, sorted as the API server sorts them. Below the top: dicts, lists, tuples."""
    return {f"f:{key}": _owned(key, part[key]) for key in sorted(part)}


def _owned(key: str, content: Any) -> dict[str, Any]:
    if isinstance(content, dict):
        return {".": {}, **fields(content)} if content else {}
    merge = _MERGE_KEYS.get(key)
    if merge and isinstance(content, (list, tuple)) and all(isinstance(item, dict) for item in content):
        return {".": {}, **_items(content, merge)}
    return {}


def _items(content: Sequence[Mapping[str, Any]], merge: tuple[str, ...]) -> dict[str, Any]:
    owned = {}
    for item in content:
        keys = {key: item[key] for key in merge if key in item}
        if not keys:
            continue
        owned[f"k:{msgspec.json.encode(keys).decode()}"] = {".": {}, **fields(item)}
    return dict(sorted(owned.items()))


def managed(
    manager: str,
    api_version: str,
    when: str,
    owned: Mapping[str, Any],
    *,
    operation: str = "Update",
    subresource: str = "",
) -> dict[str, Any]:
    """One entry of ``managedFields``; ``owned`` comes from ``fields``."""
    entry: dict[str, Any] = {
        "manager": manager,
        "operation": operation,
        "apiVersion": api_version,
        "time": when,
        "fieldsType": "FieldsV1",
        "fieldsV1": owned,
    }
    if subresource:
        entry["subresource"] = subresource
    return entry
