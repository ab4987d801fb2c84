"""The owners of an object, read one after the other up to the root: ReplicaSet, Deployment; Job, CronJob; …"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.gather import trouble_words
from kubetui.cluster.object_at import read_object
from kubetui.cluster.own_kinds import place_of
from kubetui.cluster.session import Session

LONGEST: Final = 8
"""Owners followed at most; a cycle ends here at the latest."""


class Owner(NamedTuple):
    """One owner; ``found`` is empty where it could not be read, which ``trouble`` says."""

    kind: str
    name: str
    found: Mapping[str, Any]
    trouble: str = ""


async def owner_chain(session: Session, found: Mapping[str, Any]) -> list[Owner]:
    """From the nearest owner up to the root; it ends with the first that can't be read."""
    chain: list[Owner] = []
    seen: set[object] = set()
    while len(chain) < LONGEST:
        reference = _controller(found)
        if reference is None or reference.get("uid") in seen:
            break
        seen.add(reference.get("uid"))
        owner = await _read(session, reference, _namespace(found))
        chain.append(owner)
        if owner.trouble:
            break
        found = owner.found
    return chain


def _controller(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The owner that controls it, else its only one: CSINodes and mirror pods have owners that don't control."""
    metadata = found.get("metadata")
    owners = metadata.get("ownerReferences") if isinstance(metadata, Mapping) else None
    every = [one for one in owners if isinstance(one, Mapping)] if isinstance(owners, list) else []
    controlling = next((one for one in every if one.get("controller") is True), None)
    return controlling or (every[0] if len(every) == 1 else None)


def _namespace(found: Mapping[str, Any]) -> str:
    metadata = found.get("metadata")
    return str(metadata.get("namespace") or "") if isinstance(metadata, Mapping) else ""


async def _read(session: Session, reference: Mapping[str, Any], namespace: str) -> Owner:
    kind, name, uid = (str(reference.get(field) or "") for field in ("kind", "name", "uid"))
    try:
        at = await place_of(session, str(reference.get("apiVersion") or ""), kind, namespace, name)
        if at is None:
            return Owner(kind, name, {}, f"the server does not have {kind} any more")
        found = await read_object(session, at)
    except ClusterError as error:
        return Owner(kind, name, {}, trouble_words(error))
    if uid and (found.get("metadata") or {}).get("uid", uid) != uid:
        return Owner(kind, name, {}, "gone; another of that name is there now")
    return Owner(kind, name, found)
