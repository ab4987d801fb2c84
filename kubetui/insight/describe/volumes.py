"""Volumes of pods and templates, and the sources of PersistentVolumes: a declaration each, as kubectl prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from kubetui.insight.describe.page import Entry, Field, Heading, Words
from kubetui.insight.describe.reading import NONE, UNSET, Json, get, go_text, items, mapping, pairs, text


class Source(NamedTuple):
    """One type of volume."""

    words: str
    """kubectl's ``Type`` with its explanation."""
    fields: tuple[tuple[str, str, str], ...]
    """Label, field, and what stands for an absent one."""


def _fields(*named: str) -> tuple[tuple[str, str, str], ...]:
    """``"Label=field=default"``; the default may be left out."""
    parts = [one.split("=") for one in named]
    return tuple((label, field, default[0] if default else "") for label, field, *default in parts)


_READ_ONLY: Final = "ReadOnly=readOnly=false"
_SOURCES: Final[dict[str, Source]] = {
    "hostPath": Source("HostPath (bare host directory volume)", _fields("Path=path", "HostPathType=type=<none>")),
    "emptyDir": Source(
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        _fields("Medium=medium", f"SizeLimit=sizeLimit={UNSET}"),
    ),
    "secret": Source(
        "Secret (a volume populated by a Secret)", _fields("SecretName=secretName", "Optional=optional=false")
    ),
    "configMap": Source(
        "ConfigMap (a volume populated by a ConfigMap)", _fields("Name=name", "Optional=optional=false")
    ),
    "nfs": Source(
        "NFS (an NFS mount that lasts the lifetime of a pod)", _fields("Server=server", "Path=path", _READ_ONLY)
    ),
    "persistentVolumeClaim": Source(
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        _fields("ClaimName=claimName", _READ_ONLY),
    ),
    "ephemeral": Source(
        "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)", ()
    ),
    "azureDisk": Source(
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        _fields(
            "DiskName=diskName", "DiskURI=diskURI", "Kind=kind", "FSType=fsType", "CachingMode=cachingMode", _READ_ONLY
        ),
    ),
    "azureFile": Source(
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        _fields("SecretName=secretName", "ShareName=shareName", _READ_ONLY),
    ),
    "csi": Source(
        "CSI (a Container Storage Interface (CSI) volume source)",
        _fields("Driver=driver", "FSType=fsType", _READ_ONLY),
    ),
    "image": Source(
        "Image (a container image or OCI artifact)", _fields("Reference=reference", "PullPolicy=pullPolicy")
    ),
    "local": Source("LocalVolume (a persistent volume backed by local storage on a node)", _fields("Path=path")),
}
_PERSISTENT_CSI: Final = _fields("Driver=driver", "FSType=fsType", "VolumeHandle=volumeHandle", _READ_ONLY)
_ATTRIBUTE: Final = 140


def volumes(spec: Json, level: int = 0) -> Iterator[Entry]:
    """All volumes of a pod's spec."""
    found = items(spec, "volumes")
    if not found:
        yield Field("Volumes", NONE, level)
        return
    yield Heading("Volumes", level)
    for volume in found:
        yield Heading(text(volume, "name"), level + 1)
        yield from source(volume, level + 2)


def source(volume: Json, level: int, *, persistent: bool = False) -> Iterator[Entry]:
    """Where a volume comes from: a pod's, or with ``persistent`` a PersistentVolume's spec."""
    kind = next((key for key in volume if key in _SOURCES or key in ("downwardAPI", "projected")), "")
    value = mapping(volume, kind)
    if kind == "downwardAPI":
        yield from _downward(value, level)
    elif kind == "projected":
        yield from _projected(value, level)
    elif kind:
        yield from _declared(_SOURCES[kind], value, level, _PERSISTENT_CSI if persistent and kind == "csi" else ())
        if kind == "csi":
            yield Field("VolumeAttributes", _attributes(value), level)
        if kind == "ephemeral":
            yield from _claim_template(mapping(value, "volumeClaimTemplate"), level)
    else:
        yield from _other(volume, level)


def _declared(declared: Source, value: Json, level: int, instead: tuple[tuple[str, str, str], ...]) -> Iterator[Entry]:
    yield Field("Type", declared.words, level)
    for label, field, default in instead or declared.fields:
        yield Field(label, text(value, field) or default, level)


def _attributes(value: Json) -> Sequence[str]:
    return [one if len(one) <= _ATTRIBUTE else f"{one[:_ATTRIBUTE]}..." for one in pairs(value, "volumeAttributes")]


def _downward(value: Json, level: int) -> Iterator[Entry]:
    yield Field("Type", "DownwardAPI (a volume populated by information about the pod)", level)
    yield Heading("Items", level)
    for one in items(value, "items"):
        origin = text(one, "fieldRef", "fieldPath") or text(one, "resourceFieldRef", "resource")
        yield Words(f"{origin} -> {text(one, 'path')}", level + 1)


def _projected(value: Json, level: int) -> Iterator[Entry]:
    yield Field("Type", "Projected (a volume that contains injected data from multiple sources)", level)
    for one in items(value, "sources"):
        if get(one, "secret") is not None:
            yield Field("SecretName", text(one, "secret", "name"), level)
            yield Field("Optional", go_text(get(one, "secret", "optional") is True), level)
        elif get(one, "downwardAPI") is not None:
            yield Field("DownwardAPI", "true", level)
        elif get(one, "configMap") is not None:
            yield Field("ConfigMapName", text(one, "configMap", "name"), level)
            yield Field("Optional", go_text(get(one, "configMap", "optional") is True), level)
        elif get(one, "serviceAccountToken") is not None:
            yield Field("TokenExpirationSeconds", text(one, "serviceAccountToken", "expirationSeconds"), level)


def _claim_template(template: Json, level: int) -> Iterator[Entry]:
    """The claim that is made with the pod."""
    yield Field("StorageClass", text(template, "spec", "storageClassName"), level)
    yield Field("Volume", text(template, "spec", "volumeName"), level)
    yield Field("Labels", pairs(template, "metadata", "labels"), level)
    yield Field("Annotations", pairs(template, "metadata", "annotations"), level)
    yield Field("Capacity", "", level)
    yield Field("Access Modes", "", level)
    if get(template, "spec", "volumeMode") is not None:
        yield Field("VolumeMode", text(template, "spec", "volumeMode"), level)


_NOT_A_SOURCE: Final = frozenset(
    {"name", "capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName",
     "mountOptions", "volumeMode", "nodeAffinity", "volumeAttributesClassName"}
)  # fmt: skip


def _other(volume: Json, level: int) -> Iterator[Entry]:
    """A type that Kubernetes has given up, or one newer than this list: its fields as they are."""
    kind = next((key for key in volume if key not in _NOT_A_SOURCE), "")
    if not kind:
        yield Words("<unknown>", level)
        return
    yield Field("Type", kind[:1].upper() + kind[1:], level)
    for key, value in sorted(mapping(volume, kind).items()):
        yield Field(key, go_text(value), level)
