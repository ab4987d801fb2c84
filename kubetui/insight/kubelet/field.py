"""What is declared of one field."""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """One field of ``KubeletConfiguration``, or a field within one."""

    path: str
    """``evictionHard``, ``authentication.webhook.cacheTTL``."""
    means: str
    """In a few words."""
    unit: str = ""
    """``seconds``, ``percent``, ``duration``, ``quantity``, ``yes or no`` …; ``""``: a text."""
