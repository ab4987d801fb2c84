"""Just enough of the protobuf wire format to read the reviews that kubectl posts.

Source: ``generated.proto`` of k8s.io/api 0.36 (authorization/v1) and of k8s.io/apimachinery (runtime.Unknown).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MAGIC = b"k8s\0"
_VARINT, _LENGTH_DELIMITED = 0, 2
_FIXED = {1: 8, 5: 4}
_RAW = 2
"""The field of runtime.Unknown that holds the object."""

Shape = Mapping[int, "tuple[str, Shape | None]"]
"""Field numbers to the JSON name, with a shape for a message and None for a string."""
_RESOURCE_ATTRIBUTES: Shape = {
    number: (name, None)
    for number, name in enumerate(("namespace", "verb", "group", "version", "resource", "subresource", "name"), 1)
}
_NON_RESOURCE_ATTRIBUTES: Shape = {1: ("path", None), 2: ("verb", None)}
_ACCESS_SPEC: Shape = {
    1: ("resourceAttributes", _RESOURCE_ATTRIBUTES),
    2: ("nonResourceAttributes", _NON_RESOURCE_ATTRIBUTES),
}
ACCESS_REVIEW: Shape = {2: ("spec", _ACCESS_SPEC)}
RULES_REVIEW: Shape = {2: ("spec", {1: ("namespace", None)})}


def read_object(body: bytes, shape: Shape) -> dict[str, Any]:
    """The object behind the magic bytes, as its JSON would say it; fields outside the shape are left out.

    Raises ValueError for what is no protobuf.
    """
    raw = next((value for number, value in _fields(body[len(MAGIC) :]) if number == _RAW), b"")
    return _message(raw, shape)


def _message(data: bytes, shape: Shape) -> dict[str, Any]:
    message: dict[str, Any] = {}
    for number, value in _fields(data):
        if number in shape:
            name, inner = shape[number]
            message[name] = value.decode() if inner is None else _message(value, inner)
    return message


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers and contents of the length-delimited fields; others are skipped."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        kind = tag & 7
        if kind == _VARINT:
            _, position = _varint(data, position)
        elif kind == _LENGTH_DELIMITED:
            size, position = _varint(data, position)
            if position + size > len(data):
                raise ValueError("protobuf ends within a field")
            yield tag >> 3, data[position : position + size]
            position += size
        elif kind in _FIXED:
            position += _FIXED[kind]
        else:
            raise ValueError(f"protobuf has no wire type {kind}")


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data) and shift < 64:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position
    raise ValueError("protobuf ends within a number")
