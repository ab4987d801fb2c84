"""``^s``: what a pane shows, to a file. Mixed into panes that have something to save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubetui.cluster.session import Session
    from kubetui.ui.panes.pane import Pane


class Saveable(Protocol):
    """What a pane says of its file."""

    @property
    def save_parts(self) -> Sequence[str]:
        """Folders below the context, then the file's name: ``Pod``, ``team-04``, ``checkout-0.yaml``."""

    async def saved_text(self) -> str | bytes:
        """What is written, true bytes."""


def ask_where_to_save(pane: Pane, what: Saveable, title: str) -> None:
    """Open the dialog; what became of it is said."""
    from kubetui.ui.saved_file import default_path, words_of
    from kubetui.ui.screens.save import SaveScreen

    def saved(path: Path | None) -> None:
        if path is not None:
            pane.desk.say(f"saved {words_of(path)}")

    session: Session | None = pane.session  # None where there is no cluster: the text says why, and can be saved
    context = session.context if session is not None else ""
    path = default_path(pane.desk.preferences.save_folder, context, what.save_parts)
    pane.app.push_screen(SaveScreen(title, path, what.saved_text), saved)
