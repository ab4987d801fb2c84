"""From what a person named to pods: which stores to watch, and which of their pods are meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import msgspec

from kubetui.cluster.errors import NotFound, NotKubernetes
from kubetui.cluster.logs.place import LogApi
from kubetui.cluster.logs.target import LogTarget
from kubetui.cluster.session import Scope
from kubetui.cluster.transport import Request
from kubetui.expression import Expression
from kubetui.kinds.log_pod import LogPodRow
from kubetui.kinds.wire import PlainMetaWire, Wire
from kubetui.kinds.workload_wire import SelectorWire, selector_text

_ROOTS: Final = {
    "deployments": "/apis/apps/v1",
    "daemonsets": "/apis/apps/v1",
    "statefulsets": "/apis/apps/v1",
    "replicasets": "/apis/apps/v1",
    "jobs": "/apis/batch/v1",
    "services": "/api/v1",
}
_OWNERS: Final = {
    "daemonsets": "DaemonSet",
    "statefulsets": "StatefulSet",
    "replicasets": "ReplicaSet",
    "jobs": "Job",
}


@dataclass(frozen=True)
class Choice:
    """Pods of one store."""

    scope: Scope
    keep: Callable[[LogPodRow], bool] = lambda row: True
    whole_name: str = ""
    """Where a pod has exactly this name, it alone is meant."""


class _ServiceSpec(Wire):
    selector: dict[str, str] | None = None


class _WorkloadSpec(Wire):
    selector: SelectorWire | None = None


class _Service(Wire):
    metadata: PlainMetaWire
    spec: _ServiceSpec = msgspec.field(default_factory=_ServiceSpec)


class _Workload(Wire):
    metadata: PlainMetaWire
    spec: _WorkloadSpec = msgspec.field(default_factory=_WorkloadSpec)


class _Services(Wire):
    items: list[_Service] | None = None


class _Workloads(Wire):
    items: list[_Workload] | None = None


async def choices_for(api: LogApi, target: LogTarget) -> list[Choice]:
    """Which pods ``target`` means. Raises ClusterError types: NotFound where there is no such object."""
    plural, name = target.plural, target.name
    if plural == "pods":
        return [Choice(Scope(target.namespaces, fields=f"metadata.name={name}"))]
    if plural == "nodes":
        return [Choice(Scope(target.namespaces, fields=f"spec.nodeName={name}"))]
    if plural == "cronjobs":
        jobs = re.compile(rf"{re.escape(name)}-\d+")
        keep = lambda row: row.owner_kind == "Job" and jobs.fullmatch(row.owner) is not None  # noqa: E731 – of a local name
        return [Choice(Scope(target.namespaces), keep)]
    if plural:
        return await _of_workload(api, target)
    expression = Expression(target.expression)
    return [
        Choice(
            Scope(target.namespaces, labels=target.labels),
            lambda row: expression.matches(row.name),
            target.expression,
        )
    ]


async def _of_workload(api: LogApi, target: LogTarget) -> list[Choice]:
    found: list[Choice] = []
    for namespace in [None] if target.namespaces is None else sorted(target.namespaces):
        for place, selector in await _selectors(api, target, namespace):
            # The controller's own pods: selectors of two workloads may overlap.
            keep = _owned_by(target.plural, target.name)
            found.append(Choice(Scope(frozenset({place}), labels=selector), keep))
    if not found:
        raise NotFound(f"find {target.words} in {target.place}", "there is none", status=404)
    return found


async def _selectors(api: LogApi, target: LogTarget, namespace: str | None) -> list[tuple[str, str]]:
    """(namespace, label selector) of each object of that name."""
    place = "" if namespace is None else f"/namespaces/{quote(namespace, safe='')}"
    tried = f"find {target.words} in {namespace or 'all namespaces'}"
    answer = await api.send(
        Request(
            f"{_ROOTS[target.plural]}{place}/{target.plural}",
            tried,
            (("fieldSelector", f"metadata.name={target.name}"),),
        )
    )
    try:
        if target.plural == "services":
            services = msgspec.json.decode(answer.body, type=_Services).items or ()
            pairs = [(one.metadata, _exact(one.spec.selector)) for one in services]
        else:
            workloads = msgspec.json.decode(answer.body, type=_Workloads).items or ()
            pairs = [(one.metadata, selector_text(one.spec.selector)) for one in workloads]
    except msgspec.DecodeError as error:
        raise NotKubernetes(tried, f"the answer is no list: {error}") from error
    for _, selector in pairs:
        if not selector:
            raise NotFound(tried, "it selects no pods", status=404)
    return [(meta.namespace or "", selector) for meta, selector in pairs]


def _exact(selector: dict[str, str] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((selector or {}).items()))


def _owned_by(plural: str, name: str) -> Callable[[LogPodRow], bool]:
    if plural == "services":
        return lambda row: True
    if plural == "deployments":
        return lambda row: row.owner_kind == "ReplicaSet" and row.owner == f"{name}-{_template_hash(row)}"
    kind = _OWNERS[plural]
    return lambda row: (row.owner_kind, row.owner) == (kind, name)


def _template_hash(row: LogPodRow) -> str:
    return next((value for key, value in row.labels if key == "pod-template-hash"), "")
