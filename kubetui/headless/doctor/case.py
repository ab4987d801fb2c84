"""What the doctor's checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kubetui.cluster.clock import Clock
from kubetui.cluster.session import Session
from kubetui.cluster.who import Account


@dataclass(frozen=True)
class Case:
    """One context's session."""

    session: Session
    account: Account
    namespaces: frozenset[str] | None
    """In view; None: all."""
    environ: Mapping[str, str]
    clock: Clock
