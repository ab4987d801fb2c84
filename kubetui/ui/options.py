"""What the command line asks of the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kubetui.settings.settings import Read

if TYPE_CHECKING:
    # Only a name here: the first frame needs no logs.
    from kubetui.cluster.logs.asked import LogsAsked


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
    logs: LogsAsked | None = None
    """Whose logs the Logs pane begins with (``kubetui logs TARGET``)."""
    settings: Read = field(default_factory=Read)
    """The settings file, as far as it was understood."""
