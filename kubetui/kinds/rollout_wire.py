"""What Deployments, ReplicaSets and DaemonSets share of their rollouts: strategy, template, what a row says of both."""

from __future__ import annotations

from typing import Final, TypedDict

from kubetui.kinds.wire import ConditionWire, Labels, MetaWire, Wire, labels_of, seconds, version_of, word
from kubetui.kinds.workload_wire import SelectorWire, TemplateWire, container_images, container_names, selector_text

_LONGEST: Final = 400


class GenerationMetaWire(MetaWire):
    """``metadata`` with the count of changes of ``spec``."""

    generation: int | None = None


class RollingUpdateWire(Wire):
    """``rollingUpdate``: numbers or percentages."""

    max_unavailable: int | str | None = None
    max_surge: int | str | None = None


class StrategyWire(Wire):
    """``spec.strategy``, ``spec.updateStrategy``."""

    type: str | None = None
    rolling_update: RollingUpdateWire | None = None


def strategy_text(strategy: StrategyWire | None) -> str:
    """The type, and for a rolling update how many may be unavailable / too many."""
    if strategy is None or not strategy.type:
        return ""
    rolling = strategy.rolling_update
    if rolling is None:
        return word(strategy.type)
    amounts = [str(part) for part in (rolling.max_unavailable, rolling.max_surge) if part is not None]
    return word(f"{strategy.type} {'/'.join(amounts)}".rstrip())


class TemplateFields(TypedDict):
    """The fields that rows of all three have."""

    namespace: str
    name: str
    version: int
    created: int
    deleted: int
    selector: str
    containers: tuple[str, ...]
    images: tuple[str, ...]
    labels: Labels


def template_fields(meta: MetaWire, selector: SelectorWire | None, template: TemplateWire) -> TemplateFields:
    """What metadata, selector and pod template tell. Raises msgspec.ValidationError where a time is none."""
    return TemplateFields(
        namespace=word(meta.namespace),
        name=meta.name,
        version=version_of(meta.resource_version),
        created=seconds(meta.creation_timestamp),
        deleted=seconds(meta.deletion_timestamp),
        selector=word(selector_text(selector)),
        containers=container_names(template),
        images=container_images(template),
        labels=labels_of(meta.labels),
    )


def condition_words(condition: ConditionWire | None) -> str:
    """Reason and message of a condition, at most 400 characters; not sanitised."""
    if condition is None:
        return ""
    return ": ".join(part for part in (condition.reason, condition.message) if part)[:_LONGEST]
