"""What the settings file says, or the defaults where it says nothing.

Named tuples: these are made before the first frame, and five dataclasses would cost it two milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

KeyPath = tuple[str, ...]
"""Where a value stands: ``("panes", "pods", "columns")``."""

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
ALL_NAMESPACES: Final = "*"
"""In ``namespaces``: all of them."""


class Problem(NamedTuple):
    """One thing in the file that can't be used. The rest of the file is."""

    file: str
    line: int
    """1 is the first; 0 where no line can be told."""
    text: str
    """What is wrong, and what is meant perhaps."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class ContextSettings(NamedTuple):
    """For one kubeconfig context."""

    namespaces: tuple[str, ...] = ()
    """``*``: all; empty: nothing is said."""


class PaneSettings(NamedTuple):
    """The columns of one pane's table, by their titles."""

    columns: tuple[str, ...] = ()
    """These first, in this order; ``label:KEY`` is a column of that label."""
    hidden: tuple[str, ...] = ()
    widths: Mapping[str, int] = NOTHING
    """Cells."""


class LogSettings(NamedTuple):
    """How logs begin, and how much of them is held."""

    since: str = "15m"
    """An age (``30m``, ``3h``), or ``all``."""
    lines: int = 1_000_000
    streams: int = 50

    @property
    def seconds(self) -> float | None:
        """``since`` in seconds; None: all."""
        return None if self.since == "all" else float(self.since[:-1]) * {"m": 60, "h": 3600}[self.since[-1]]


class Settings(NamedTuple):
    """Everything the file may say."""

    pane: str = ""
    """``""``: the Overview; pods where namespaces were given."""
    theme: str = "auto"
    marks: str = "auto"
    """``auto``, ``unicode``, ``ascii``."""
    times: str = "utc"
    """``utc``, ``local``."""
    mouse: bool = True
    kubelogin: bool = True
    repaints: int = 0
    """A second, at most; 0: as suits the connection."""
    log_file: str = ""
    save_folder: str = ""
    """``""``: ``~/kubetui``."""
    logs: LogSettings = LogSettings()
    contexts: Mapping[str, ContextSettings] = NOTHING
    keys: Mapping[str, tuple[str, ...]] = NOTHING
    """Action's id to the keys as the file names them."""
    panes: Mapping[str, PaneSettings] = NOTHING


class Read:
    """A file that was read; later checks add their problems by ``wrong``."""

    def __init__(self, settings: Settings | None = None, problems: Iterable[Problem] = (), file: str = "") -> None:
        self.settings = settings if settings is not None else Settings()
        self.problems = list(problems)
        self.file = file
        self.lines: Mapping[KeyPath, int] = {}
        """Key to its line."""

    def wrong(self, path: KeyPath, text: str) -> None:
        """Name a problem of the key at ``path``, at its line or that of the nearest table that holds it."""
        ends = range(len(path), 0, -1)
        line = next((self.lines[path[:end]] for end in ends if path[:end] in self.lines), 0)
        self.problems.append(Problem(self.file, line, text))
