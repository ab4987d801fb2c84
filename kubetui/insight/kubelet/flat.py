"""A configuration as paths and values. A value is kept as its JSON text: 1, "1" and true are three values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from kubetui.kinds.quantity import whole

Flat = Mapping[str, str]
"""Path (``evictionHard.memory.available``) to the value as JSON text. Lists and empty objects are values."""

DEEPEST: Final = 12
"""Objects within objects that are taken apart; what is deeper is one value. A kubelet's has four."""

_encode = msgspec.json.Encoder(order="sorted").encode


def flatten(document: Mapping[str, Any]) -> dict[str, str]:
    """The document's paths, in its own order."""
    return dict(_items(document, "", DEEPEST))


def _items(document: Mapping[str, Any], above: str, deeper: int) -> Iterator[tuple[str, str]]:
    for key, value in document.items():
        path = f"{above}{key}"
        if isinstance(value, dict) and value and deeper:
            yield from _items(value, f"{path}.", deeper - 1)
        else:
            yield path, json_text(value)


def json_text(value: Any) -> str:
    """``value`` as it is kept: the same for the same value."""
    return _encode(value).decode("utf-8", "replace")


def shown(text: str | None) -> str:
    """A value as people write it: texts without quotes, lists with commas; ``–``: there is none."""
    if text is None:
        return "–"
    if text[:1] not in '"[':
        return text
    value = msgspec.json.decode(text)
    if isinstance(value, str):
        return value or '""'
    plain = all(isinstance(one, str | int | float) for one in value)
    return ", ".join(map(str, value)) if plain and value else text


def alike(one: str | None, other: str | None) -> bool:
    """Whether two values mean the same: the same text, or quantities of the same size (``1Gi``, ``1024Mi``)."""
    if one == other:
        return True
    if one is None or other is None:
        return False
    sizes = (_size(one), _size(other))
    return sizes[0] is not None and sizes[0] == sizes[1]


def _size(text: str) -> int | None:
    """Of a quantity with a unit of size."""
    if text[:1] != '"' or text[-2:-1] not in tuple("kKMGTPEi"):
        return None
    try:
        return whole(text.strip('"'))
    except ValueError:
        return None
