"""What the command line asks of the app."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How to begin."""

    context: str | None = None
    namespaces: tuple[str, ...] = ()
    """Empty: the context's own, else all."""
    all_namespaces: bool = False
    pane: str = "pods"
    log_file: str = ""
    mouse: bool = True
