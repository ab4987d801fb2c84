"""Where a command without a screen works: what connecting gives it."""

from __future__ import annotations

from typing import Protocol

from kubetui.cluster.session import Session


class Place(Protocol):
    """A session, and the context's own namespace."""

    @property
    def session(self) -> Session:
        """The session."""

    @property
    def namespace(self) -> str:
        """``""`` where the context names none."""
