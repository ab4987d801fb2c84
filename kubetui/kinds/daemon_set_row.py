"""A DaemonSet's row, and its rollout in words as ``kubectl rollout status`` judges it."""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.kind import Meaning
from kubetui.kinds.placement import Placement, placement_of
from kubetui.kinds.rollout_wire import GenerationMetaWire, StrategyWire, strategy_text, template_fields
from kubetui.kinds.wire import Labels, Wire, word
from kubetui.kinds.workload_wire import SelectorWire, TemplateWire

GENERATION: Final = "deprecated.daemonset.template.generation"
"""The annotation that counts changes of the template; every server since 1.9 still keeps it."""
POD_GENERATION: Final = "pod-template-generation"
"""The label of a DaemonSet's pod with the count it was made from."""


class DaemonSetSpecWire(Wire):
    """``spec``."""

    selector: SelectorWire | None = None
    update_strategy: StrategyWire | None = None
    template: TemplateWire = msgspec.field(default_factory=TemplateWire)


class DaemonSetStatusWire(Wire):
    """``status``."""

    observed_generation: int | None = None
    desired_number_scheduled: int | None = None
    current_number_scheduled: int | None = None
    number_ready: int | None = None
    updated_number_scheduled: int | None = None
    number_available: int | None = None
    number_misscheduled: int | None = None


class DaemonSetWire(Wire):
    """One DaemonSet."""

    metadata: GenerationMetaWire
    spec: DaemonSetSpecWire = msgspec.field(default_factory=DaemonSetSpecWire)
    status: DaemonSetStatusWire = msgspec.field(default_factory=DaemonSetStatusWire)


class DaemonSetRow(msgspec.Struct, frozen=True, gc=False):
    """One DaemonSet. Times are Unix seconds."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    desired: int = 0
    """Nodes that should run it, as its controller counts them."""
    current: int = 0
    """Nodes that should and have a pod of it."""
    ready: int = 0
    updated: int = 0
    available: int = 0
    misscheduled: int = 0
    """Nodes that should not run it and have a pod of it.

    All counts are as old as the last change of the DaemonSet or of a pod: its controller does not look again for a
    taint that lets a pod stay (``syncNodeUpdate``).
    """
    may_miss: int = 0
    """How many nodes a rolling update may leave without it for a while (``maxUnavailable``)."""
    observed: bool = True
    """The controller has seen the latest change of the spec."""
    strategy: str = ""
    """``RollingUpdate 1/0`` (may be unavailable / may be too many), ``OnDelete``."""
    revision: str = ""
    """The count of its template's changes."""
    placement: Placement = Placement()
    created: int = 0
    deleted: int = 0
    selector: str = ""
    """As the ``labelSelector`` parameter takes it."""
    containers: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    """One for each of ``containers``."""
    labels: Labels = ()

    @property
    def rollout(self) -> str:
        """The steps of ``DaemonSetStatusViewer`` in ``k8s.io/kubectl/pkg/polymorphichelpers``, in its order."""
        if not self.observed:
            return "change not seen by the controller yet"
        if self.updated < self.desired:
            words = f"{self.updated} of {self.desired} updated"
            return words if self.rolling else f"{words}, the rest on delete"
        if self.available < self.desired:
            return f"{self.available} of {self.desired} available"
        return "complete" if self.desired else "no node wants it"

    @property
    def rolling(self) -> bool:
        """Pods are replaced by the controller; with ``OnDelete`` whoever deletes one gets a new one."""
        return not self.strategy.startswith("OnDelete")

    @property
    def meaning(self) -> Meaning:
        """Act where it runs nowhere, look where nodes miss it or wrongly have it, planned while it rolls out."""
        if self.desired and not self.ready and self.observed:
            return Meaning.ACT
        missing = max(self.desired - self.available, 0)
        rolls_out = self.updated < self.desired <= self.current and missing <= self.may_miss
        if not self.observed or rolls_out:
            return Meaning.PLANNED
        if min(self.updated, self.available) < self.desired or self.misscheduled:
            return Meaning.LOOK
        return Meaning.FINE if self.desired else Meaning.PLAIN


def daemon_set_row(wire: DaemonSetWire) -> DaemonSetRow:
    """The flat row of one DaemonSet. Raises msgspec.ValidationError where a time is none."""
    meta, spec, status = wire.metadata, wire.spec, wire.status
    return DaemonSetRow(
        **template_fields(meta, spec.selector, spec.template),
        desired=status.desired_number_scheduled or 0,
        current=status.current_number_scheduled or 0,
        ready=status.number_ready or 0,
        updated=status.updated_number_scheduled or 0,
        available=status.number_available or 0,
        misscheduled=status.number_misscheduled or 0,
        may_miss=_may_miss(spec.update_strategy, status.desired_number_scheduled or 0),
        observed=(meta.generation or 0) <= (status.observed_generation or 0),
        strategy=strategy_text(spec.update_strategy),
        revision=word((meta.annotations or {}).get(GENERATION)),
        placement=placement_of(spec.template.spec),
    )


def _may_miss(strategy: StrategyWire | None, desired: int) -> int:
    """A number, or a percentage of the desired, rounded up; 1 where nothing is said, as the API defaults it."""
    rolling = strategy.rolling_update if strategy else None
    most = rolling.max_unavailable if rolling else None
    if most is None:
        return 1
    if isinstance(most, int):
        return most
    percent = most.removesuffix("%")
    if not (percent.isascii() and percent.isdigit() and len(percent) < 6):
        return 1
    return -(-int(percent) * desired // 100)
