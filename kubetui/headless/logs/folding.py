"""Many containers with the same trouble as one line: forty that may not be read are no forty lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kubetui.store.logs.sources import SourceKey

_NAMED: Final = 3
_ANY: Final = "…"


def name(key: SourceKey) -> str:
    """``namespace/pod container``."""
    return f"{key.namespace}/{key.pod} {key.container}"


def names(keys: Sequence[SourceKey]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    return ", ".join(name(key) for key in keys[:_NAMED]) + more


def folded(troubles: Iterable[tuple[SourceKey, str]]) -> list[str]:
    """One line for each trouble, in order of appearance: who has it and what it is.

    Troubles are alike where their words differ in nothing but the container's own names.
    """
    alike: dict[str, list[tuple[SourceKey, str]]] = {}
    for key, words in troubles:
        alike.setdefault(_without_names(key, words), []).append((key, words))
    return [
        _one(*group[0]) if len(group) == 1 else f"{len(group)} containers: {words} ({names([key for key, _ in group])})"
        for words, group in alike.items()
    ]


def _one(key: SourceKey, words: str) -> str:
    return words if words.startswith(f"read the log of {name(key)}") else f"{name(key)}: {words}"


def _without_names(key: SourceKey, words: str) -> str:
    return words.replace(name(key), _ANY).replace(f'"{key.pod}"', f'"{_ANY}"')
