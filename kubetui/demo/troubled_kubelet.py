"""A kubelet that answers, but not as it should."""

from __future__ import annotations

from typing import Literal, NamedTuple

Wrong = Literal["", "error", "page", "garbled", "empty"]


class TroubledKubelet(NamedTuple):
    """How; the usual is none of it."""

    late: float = 0.0
    """Real seconds until it answers."""
    never: bool = False
    """It takes the connection and says nothing."""
    answer: Wrong = ""
    """What it says instead: an error, a proxy's page, half of its JSON, or nothing in it."""
