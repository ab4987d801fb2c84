"""What every pane is to the app: it takes a session, is shown and hidden, and is brought up to date by one tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from textual.containers import Vertical
from textual.widgets import Input

from kubetui.store.state import Phase, SyncState
from kubetui.ui.actions import OPENS_TYPING, Focus
from kubetui.ui.footer import NO_OWN, OwnKeys
from kubetui.ui.preferences import Preferences

if TYPE_CHECKING:
    from kubetui.azure.machine_feed import MachineFeed
    from kubetui.cluster.session import Scope, Session
    from kubetui.commands.subject import Subject
    from kubetui.ui.logs_desk import LogsDesk


class Desk(Protocol):
    """What a pane may ask of the app."""

    @property
    def preferences(self) -> Preferences:
        """What the settings ask for."""

    @property
    def logs(self) -> LogsDesk:
        """Whose logs were asked for last."""

    @property
    def azure(self) -> MachineFeed | None:
        """The machines under the nodes, as Azure has them."""

    def request_tick(self) -> None:
        """Something changed: bring the visible pane up to date soon."""

    def go_on(self) -> None:
        """Work was cut short, and shows nothing new yet: bring the visible pane up to date after a turn of the loop."""

    def open_pane(self, pane: Pane) -> None:
        """Show ``pane`` over the present one; Esc comes back."""

    def say(self, text: str) -> None:
        """Show a short message."""

    def warn(self, text: str, about: str) -> None:
        """Say something until the person hides it, in the place of what was said ``about`` the same."""

    def copy(self, text: str, what: str) -> None:
        """Put ``text`` on the clipboard and say that ``what`` is there."""

    def now(self) -> float:
        """Unix seconds."""


class Pane(Vertical):
    """One view in the body. Subclasses say what they show; none of them outlives its session."""

    focus_group = Focus.TABLE
    own_keys: ClassVar[OwnKeys] = NO_OWN
    """What the footer says here besides the keys of the focus."""

    def __init__(self, desk: Desk, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.desk = desk
        self.session = session

    @property
    def heading(self) -> str:
        """The title line: what is shown, and how much of it."""
        raise NotImplementedError

    @property
    def state(self) -> SyncState:
        """How far the pane's data are in step."""
        return SyncState(Phase.LIVE)

    def enter(self) -> None:
        """The pane is visible now: take what it needs."""

    def leave(self) -> None:
        """The pane is hidden or gone: give back what it took."""

    def refetch(self) -> None:
        """``^r``: fetch anew what is not followed by a watch."""

    def tick(self, now: float) -> None:
        """Bring the screen up to date; at most some ten milliseconds of work."""

    def take_back(self) -> bool:
        """Esc: undo one thing within the pane (a filter); False where there is nothing to undo."""
        return False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that open something to type into are plain characters while something is typed."""
        if action in OPENS_TYPING and isinstance(self.screen.focused, Input):
            return False
        return super().check_action(action, parameters)

    def subjects(self) -> Sequence[Subject]:
        """What ``m`` offers commands for: the marked objects, or the one under the cursor; all of one kind."""
        return ()

    def set_scope(self, scope: Scope) -> None:
        """Other namespaces were chosen."""

    def focus_content(self) -> None:
        """Give the keyboard to what the pane shows."""
