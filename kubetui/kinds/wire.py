"""What every kind's decoding shares: object metadata, versions, interned strings, one kind of error.

A *wire* Struct mirrors the few fields of one JSON object that are read; every field may be absent or null, as the
API allows. It lives until the row is made and is dropped then.
"""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import Any, Final, TypeVar

import msgspec

from kubetui.kinds.age import unix
from kubetui.kinds.kind import Kind, Row
from kubetui.kinds.quantity import Quantity

W = TypeVar("W")
R = TypeVar("R", bound=Row)
V = TypeVar("V")

Labels = tuple[tuple[str, str], ...]
"""A label set in the server's order, which is sorted by key."""

_SETS: Final = 16_384  # label sets remembered at most: four Deployments of replicas for each of 4,000 nodes
_PAIRS: Final = 16_384


class Wire(msgspec.Struct, rename="camel", gc=False):
    """The base of wire Structs: the API's camelCase names, no cycles for the collector to look for."""


class OwnerWire(Wire):
    """``metadata.ownerReferences[]``."""

    kind: str | None = None
    name: str | None = None
    controller: bool | None = None


class MetaWire(Wire):
    """``metadata``."""

    name: str
    namespace: str | None = None
    resource_version: str | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: list[OwnerWire] | None = None


class PlainMetaWire(Wire):
    """``metadata`` of kinds whose annotations are not read: pods carry kilobytes of them."""

    name: str
    namespace: str | None = None
    resource_version: str | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    owner_references: list[OwnerWire] | None = None


class AmountsWire(Wire):
    """The CPU and memory of a resource list."""

    cpu: Quantity | None = None
    memory: Quantity | None = None


class ConditionWire(Wire):
    """``status.conditions[]``."""

    type: str = ""
    status: str | None = None
    reason: str | None = None
    message: str | None = None
    last_transition_time: str | None = None


def version_of(text: str | None) -> int:
    """A resourceVersion as an integer (KEP-5504); 0 where it is absent or none."""
    if not text or not (text.isascii() and text.isdigit()) or len(text) > 100:
        return 0
    return int(text)


def word(text: str | None) -> str:
    """A string that many rows share, held once; ``""`` for none."""
    return intern(text) if text else ""


def seconds(text: str | None) -> int:
    """A time as Unix seconds, 0 for none. Raises msgspec.ValidationError where it is no time."""
    try:
        return unix(text)
    except (ValueError, OverflowError) as error:
        raise msgspec.ValidationError(f"not a time: {text!r:.60}") from error


def amount(parse: Callable[[Quantity], int], quantity: Quantity | None) -> int:
    """A quantity by ``millicores`` or ``whole``, 0 for none. Raises msgspec.ValidationError where it is none."""
    if quantity is None:
        return 0
    try:
        return parse(quantity)
    except ValueError as error:
        raise msgspec.ValidationError(str(error)) from error


class Shared:
    """Label sets and other tuples held once. When it is full it forgets all: rows keep what they have."""

    def __init__(self, bound: int) -> None:
        self._held: dict[Any, Any] = {}
        self._bound = bound

    def get(self, value: V) -> V | None:
        """The equal value that is held, if any."""
        held: V | None = self._held.get(value)
        return held

    def getting(self) -> Callable[[Any], Any]:
        """``get``, without a call more for each of 150,000."""
        return self._held.get

    def add(self, value: V) -> V:
        """Hold ``value`` unless an equal one is held; returns the one held."""
        if len(self._held) >= self._bound:
            self._held.clear()
        held: V = self._held.setdefault(value, value)
        return held


_label_sets = Shared(_SETS)
_label_pairs = Shared(_PAIRS)
_word_lists = Shared(_PAIRS)
_held_word_lists = _word_lists.getting()


def labels_of(labels: dict[str, str] | None) -> Labels:
    """A label set as a tuple; equal sets, pairs and strings are held once."""
    if not labels:
        return ()
    found = tuple(labels.items())
    held = _label_sets.get(found)
    if held is not None:
        return held
    return _label_sets.add(tuple(_label_pairs.add((intern(key), intern(value))) for key, value in found))


def words(texts: tuple[str, ...]) -> tuple[str, ...]:
    """A tuple of strings that many rows share (images, container names), held once."""
    held: tuple[str, ...] | None = _held_word_lists(texts)
    return held if held is not None else _word_lists.add(tuple(intern(text) for text in texts))


def controller_of(owners: list[OwnerWire] | None) -> tuple[str, str]:
    """(kind, name) of the owner that controls the object, (``""``, ``""``) where none does."""
    for owner in owners or ():
        if owner.controller:
            return word(owner.kind), word(owner.name)
    return "", ""


def decode(decoder: msgspec.json.Decoder[W], raw: bytes | msgspec.Raw) -> W:
    """One object's JSON to its wire Struct.

    Raises msgspec.ValidationError whatever is wrong with the bytes: not JSON, not UTF-8, nested without end, of
    another shape. The caller passes over this one object and marks the gap.
    """
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise msgspec.ValidationError(f"not JSON that can be read: {error}") from error


def decode_row(kind: Kind[R], raw: bytes | msgspec.Raw) -> R:
    """One object's JSON to its row. Raises msgspec.ValidationError, as ``decode`` does."""
    return kind.row(decode(msgspec.json.Decoder(kind.wire), raw))
