"""What the command line asks of the app."""

from __future__ import annotations

from dataclasses import dataclass, field

from kubetui.settings.settings import Read


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
    settings: Read = field(default_factory=Read)
    """The settings file, as far as it was understood."""
