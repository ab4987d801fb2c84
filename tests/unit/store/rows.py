"""Rows of a kind made for tests, and histories of them."""

from __future__ import annotations

from dataclasses import dataclass

from kubetui.kinds.kind import Key


@dataclass(frozen=True)
class Thing:
    """A row with one value to sort and filter by."""

    name: str
    namespace: str = "default"
    version: int = 1
    value: int = 0
    provisional: bool = False

    @property
    def key(self) -> Key:
        return (self.namespace, self.name)
