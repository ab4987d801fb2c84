"""A Deployment's row, and its rollout in words as ``kubectl rollout status`` judges it."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from kubetui.kinds.kind import Meaning
from kubetui.kinds.rollout_wire import (
    GenerationMetaWire,
    StrategyWire,
    condition_words,
    strategy_text,
    template_fields,
)
from kubetui.kinds.wire import ConditionWire, Labels, Wire, seconds, word
from kubetui.kinds.workload_wire import SelectorWire, TemplateWire

REVISION: Final = "deployment.kubernetes.io/revision"
"""The annotation of Deployments and ReplicaSets that numbers their revision."""


class DeploymentSpecWire(Wire):
    """``spec``."""

    replicas: int | None = None
    paused: bool | None = None
    selector: SelectorWire | None = None
    strategy: StrategyWire | None = None
    template: TemplateWire = msgspec.field(default_factory=TemplateWire)


class ProgressWire(ConditionWire):
    """``status.conditions[]`` of a Deployment."""

    last_update_time: str | None = None


class DeploymentStatusWire(Wire):
    """``status``."""

    observed_generation: int | None = None
    replicas: int | None = None
    updated_replicas: int | None = None
    ready_replicas: int | None = None
    available_replicas: int | None = None
    conditions: list[ProgressWire] | None = None


class DeploymentWire(Wire):
    """One Deployment."""

    metadata: GenerationMetaWire
    spec: DeploymentSpecWire = msgspec.field(default_factory=DeploymentSpecWire)
    status: DeploymentStatusWire = msgspec.field(default_factory=DeploymentStatusWire)


class DeploymentRow(msgspec.Struct, frozen=True, gc=False):
    """One Deployment. Times are Unix seconds."""

    namespace: str
    name: str
    version: int
    provisional: bool = False
    desired: int = 0
    replicas: int = 0
    """Pods there are, of whatever revision, terminating ones left out."""
    ready: int = 0
    updated: int = 0
    available: int = 0
    rollout: str = ""
    """The rollout in words."""
    meaning: Meaning = Meaning.UNKNOWN
    reason: str = ""
    """Why it does not go on: reason and message of the condition that says so. Not sanitised."""
    unavailable_since: int = 0
    """Since when fewer are available than the strategy allows; 0 while enough are."""
    progressed: int = 0
    """When its rollout last came further."""
    paused: bool = False
    strategy: str = ""
    """``RollingUpdate 25%/25%`` (may be unavailable / may be too many), ``Recreate``."""
    revision: str = ""
    created: int = 0
    deleted: int = 0
    selector: str = ""
    """As the ``labelSelector`` parameter takes it."""
    containers: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    """One for each of ``containers``."""
    labels: Labels = ()


class Rollout(NamedTuple):
    """How far a rollout is."""

    words: str
    meaning: Meaning
    reason: str = ""


def deployment_row(wire: DeploymentWire) -> DeploymentRow:
    """The flat row of one Deployment. Raises msgspec.ValidationError where a time is none."""
    meta, spec, status = wire.metadata, wire.spec, wire.status
    rollout = rollout_of(wire)
    conditions = {one.type: one for one in reversed(status.conditions or ())}
    available, progress = conditions.get("Available"), conditions.get("Progressing")
    return DeploymentRow(
        **template_fields(meta, spec.selector, spec.template),
        desired=_desired(spec),
        replicas=status.replicas or 0,
        ready=status.ready_replicas or 0,
        updated=status.updated_replicas or 0,
        available=status.available_replicas or 0,
        rollout=word(rollout.words),
        meaning=rollout.meaning,
        reason=rollout.reason,
        unavailable_since=seconds(available.last_transition_time) if available and available.status == "False" else 0,
        progressed=seconds(progress.last_update_time) if progress else 0,
        paused=bool(spec.paused),
        strategy=strategy_text(spec.strategy),
        revision=word((meta.annotations or {}).get(REVISION)),
    )


def _desired(spec: DeploymentSpecWire) -> int:
    """One where nothing is said, as the API defaults it."""
    return 1 if spec.replicas is None else spec.replicas


def rollout_of(wire: DeploymentWire) -> Rollout:
    """The steps of ``DeploymentStatusViewer`` in ``k8s.io/kubectl/pkg/polymorphichelpers``, in its order.

    On top: why, where a condition tells (quota, admission, deadline), and whether what is missing is on its way or
    was lost after the rollout had been complete.
    """
    desired, status = _desired(wire.spec), wire.status
    conditions = {one.type: one for one in reversed(status.conditions or ())}
    failure, progress = conditions.get("ReplicaFailure"), conditions.get("Progressing")
    failed = failure is not None and failure.status == "True"
    reason = condition_words(failure) if failed else ""
    stuck = progress is not None and progress.reason == "ProgressDeadlineExceeded"
    if stuck and not reason:
        reason = condition_words(progress)
    words = _words(wire, desired)
    if wire.spec.paused:
        return Rollout("paused" if words == COMPLETE else f"paused, {words}", Meaning.PLANNED, reason)
    if (wire.metadata.generation or 0) > (status.observed_generation or 0):
        return Rollout(words, Meaning.PLANNED, reason)
    if stuck:
        return Rollout(f"stuck, {words}", Meaning.ACT, reason)
    return Rollout(words, _meaning(status, desired, words, progress, failed=failed), reason)


COMPLETE: Final = "complete"


def _words(wire: DeploymentWire, desired: int) -> str:
    status = wire.status
    total, updated, available = status.replicas or 0, status.updated_replicas or 0, status.available_replicas or 0
    if (wire.metadata.generation or 0) > (status.observed_generation or 0):
        return "change not seen by the controller yet"
    if updated < desired:
        return f"{updated} of {desired} updated"
    if total > updated:
        old = total - updated
        return f"{old} old replica{'s' if old > 1 else ''} terminating"
    if available < updated:
        return f"{available} of {updated} updated are available"
    return COMPLETE if desired else "scaled to 0"


def _meaning(
    status: DeploymentStatusWire, desired: int, words: str, progress: ConditionWire | None, *, failed: bool
) -> Meaning:
    if not desired and words == "scaled to 0":
        return Meaning.PLAIN
    if desired and not status.available_replicas and progress is not None and _was_complete(progress):
        return Meaning.ACT
    if words == COMPLETE:
        return Meaning.FINE
    if failed or (progress is not None and _was_complete(progress)):
        return Meaning.LOOK
    return Meaning.PLANNED


def _was_complete(progress: ConditionWire) -> bool:
    """The newest ReplicaSet was fully available once: what is missing now was lost, not awaited."""
    return progress.reason == "NewReplicaSetAvailable"
