"""What the settings ask of the screen: keys, colours, marks, columns, rate; and what of it can't be done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from kubetui.settings.settings import ALL_NAMESPACES, PaneSettings, Problem, Read
from kubetui.ui.ascii_terminal import ascii_only
from kubetui.ui.keymap import KeyMap, keymap_of
from kubetui.ui.paced_output import rate_for
from kubetui.ui.themes import theme_for

log = logging.getLogger(__name__)

MOST_TOLD: Final = 2
"""Problems that one message names."""

SAVE_FOLDER: Final = "~/kubetui"
"""Not the current folder: that may be somebody's repository, or not ours to write in."""

_PLAIN: Final = PaneSettings()


class Preferences:
    """Made from the settings file once, when the app starts."""

    def __init__(self, read: Read | None = None) -> None:
        self._read = read if read is not None else Read()
        self.settings = self._read.settings
        self.keymap: KeyMap = keymap_of(self._read, plain=ascii_only())
        """The keys in force."""
        self._checked: set[str] = set()

    @property
    def problems(self) -> Sequence[Problem]:
        """Everything in the file that can't be used, as far as it was looked at."""
        return self._read.problems

    def theme(self, environ: Mapping[str, str]) -> str:
        """Textual's name of the theme to begin with."""
        return theme_for(environ, self.settings.theme)

    def rate(self, environ: Mapping[str, str]) -> float:
        """Repaints a second at most."""
        return float(self.settings.repaints) or rate_for(environ)

    @property
    def save_folder(self) -> str:
        """Below which files are saved, unless the person types another place; may begin with ``~``."""
        return self.settings.save_folder or SAVE_FOLDER

    def first_namespaces(self, context: str) -> tuple[bool, frozenset[str] | None]:
        """(whether the file says so, the namespaces to begin with in a context or None for all)."""
        wanted = self.settings.contexts.get(context)
        if wanted is None or not wanted.namespaces:
            return False, None
        return True, None if ALL_NAMESPACES in wanted.namespaces else frozenset(wanted.namespaces)

    def pane(self, name: str) -> PaneSettings:
        """The columns that one pane is to have."""
        return self.settings.panes.get(name, _PLAIN)

    def check_pane(self, pane: str) -> list[Problem]:
        """What the file says of a pane's columns and the pane has not; told once for each pane.

        What only the server knows, the columns of kinds without a pane of their own, is not checked.
        """
        if pane in self._checked or pane not in self.settings.panes:
            return []
        self._checked.add(pane)
        from kubetui.ui.known_columns import known_columns

        before = len(self._read.problems)
        check_columns(self._read, pane, known_columns().get(pane))
        return self._read.problems[before:]


def check_columns(read: Read, pane: str, titles: Sequence[str] | None) -> None:
    """Name the columns that the file gives ``pane`` and that it has not; ``titles`` None: they are not known."""
    if titles is None:
        return
    from kubetui.settings.reading import nearest
    from kubetui.ui.column_choice import unknown_columns

    for part, name in unknown_columns(read.settings.panes[pane], titles):
        path = ("panes", pane, part)
        read.wrong(path, f"panes.{pane}.{part}: no column is called {name!r}{nearest(name, titles)}; "
                         f"there are {', '.join(titles)}, and label:KEY")  # fmt: skip


def told(problems: Sequence[Problem]) -> str:
    """A message: the first problems, and where the others are listed."""
    parts = [str(problem) for problem in problems[:MOST_TOLD]]
    if len(problems) > MOST_TOLD:
        parts.append(f"{len(problems) - MOST_TOLD} more: kubetui config check lists them all")
    return " · ".join(parts)


def tell(problems: Sequence[Problem], warn: Callable[[str, str], None]) -> None:
    """Show problems until the person hides them; the log file has them for good."""
    for problem in problems:
        log.warning("settings: %s", problem)
    if problems:
        warn(told(problems), "settings")
