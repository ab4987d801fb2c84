"""What is served: /version, /api, /apis and below, in the old form and aggregated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from kubetui.demo.call import Answer, Call
from kubetui.demo.entry import Resource
from kubetui.demo.forms import media_types
from kubetui.demo.handlers.reviews import REVIEWS
from kubetui.demo.rendering import api_version
from kubetui.demo.resources import API_SERVICES
from kubetui.demo.status import NoSuchPath, no_such_resource, service_unavailable
from kubetui.demo.storage import Storage

_AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_MINOR = "36"
VERSION: Mapping[str, str] = {
    "major": "1",
    "minor": _MINOR,
    "gitVersion": f"v1.{_MINOR}.3",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z",
    "goVersion": "go1.26",
    "compiler": "gc",
    "platform": "linux/amd64",
}


class Discovery:
    """Describes the registered resources and the reviews."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.version = dict(VERSION)
        """What /version answers; the world may change it, as an upgrade does."""

    def answer(self, call: Call) -> Answer:
        """Any path that is no resource; raises ``NoSuchPath`` or ``ApiError`` 404."""
        parts = [part for part in call.info.path.split("/") if part]
        aggregated = len(parts) == 1 and _wants_aggregated(call.accept)
        match parts:
            case ["version"]:
                return _json(self.version)
            case ["api"] | ["apis"] if aggregated:
                return self._aggregated(core=parts[0] == "api")
            case ["api"]:
                return _json({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
            case ["apis"]:
                groups = [self._group(group) for group in self._groups()]
                return _json({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
            case ["apis", group] if group in self._groups():
                return _json({"kind": "APIGroup", "apiVersion": "v1", **self._group(group)})
            case ["api", version]:
                return self._resource_list("", version)
            case ["apis", group, version]:
                return self._resource_list(group, version)
        raise NoSuchPath(call.info.path)

    def serves(self, group: str, version: str) -> bool:
        """Whether anything is served in the group's version."""
        return any((resource.group, resource.version) == (group, version) for resource in self._resources())

    def serves_group(self, group: str) -> bool:
        """Whether anything is served in the group."""
        return any(resource.group == group for resource in self._resources())

    def _resources(self) -> Iterable[Resource]:
        return (*self._storage.resources, *REVIEWS)

    def _groups(self) -> list[str]:
        served = [resource.group for resource in self._resources() if resource.group]
        return list(dict.fromkeys((*served, *(group for group, _ in self._unavailable()))))

    def _versions(self, group: str) -> list[str]:
        served = [found.version for found in self._resources() if found.group == group]
        down = [version for other, version in self._unavailable() if other == group]
        return list(dict.fromkeys((*served, *down)))

    def _unavailable(self) -> list[tuple[str, str]]:
        """Group and version of each APIService whose server does not answer."""
        down: list[tuple[str, str]] = []
        if self._storage.find(API_SERVICES.group, API_SERVICES.version, API_SERVICES.plural) is None:
            return down
        for entry in self._storage.entries(API_SERVICES):
            _, behind, available, _ = entry.cells(0.0)
            if behind != "Local" and available != "True":
                version, _, group = entry.name.partition(".")
                down.append((group, version))
        return down

    def _group(self, group: str) -> dict[str, Any]:
        versions = [{"groupVersion": f"{group}/{version}", "version": version} for version in self._versions(group)]
        return {"name": group, "versions": versions, "preferredVersion": versions[0]}

    def _resource_list(self, group: str, version: str) -> Answer:
        if (group, version) in self._unavailable():
            raise service_unavailable()
        found = [item for item in self._resources() if (item.group, item.version) == (group, version)]
        if not found:
            raise no_such_resource() if self.serves_group(group) else NoSuchPath(f"/apis/{group}/{version}")
        head = {"kind": "APIResourceList", **({"apiVersion": "v1"} if group else {})}
        entries = [entry for resource in found for entry in _list_entries(resource)]
        return _json({**head, "groupVersion": api_version(found[0]), "resources": entries})

    def _aggregated(self, *, core: bool) -> Answer:
        items = []
        for group in [""] if core else self._groups():
            versions = [self._aggregated_version(group, version) for version in self._versions(group)]
            items.append({"metadata": {"name": group} if group else {}, "versions": versions})
        body = {
            "kind": "APIGroupDiscoveryList",
            "apiVersion": "apidiscovery.k8s.io/v2",
            "metadata": {},
            "items": items,
        }
        return Answer(msgspec.json.encode(body), content_type=_AGGREGATED)

    def _aggregated_version(self, group: str, version: str) -> dict[str, Any]:
        found = [item for item in self._resources() if (item.group, item.version) == (group, version)]
        return {
            "version": version,
            "resources": [_aggregated_entry(item) for item in found],
            "freshness": "Stale" if (group, version) in self._unavailable() else "Current",
        }


def _wants_aggregated(accept: str) -> bool:
    for media in media_types(accept):
        if media.parameters.get("as") == "APIGroupDiscoveryList":
            if media.parameters.get("v") == "v2":
                return True
        elif media.name in ("application/json", "*/*"):
            return False
    return False


def _singular(resource: Resource) -> str:
    return resource.kind.lower() if resource.singular is None else resource.singular


def _list_entries(resource: Resource) -> Iterable[dict[str, Any]]:
    entry: dict[str, Any] = {
        "name": resource.plural,
        "singularName": _singular(resource),
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": resource.verbs,
    }
    yield entry | _extras(resource)
    for sub in resource.subresources:
        name = f"{resource.plural}/{sub.name}"
        yield entry | {"name": name, "singularName": "", "kind": sub.kind, "verbs": sub.verbs}


def _aggregated_entry(resource: Resource) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "resource": resource.plural,
        "responseKind": {"group": "", "version": "", "kind": resource.kind},
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": _singular(resource),
        "verbs": resource.verbs,
    }
    subs = [
        {
            "subresource": sub.name,
            "responseKind": {"group": "", "version": "", "kind": sub.kind},
            "verbs": sub.verbs,
        }
        for sub in resource.subresources
    ]
    return entry | _extras(resource) | ({"subresources": subs} if subs else {})


def _extras(resource: Resource) -> dict[str, Any]:
    extras = {"shortNames": resource.short_names, "categories": resource.categories}
    return {name: values for name, values in extras.items() if values}


def _json(value: Any) -> Answer:
    return Answer(msgspec.json.encode(value))
