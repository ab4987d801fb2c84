"""The few fields that are read of Azure Resource Manager's answers, and the final values made of them.

Plain Structs instead of ``azure-mgmt-compute``'s models: those need 1.1 ms a machine on the event loop and a further
second of imports. Every field may be absent: Azure leaves out what is unset.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from kubetui.azure.machines import Instance, ScaleSet
from kubetui.kinds.age import unix

W = TypeVar("W")

BOOTSTRAP: Final = frozenset({"vmsscse", "cse", "cse-agent-karpenter", "windows-cse-agent-karpenter"})
"""The extension that makes a machine a node: of Linux pools, of Windows pools and single machines, of Karpenter's."""
POOL_TAGS: Final = ("aks-managed-poolname", "poolname", "karpenter.sh_nodepool")
"""In lower case, the first that is there counts."""


NOT_UNDERSTOOD: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises for an answer that is not what it should be: no JSON, wrong types, wrong bytes, too deep."""


class _Wire(msgspec.Struct, rename="camel", gc=False):
    pass


class PageWire(_Wire):
    """One page of a list."""

    value: list[msgspec.Raw]
    """Needed: an answer without it is no list, and must not pass for an empty one."""
    next_link: str | None = None


class _Status(_Wire):
    code: str | None = None
    level: str | None = None
    display_status: str | None = None
    message: str | None = None
    time: str | None = None


class _Extension(_Wire):
    name: str | None = None
    statuses: list[_Status] | None = None


class _Health(_Wire):
    status: _Status | None = None


class _Maintenance(_Wire):
    maintenance_window_start_time: str | None = None
    maintenance_window_end_time: str | None = None


class ViewWire(_Wire):
    """An instance view."""

    statuses: list[_Status] | None = None
    extensions: list[_Extension] | None = None
    vm_health: _Health | None = None
    maintenance_redeploy_status: _Maintenance | None = None


class _Image(_Wire):
    id: str | None = None
    exact_version: str | None = None
    version: str | None = None


class _Storage(_Wire):
    image_reference: _Image | None = None


class _Os(_Wire):
    computer_name: str | None = None


class _VmProperties(_Wire):
    latest_model_applied: bool | None = None
    provisioning_state: str | None = None
    time_created: str | None = None
    os_profile: _Os | None = None
    storage_profile: _Storage | None = None
    instance_view: ViewWire | None = None
    priority: str | None = None


class VmWire(_Wire):
    """A machine, of a scale set or by itself."""

    id: str
    name: str | None = None
    instance_id: str | None = None
    zones: list[str] | None = None
    tags: msgspec.Raw = msgspec.Raw()
    properties: _VmProperties | None = None


class _Sku(_Wire):
    name: str | None = None
    capacity: int | None = None


class _Profile(_Wire):
    priority: str | None = None
    eviction_policy: str | None = None
    storage_profile: _Storage | None = None


class _SetProperties(_Wire):
    provisioning_state: str | None = None
    orchestration_mode: str | None = None
    virtual_machine_profile: _Profile | None = None


class ScaleSetWire(_Wire):
    """A scale set."""

    id: str
    name: str
    sku: _Sku | None = None
    zones: list[str] | None = None
    tags: dict[str, str] | None = None
    properties: _SetProperties | None = None


class GroupWire(_Wire):
    """A resource group."""

    tags: dict[str, str] | None = None


def items(raws: Iterable[msgspec.Raw], wire: type[W]) -> tuple[list[W], int]:
    """Items of a page, and how many of them were not understood."""
    found, unreadable = [], 0
    for raw in raws:
        try:
            found.append(msgspec.json.decode(raw, type=wire))
        except NOT_UNDERSTOOD:
            unreadable += 1
    return found, unreadable


def time_of(text: str | None) -> int:
    """Unix seconds; 0 for what is no time."""
    try:
        return unix(text)
    except (ValueError, OverflowError):
        return 0


def image_version(image: _Image | None) -> str:
    """``202610.12.0`` of an image reference: what runs, else what the id ends in."""
    if image is None:
        return ""
    before, _, last = (image.id or "").rpartition("/")
    named = last if before.lower().endswith("/versions") else ""
    return image.exact_version or named or image.version or ""


def instance(wire: VmWire, scale_set: str) -> Instance:
    """One machine."""
    properties = wire.properties or _VmProperties()
    storage = properties.storage_profile or _Storage()
    found = Instance(
        id=wire.id,
        scale_set=scale_set,
        number=wire.instance_id or wire.name or wire.id.rpartition("/")[2],
        computer_name=(properties.os_profile.computer_name or "") if properties.os_profile else "",
        provisioning=properties.provisioning_state or "",
        image=image_version(storage.image_reference),
        zone=(wire.zones or [""])[0],
        created=time_of(properties.time_created),
        latest_model=properties.latest_model_applied,
        pool="" if scale_set else _tagged(wire.tags),
        spot=(properties.priority or "").lower() in ("spot", "low"),
    )
    view = properties.instance_view
    return found if view is None else with_view(found, view)


def with_view(one: Instance, view: ViewWire) -> Instance:
    """The machine with what its instance view says."""
    statuses = view.statuses or []
    worst = _worst(statuses)
    maintenance = view.maintenance_redeploy_status
    health = view.vm_health.status if view.vm_health else None
    bootstrap_state, bootstrap = _bootstrap(view.extensions or ())
    return one._replace(
        power=_power(statuses),
        health=_last(health.code) if health else "",
        message=(worst.message or "") if worst else "",
        at=time_of(worst.time) if worst else 0,
        bootstrap=bootstrap,
        bootstrap_state=sys.intern(bootstrap_state),
        maintenance=time_of(maintenance.maintenance_window_start_time) if maintenance else 0,
        maintenance_ends=time_of(maintenance.maintenance_window_end_time) if maintenance else 0,
    )


def _tagged(tags: msgspec.Raw) -> str:
    """The node pool that a machine's tags name. Instances of scale sets carry their set's: those are not decoded."""
    try:
        return pool_of(msgspec.json.decode(tags, type=dict[str, str])) if tags else ""
    except NOT_UNDERSTOOD:
        return ""


def pool_of(tags: Mapping[str, str]) -> str:
    """The node pool that a resource's tags name; ``""`` for none."""
    named = {name.lower(): value for name, value in tags.items()}
    return next((named[tag] for tag in POOL_TAGS if named.get(tag)), "")


def _power(statuses: Iterable[_Status]) -> str:
    codes = ((status.code or "").lower() for status in statuses)
    return next((code.partition("/")[2] for code in codes if code.startswith("powerstate/")), "")


def _worst(statuses: Sequence[_Status]) -> _Status | None:
    """The first error, else the provisioning state's status."""
    provisioning = [one for one in statuses if (one.code or "").lower().startswith("provisioningstate/")]
    return next((one for one in statuses if _failed(one)), provisioning[0] if provisioning else None)


def _failed(status: _Status) -> bool:
    return (status.level or "").lower() == "error" or "/failed" in (status.code or "").lower()


def _bootstrap(extensions: Iterable[_Extension]) -> tuple[str, str]:
    """(state, what it says where it failed) of the extension that makes the machine a node."""
    statuses = [
        status
        for extension in extensions
        if (extension.name or "").lower() in BOOTSTRAP
        for status in extension.statuses or ()
    ]
    failed = next((one for one in statuses if _failed(one)), None)
    if failed is not None:
        return _state(failed), failed.message or failed.display_status or failed.code or "failed"
    return _state(statuses[-1]) if statuses else "", ""


def _state(status: _Status) -> str:
    """``failed/50`` of ``ProvisioningState/failed/50``."""
    return (status.code or "").partition("/")[2] or status.display_status or status.code or ""


def _last(code: str | None) -> str:
    return (code or "").rpartition("/")[2].lower()


def scale_set(wire: ScaleSetWire) -> ScaleSet:
    """One scale set, its instances still unknown."""
    properties, sku = wire.properties or _SetProperties(), wire.sku or _Sku()
    profile = properties.virtual_machine_profile or _Profile()
    storage = profile.storage_profile or _Storage()
    return ScaleSet(
        id=wire.id,
        name=wire.name,
        pool=pool_of(wire.tags or {}),
        size=sku.name or "",
        capacity=sku.capacity or 0,
        provisioning=properties.provisioning_state or "",
        flexible=(properties.orchestration_mode or "").lower() == "flexible",
        spot=(profile.priority or "").lower() in ("spot", "low"),
        eviction=profile.eviction_policy or "",
        image=image_version(storage.image_reference),
        zones=tuple(wire.zones or ()),
    )


def read(body: bytes, wire: Any) -> Any:
    """A body as ``wire``. Raises ``NOT_UNDERSTOOD``."""
    return msgspec.json.decode(body, type=wire)
