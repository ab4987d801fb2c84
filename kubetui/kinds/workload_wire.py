"""What Deployments, ReplicaSets and DaemonSets share in their JSON: selector, pod template, and texts made of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kubetui.kinds.placement import PodPlaceWire
from kubetui.kinds.wire import Wire, words


class RequirementWire(Wire):
    """``matchExpressions[]`` of a label selector."""

    key: str = ""
    operator: str = ""
    values: list[str] | None = None


class SelectorWire(Wire):
    """A label selector."""

    match_labels: dict[str, str] | None = None
    match_expressions: list[RequirementWire] | None = None


class TemplateContainerWire(Wire):
    """``spec.template.spec.containers[]``."""

    name: str = ""
    image: str | None = None


class TemplateSpecWire(PodPlaceWire):
    """``spec.template.spec``."""

    containers: list[TemplateContainerWire] | None = None


class TemplateWire(Wire):
    """``spec.template``."""

    spec: TemplateSpecWire = msgspec.field(default_factory=TemplateSpecWire)


def selector_text(selector: SelectorWire | None) -> str:
    """A label selector as the API's ``labelSelector`` parameter and kubectl's SELECTOR spell it; ``""`` for none."""
    if selector is None:
        return ""
    parts = [(key, f"{key}={value}") for key, value in (selector.match_labels or {}).items()]
    parts += [(one.key, _requirement_text(one)) for one in selector.match_expressions or ()]
    return ",".join(text for _, text in sorted(parts))


def _requirement_text(one: RequirementWire) -> str:
    if one.operator == "Exists":
        return one.key
    if one.operator == "DoesNotExist":
        return f"!{one.key}"
    word = "in" if one.operator == "In" else "notin"
    return f"{one.key} {word} ({','.join(sorted(one.values or ()))})"


def container_names(template: TemplateWire) -> tuple[str, ...]:
    """The containers' names, shared."""
    return words(tuple(one.name for one in template.spec.containers or ()))


def container_images(template: TemplateWire) -> tuple[str, ...]:
    """The containers' images, shared."""
    return words(tuple(one.image or "" for one in template.spec.containers or ()))


def short_image(image: str) -> str:
    """An image without registry and path: ``coredns:v1.14.3``; of a digest the first seven digits."""
    path, at, digest = image.partition("@")
    name = path.rpartition("/")[2]
    if not at or ":" in name:
        return name
    return f"{name}@{digest.partition(':')[2][:7]}"


def short_images(images: Sequence[str]) -> str:
    """Several images, each short."""
    return ", ".join(short_image(image) for image in images)
