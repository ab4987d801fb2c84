"""Writing small objects: the right Table cells and selector fields for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kubetui.demo import resources as kinds
from kubetui.demo.custom_resources import CELLS
from kubetui.demo.entries import cells
from kubetui.demo.entries.object import ObjectEntry
from kubetui.demo.entry import Resource
from kubetui.demo.storage import Storage

Body = Mapping[str, Any]

_CELLS: Mapping[Resource, cells.Cells] = {
    kinds.NAMESPACES: cells.namespace,
    kinds.SERVICES: cells.service,
    kinds.ENDPOINTS: cells.endpoints,
    kinds.CONFIG_MAPS: cells.config_map,
    kinds.SECRETS: cells.secret,
    kinds.SERVICE_ACCOUNTS: cells.name_and_age,
    kinds.VOLUMES: cells.volume,
    kinds.VOLUME_CLAIMS: cells.volume_claim,
    kinds.JOBS: cells.job,
    kinds.CRON_JOBS: cells.cron_job,
    kinds.AUTOSCALERS: cells.autoscaler,
    kinds.ENDPOINT_SLICES: cells.endpoint_slice,
    kinds.INGRESSES: cells.ingress,
    kinds.NETWORK_POLICIES: cells.network_policy,
    kinds.DISRUPTION_BUDGETS: cells.disruption_budget,
    kinds.PRIORITY_CLASSES: cells.priority_class,
    kinds.STORAGE_CLASSES: cells.storage_class,
    kinds.CSI_NODES: cells.csi_node,
    kinds.CSI_DRIVERS: cells.csi_driver,
    kinds.VOLUME_ATTACHMENTS: cells.volume_attachment,
    kinds.API_SERVICES: cells.api_service,
    kinds.CUSTOM_RESOURCE_DEFINITIONS: cells.name_and_creation,
    **CELLS,
}
_FIELDS: Mapping[Resource, Callable[[Body], Mapping[str, str]]] = {
    kinds.NAMESPACES: lambda body: {"status.phase": body["status"]["phase"]},
    kinds.SECRETS: lambda body: {"type": body["type"]},
    kinds.SERVICES: lambda body: {
        "spec.clusterIP": body["spec"].get("clusterIP", ""),
        "spec.type": body["spec"]["type"],
    },
    kinds.JOBS: lambda body: {"status.successful": str(body.get("status", {}).get("succeeded", 0))},
}


def put(storage: Storage, resource: Resource, body: Body) -> None:
    """Write an object of a small kind. A kind that has an entry of its own is a KeyError."""
    select = _FIELDS.get(resource)
    storage.put(resource, ObjectEntry(body, _CELLS[resource], select(body) if select else None))


def read(storage: Storage, resource: Resource, namespace: str, name: str) -> dict[str, Any]:
    """An object of a small kind as a dict of the caller's own; KeyError if there is none."""
    entry = storage.get(resource, namespace, name)
    if not isinstance(entry, ObjectEntry):
        raise KeyError(f"there is no {resource.kind} {namespace}/{name}")
    return entry.body()
