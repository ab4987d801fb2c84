"""Namespaces to choose from; they come while the list is open, and a name can be typed where listing is forbidden."""

from __future__ import annotations

from kubetui.cluster.session import Session
from kubetui.kinds.namespace import NAMESPACE
from kubetui.store.state import Phase
from kubetui.ui.screens.choose import Choice, ChooseScreen
from kubetui.ui.state_words import words_for


class NamespacesScreen(ChooseScreen):
    """Holds the namespaces' store while it is open."""

    def __init__(self, session: Session, of_context: str, current: frozenset[str]) -> None:
        super().__init__("Namespaces", (), several=True, current=current, free=True)
        self._of_context = of_context
        self._lease = session.open(NAMESPACE)
        self._shown = False
        self._unwatch = self._lease.store.on_change(self._changed)

    def on_mount(self) -> None:
        """What is known already."""
        super().on_mount()
        self._shown = True
        self._changed()

    def on_unmount(self) -> None:
        """Give the store back."""
        self._shown = False
        self._unwatch()
        self._lease.close()

    def _changed(self) -> None:
        if not self._shown:
            return
        store = self._lease.store
        rows = sorted(store, key=lambda row: row.name)
        choices = [Choice(row.name, "" if row.status == "Active" else row.status) for row in rows]
        if not choices and self._of_context:
            choices = [Choice(self._of_context, "the context's own")]
        self.set_choices(choices)
        if store.state.phase is not Phase.LIVE:
            self.say(f"{words_for(store.state, 0.0).word}; type a name and press ⏎")
