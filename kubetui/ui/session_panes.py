"""Panes about the session itself, opened by name over what is shown: who am I, own requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kubetui.cluster.session import Scope
    from kubetui.ui.connector import Connected
    from kubetui.ui.panes.pane import Desk, Pane


def _who(desk: Desk, connected: Connected, scope: Scope) -> Pane:
    from kubetui.ui.panes.who import WhoPane

    return WhoPane(desk, connected.session, connected.account, scope)


def _requests(desk: Desk, connected: Connected, scope: Scope) -> Pane:
    from kubetui.ui.panes.requests import RequestsPane

    return RequestsPane(desk, connected.session)


SESSION_PANES: Final[Mapping[str, Callable[[Desk, Connected, Scope], Pane]]] = {"whoami": _who, "requests": _requests}
"""Name, as in the palette, to what makes the pane."""
