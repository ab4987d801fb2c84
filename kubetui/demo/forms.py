"""The forms an object can be asked for by Accept: itself, a Table row, its metadata alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from kubetui.demo.status import bad_request, not_acceptable

_OFFERED = ("application/json", "application/json;stream=watch")
_JSON_TYPES = frozenset({"application/json", "application/*", "*/*"})
_INCLUDE = frozenset({"", "None", "Metadata", "Object"})


class Form(Enum):
    """What the client wants to read."""

    OBJECT = "object"
    TABLE = "Table"
    PARTIAL = "PartialObjectMetadata"


@dataclass(frozen=True, slots=True)
class MediaType:
    """One clause of an Accept header."""

    name: str
    parameters: Mapping[str, str]


def media_types(accept: str) -> Iterator[MediaType]:
    """The clauses, the preferred first; an empty header accepts everything."""
    clauses = [_clause(text) for text in accept.split(",") if text.strip()] or [MediaType("*/*", {})]
    return iter(sorted(clauses, key=_preference, reverse=True))


def _clause(text: str) -> MediaType:
    name, *rest = (part.strip() for part in text.split(";"))
    pairs = (part.partition("=") for part in rest)
    return MediaType(name.lower(), {key.strip(): value.strip() for key, _, value in pairs})


def _preference(media: MediaType) -> float:
    try:
        return float(media.parameters.get("q", "1"))
    except ValueError:
        return 0.0


def negotiate(accept: str) -> Form:
    """The first form that is served; ``ApiError`` 406 when none is (YAML and protobuf are not)."""
    known_type = False
    for media in media_types(accept):
        if media.name not in _JSON_TYPES:
            continue
        known_type = True
        wanted = media.parameters.get("as", "").removesuffix("List")
        if not wanted:
            return Form.OBJECT
        served = wanted in (Form.TABLE.value, Form.PARTIAL.value) and media.parameters.get("g") == "meta.k8s.io"
        if served and media.parameters.get("v") == "v1":
            return Form(wanted)
    raise not_acceptable(_OFFERED, known_type=known_type)


def included(query: Mapping[str, str], form: Form) -> str:
    """How much of the object a Table's row carries: ``None``, ``Metadata`` (the default) or ``Object``."""
    include = query.get("includeObject", "") if form is Form.TABLE else ""
    if include not in _INCLUDE:
        raise bad_request(f'unrecognized includeObject value: "{include}"')
    return include or "Metadata"
