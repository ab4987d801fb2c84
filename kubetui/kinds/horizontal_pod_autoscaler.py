"""HorizontalPodAutoscalers (autoscaling/v2): what drives a workload's size, and what they said last."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kubetui.kinds.common_columns import name_column, namespace_column
from kubetui.kinds.kind import Column, Kind, Meaning
from kubetui.kinds.wire import ConditionWire, PlainMetaWire, Wire, version_of, word

_BAD_WHEN_FALSE: Final = frozenset({"AbleToScale", "ScalingActive"})
_AT_ITS_MOST: Final = "TooManyReplicas"
_NOTHING_HOLDS_IT: Final = frozenset({"ReadyForNewScale", "SucceededGetScale"})
"""Reasons why it is able to scale that say no more than that (``pkg/controller/podautoscaler/horizontal.go``);
``ScaleDownStabilized``, ``SucceededRescale`` say why its size is what it is."""


class TargetRefWire(Wire):
    """``spec.scaleTargetRef``."""

    kind: str = ""
    name: str = ""


class SpecWire(Wire):
    """``spec``."""

    scale_target_ref: TargetRefWire = msgspec.field(default_factory=TargetRefWire)
    min_replicas: int | None = None
    max_replicas: int = 0
    metrics: list[dict[str, Any]] | None = None


class StatusWire(Wire):
    """``status``."""

    current_replicas: int = 0
    desired_replicas: int = 0
    current_metrics: list[dict[str, Any]] | None = None
    conditions: list[ConditionWire] | None = None


class AutoscalerWire(Wire):
    """One HorizontalPodAutoscaler."""

    metadata: PlainMetaWire
    spec: SpecWire = msgspec.field(default_factory=SpecWire)
    status: StatusWire = msgspec.field(default_factory=StatusWire)


class AutoscalerRow(msgspec.Struct, frozen=True, gc=False):
    """One HorizontalPodAutoscaler."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    target_kind: str = ""
    target: str = ""
    """Name of the workload that it scales."""
    least: int = 1
    most: int = 0
    current: int = 0
    wanted: int = 0
    metrics: tuple[str, ...] = ()
    """``cpu 63%/70%``, as kubectl writes TARGETS."""
    reason: str = ""
    """Of the condition that is worst: ``FailedGetResourceMetric``, ``TooManyReplicas``; else what it did last:
    ``ScaleDownStabilized``, ``SucceededRescale``; ``""``: nothing to say."""
    message: str = ""
    """The cluster's own words for it; not sanitised."""
    broken: bool = False
    """It can't do its work."""

    @property
    def at_its_most(self) -> bool:
        """It wants more replicas than it may have."""
        return self.reason == _AT_ITS_MOST

    @property
    def words(self) -> str:
        """``cpu 63%/70% · 3 of 2–10``, and why it stands still or is at its end."""
        size = f"{self.current} of {self.least}–{self.most}"
        if self.wanted != self.current:
            size = f"{self.current}→{self.wanted} of {self.least}–{self.most}"
        return " · ".join(part for part in (*self.metrics, size, self.reason) if part)


def autoscaler_row(wire: AutoscalerWire) -> AutoscalerRow:
    """The flat row. Raises msgspec.ValidationError where a field has another shape."""
    meta, spec, status = wire.metadata, wire.spec, wire.status
    condition, broken = _worst(status.conditions or ())
    return AutoscalerRow(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        target_kind=word(spec.scale_target_ref.kind),
        target=spec.scale_target_ref.name,
        least=1 if spec.min_replicas is None else spec.min_replicas,
        most=spec.max_replicas,
        current=status.current_replicas,
        wanted=status.desired_replicas,
        metrics=tuple(_metrics(spec.metrics or (), status.current_metrics or ())),
        reason=word(condition.reason) if condition is not None else "",
        message=(condition.message or "")[:200] if condition is not None else "",
        broken=broken,
    )


def _worst(conditions: list[ConditionWire] | tuple[()]) -> tuple[ConditionWire | None, bool]:
    """The condition worth a word, and whether it means that nothing works."""
    for condition in conditions:
        if condition.type in _BAD_WHEN_FALSE and condition.status == "False":
            return condition, True
    for condition in conditions:
        if condition.type == "ScalingLimited" and condition.status == "True":
            return condition, False
    for condition in conditions:
        if condition.type == "AbleToScale" and condition.reason not in _NOTHING_HOLDS_IT:
            return condition, False
    return None, False


def _metrics(wanted: Any, current: Any) -> list[str]:
    """Each metric that is asked for with its present value: by kind and name, as the status has them."""
    return [_metric(one, [found for found in current if isinstance(found, dict)]) for one in wanted
            if isinstance(one, dict)]  # fmt: skip


def _metric(wanted: dict[str, Any], current: list[dict[str, Any]]) -> str:
    kind = wanted.get("type")
    source = _part(wanted, kind)
    name = _name(source)
    now = next((_part(one, one.get("type")) for one in current
                if one.get("type") == kind and _name(_part(one, kind)) == name), {})  # fmt: skip
    return f"{name} {_value(now.get('current'))}/{_value(source.get('target'))}"


def _part(metric: dict[str, Any], kind: Any) -> dict[str, Any]:
    """``resource``, ``containerResource``, ``pods``, ``object``, ``external``."""
    found = metric.get(kind[:1].lower() + kind[1:]) if isinstance(kind, str) else None
    return found if isinstance(found, dict) else {}


def _name(source: dict[str, Any]) -> str:
    metric = source.get("metric")
    name = source.get("name") or (metric.get("name") if isinstance(metric, dict) else "")
    return str(name or "metric")[:60]


def _value(value: Any) -> str:
    """A share of the request where that is what counts, else a quantity."""
    if not isinstance(value, dict):
        return "<unknown>"
    share = value.get("averageUtilization")
    if isinstance(share, int):
        return f"{share}%"
    found = value.get("averageValue") or value.get("value")
    return str(found)[:30] if found not in (None, "") else "<unknown>"


HORIZONTAL_POD_AUTOSCALER: Final[Kind[AutoscalerRow]] = Kind(
    name="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    group="autoscaling",
    api_version="v2",
    namespaced=True,
    wire=AutoscalerWire,
    row=autoscaler_row,
    columns=(
        namespace_column(AutoscalerRow),
        name_column(AutoscalerRow),
        Column("TARGETS", lambda row, now: ", ".join(row.metrics), lambda row: row.metrics,
               meaning=lambda row: Meaning.LOOK if row.broken else Meaning.PLAIN),
    ),
    problem=lambda row: row.broken,
)  # fmt: skip
"""Not in the registry: the Kinds pane shows it with the server's own columns."""
