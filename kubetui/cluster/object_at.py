"""Where one object of any kind is, and reading it whole: known kinds, custom resources, whatever a server has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from kubetui.cluster.errors import NotKubernetes
from kubetui.cluster.object_yaml import MASKED
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.kinds.kind import Key, Kind

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@dataclass(frozen=True, slots=True)
class ObjectAt:
    """One object's place."""

    kind: str
    """As Kubernetes spells it: ``Pod``."""
    collection: str
    """The API path of the whole collection, of all namespaces: ``/api/v1/pods``, ``/apis/GROUP/VERSION/PLURAL``."""
    namespace: str
    """``""`` for a cluster-scoped object."""
    name: str

    @property
    def path(self) -> str:
        """The object's own API path."""
        root, _, plural = self.collection.rpartition("/")
        middle = f"/namespaces/{self.namespace}" if self.namespace else ""
        return f"{root}{middle}/{plural}/{self.name}"

    @property
    def plural(self) -> str:
        """The resource's name in paths and rights."""
        return self.collection.rpartition("/")[2]

    @property
    def group(self) -> str:
        """``""`` for the core group."""
        parts = self.collection.split("/")
        return parts[2] if parts[1] == "apis" else ""

    @property
    def version(self) -> str:
        """The API version alone: ``v1``."""
        return self.collection.split("/")[-2]

    @property
    def where(self) -> str:
        """``team-04/checkout-0``."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def object_at(kind: Kind[Any], key: Key) -> ObjectAt:
    """The place of an object of a declared kind."""
    namespace, name = key
    return ObjectAt(kind.name, kind.path, namespace if kind.namespaced else "", name)


async def read_object(session: Session, at: ObjectAt) -> dict[str, Any]:
    """The object as the server has it now; of a Secret only the sizes of its values. Raises ClusterError types."""
    tried = f"get {at.kind} {at.where}"
    answer = await session.send(Request(at.path, tried))
    try:
        found = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise NotKubernetes(tried, f"the answer is no object: {error}") from error
    # Kubernetes says them; aggregated API servers have been seen to forget.
    found.setdefault("kind", at.kind)
    found.setdefault("apiVersion", f"{at.group}/{at.version}" if at.group else at.version)
    return _sized(found) if at.kind == "Secret" or found["kind"] == "Secret" else found


def _sized(secret: dict[str, Any]) -> dict[str, Any]:
    """Values go at once: a description needs to know how large they are, and nothing more."""
    for field in ("data", "stringData"):
        values = secret.get(field)
        if isinstance(values, dict):
            secret[field] = {key: _bytes(value) for key, value in values.items()}
    annotations = (secret.get("metadata") or {}).get("annotations") or {}
    if LAST_APPLIED in annotations:
        annotations[LAST_APPLIED] = MASKED
    return secret


def _bytes(value: Any) -> int:
    """The size of what is base64 here."""
    text = value if isinstance(value, str) else ""
    return len(text) * 3 // 4 - text[-2:].count("=")
