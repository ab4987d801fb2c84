"""A container's environment: values, and where the others come from. Secrets are named, never read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row
from kubetui.insight.describe.reading import NONE, Json, get, go_text, items, mapping, text
from kubetui.kinds.quantity import millicores, whole

_SUBSCRIPT: Final = re.compile(r"(metadata\.(?:labels|annotations))\['(.*)'\]")
_PLAIN_FIELDS: Final = ("metadata.name", "metadata.namespace", "metadata.uid")


def environment_from(container: Json, level: int) -> Iterator[Entry]:
    """Whole ConfigMaps and Secrets."""
    sources = items(container, "envFrom")
    if sources:
        yield Heading("Environment Variables from", level)
        yield Grid((), [Row(_source(one)) for one in sources], level + 1)


def _source(one: Json) -> tuple[str, str, str]:
    kind = "Secret" if get(one, "secretRef") is not None and get(one, "configMapRef") is None else "ConfigMap"
    ref = mapping(one, "secretRef" if kind == "Secret" else "configMapRef")
    prefix = text(one, "prefix")
    with_prefix = f" with prefix '{prefix}'" if prefix else ""
    return text(ref, "name"), kind + with_prefix, _optional(ref)


def _optional(ref: Json) -> str:
    return f"Optional: {go_text(ref.get('optional') is True)}"


def environment(container: Json, pod: Json | None, level: int) -> Iterator[Entry]:
    """Variables, a line each; ``pod`` is where references to the pod's own fields point to, None in a template."""
    variables = items(container, "env")
    if not variables:
        yield Field("Environment", NONE, level)
        return
    yield Heading("Environment", level)
    for one in variables:
        yield Field(text(one, "name"), _value(one, container, pod), level + 1)


def _value(one: Json, container: Json, pod: Json | None) -> list[str]:
    origin = get(one, "valueFrom")
    if origin is None:
        return text(one, "value").split("\n")
    if get(origin, "fieldRef") is not None:
        ref = mapping(origin, "fieldRef")
        path = text(ref, "fieldPath")
        return [f"{_field_value(pod, path)} ({text(ref, 'apiVersion')}:{path})".lstrip(" " if pod is None else "")]
    if get(origin, "resourceFieldRef") is not None:
        ref = mapping(origin, "resourceFieldRef")
        return [f"{_resource_value(container, ref)} ({text(ref, 'resource')})"]
    for field, words in (("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")):
        if get(origin, field) is not None:
            ref = mapping(origin, field)
            return [f"<set to the key '{text(ref, 'key')}' {words} '{text(ref, 'name')}'>  {_optional(ref)}"]
    return [""]


def _field_value(pod: Json | None, path: str) -> str:
    """What a reference to the pod's own field comes to; kubectl knows metadata alone."""
    if pod is None:
        return ""
    subscript = _SUBSCRIPT.fullmatch(path)
    if subscript:
        return text(pod, *subscript[1].split("."), subscript[2])
    if path in _PLAIN_FIELDS:
        return text(pod, *path.split("."))
    if path in ("metadata.labels", "metadata.annotations"):
        return "\n".join(f'{key}="{value}"' for key, value in sorted(mapping(pod, *path.split(".")).items()))
    return ""


def _resource_value(container: Json, ref: Json) -> str:
    """``limits.memory`` in units of the divisor, rounded up; without a limit it is the node's allocatable."""
    kind, _, name = text(ref, "resource").partition(".")
    amount, divisor = text(container, "resources", kind, name, default="0"), text(ref, "divisor", default="0")
    measure = millicores if name == "cpu" else whole
    try:
        value = -(-measure(amount) // (measure(divisor) or measure("1")))
    except ValueError:
        return ""
    return "node allocatable" if not value and kind == "limits" and name in ("cpu", "memory") else str(value)
