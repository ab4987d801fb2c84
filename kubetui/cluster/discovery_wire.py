"""What discovery answers, in both forms, as kinds. Pure.

Sources: ``apidiscovery.k8s.io/v2`` (Kubernetes 1.30, as v2beta1 since 1.26; the same shape), and the older
``APIGroupList`` and ``APIResourceList`` of ``meta.k8s.io/v1``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from kubetui.kinds.served_kind import ServedKind
from kubetui.kinds.wire import Wire

AGGREGATED = ",".join(
    f"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" for version in ("v2", "v2beta1")
)
"""To be accepted before ``application/json``, which servers without it answer with."""


class _KindWire(Wire):
    kind: str | None = None


class _AggregatedResource(Wire):
    resource: str = ""
    response_kind: _KindWire | None = None
    scope: str | None = None
    singular_resource: str | None = None
    verbs: list[str] | None = None
    short_names: list[str] | None = None
    categories: list[str] | None = None


class _AggregatedVersion(Wire):
    version: str = ""
    resources: list[_AggregatedResource] | None = None
    freshness: str | None = None


class _NamedWire(Wire):
    name: str | None = None


class _AggregatedGroup(Wire):
    metadata: _NamedWire = msgspec.field(default_factory=_NamedWire)
    versions: list[_AggregatedVersion] | None = None


class _Aggregated(Wire):
    kind: str = ""
    items: list[_AggregatedGroup] | None = None


class _VersionWire(Wire):
    version: str = ""


class _GroupWire(Wire):
    name: str = ""
    versions: list[_VersionWire] | None = None
    preferred_version: _VersionWire | None = None


class _Groups(Wire):
    kind: str = ""
    groups: list[_GroupWire] | None = None
    versions: list[str] | None = None


class _ResourceWire(Wire):
    name: str = ""
    singular_name: str | None = None
    namespaced: bool | None = None
    kind: str | None = None
    verbs: list[str] | None = None
    short_names: list[str] | None = None
    categories: list[str] | None = None


class _Resources(Wire):
    resources: list[_ResourceWire] | None = None


_aggregated = msgspec.json.Decoder(_Aggregated).decode
_groups = msgspec.json.Decoder(_Groups).decode
_resources = msgspec.json.Decoder(_Resources).decode


@dataclass
class Found:
    """The kinds by group and resource, in the server's order; and which group's versions do not answer."""

    at: int
    """When it was asked, Unix seconds."""
    kinds: dict[tuple[str, str], ServedKind] = field(default_factory=dict)
    stale: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: ServedKind) -> None:
        """Keep the kind, unless a version that the server prefers has it."""
        self.kinds.setdefault((kind.group, kind.plural), kind)

    def rows(self, reasons: Mapping[str, str]) -> Iterator[ServedKind]:
        """All kinds, then a row for each group that does not answer; ``reasons`` tells why, where it is known."""
        yield from self.kinds.values()
        for group, versions in self.stale.items():
            trouble = reasons.get(group) or "its API server does not answer"
            yield ServedKind(group, ",".join(versions), "", self.at, trouble=trouble)


def read_aggregated(body: bytes, found: Found) -> bool:
    """Take an aggregated answer; False where it is the older form. Raises msgspec.DecodeError."""
    answer = _aggregated(body)
    if answer.kind != "APIGroupDiscoveryList":
        return False
    for group in answer.items or ():
        name = group.metadata.name or ""
        for version in group.versions or ():
            if version.freshness == "Stale":
                found.stale.setdefault(name, []).append(version.version)
            for kind in _kinds(name, version, found.at):
                found.add(kind)
    return True


def _kinds(group: str, version: _AggregatedVersion, at: int) -> Iterator[ServedKind]:
    for one in version.resources or ():
        # A resource without a kind is one that exists for its subresources' sake.
        if one.resource and one.response_kind is not None and one.response_kind.kind:
            yield ServedKind(
                group,
                version.version,
                one.resource,
                at,
                kind=one.response_kind.kind,
                singular=one.singular_resource or "",
                namespaced=one.scope == "Namespaced",
                verbs=_texts(one.verbs),
                short_names=_texts(one.short_names),
                categories=_texts(one.categories),
            )


def read_groups(body: bytes) -> list[tuple[str, str]]:
    """Group and version of each APIResourceList to ask for, the preferred versions of each group first.

    ``body`` answered ``/api`` (group ``""``) or ``/apis``. Raises msgspec.DecodeError.
    """
    answer = _groups(body)
    pairs = [("", version) for version in answer.versions or ()]
    for group in answer.groups or ():
        preferred = [group.preferred_version.version] if group.preferred_version else []
        versions = [*preferred, *(version.version for version in group.versions or ())]
        pairs += [(group.name, version) for version in dict.fromkeys(versions) if version]
    return pairs


def read_resources(body: bytes, group: str, version: str, found: Found) -> None:
    """Take an APIResourceList. Raises msgspec.DecodeError."""
    for one in _resources(body).resources or ():
        if one.name and "/" not in one.name:
            found.add(
                ServedKind(
                    group,
                    version,
                    one.name,
                    found.at,
                    kind=one.kind or "",
                    singular=one.singular_name or "",
                    namespaced=bool(one.namespaced),
                    verbs=_texts(one.verbs),
                    short_names=_texts(one.short_names),
                    categories=_texts(one.categories),
                )
            )


def _texts(texts: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(texts or ())
