"""What fills the body: the top-level panes of the session, one of them shown, and what is open over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container

from kubetui.ui.actions import PANE_KEYS, Focus

if TYPE_CHECKING:
    from kubetui.cluster.session import Scope
    from kubetui.ui.app import KubetuiApp
    from kubetui.ui.panes.pane import Pane


class PaneStack:
    """Makes each top-level pane when it is first shown and keeps it until the session ends."""

    def __init__(self, app: KubetuiApp, first: str) -> None:
        self._app = app
        self._panes: dict[str, Pane] = {}
        self._stack: list[Pane] = []
        self._before = "overview"
        self._own: dict[Pane, Scope] = {}
        """Panes that were opened in a namespace of their own."""
        self.name = first
        """The top-level pane in view, or the one to come."""
        self.body = Container(id="body")

    @property
    def current(self) -> Pane | None:
        """The pane on top."""
        return self._stack[-1] if self._stack else None

    @property
    def scope(self) -> Scope | None:
        """Where the pane on top looks; None: there is no session."""
        return self._app.scope if self.current is None else self._own.get(self.current, self._app.scope)

    def look_everywhere_at(self, scope: Scope) -> None:
        """All panes look there from now on."""
        self._own.clear()
        if self.current is not None:
            self.current.set_scope(scope)
            self._app.request_tick()

    async def clear(self) -> None:
        """The session ends, and no pane outlives it."""
        for pane in self._stack:
            pane.leave()
        self._stack.clear()
        self._panes.clear()
        self._own.clear()
        await self.body.remove_children()

    async def show(self, name: str, own: Scope | None = None) -> None:
        """Show a top-level pane; what was open over the present one is closed. ``own``: it alone looks there, until
        namespaces are chosen for all."""
        from kubetui.ui.top_panes import load

        if name != self.name:
            self._before = self.name
        self.name = name
        self._app.tabs.show(name)
        await load(name)
        # Another may have been asked for meanwhile, by a key while a session begins: the last one counts.
        if self.name != name or self._app.connected is None or self._app.scope is None:
            return
        pane = self._panes.get(name) or self._new(name)
        self._panes[name] = pane
        if own is not None:
            self._own[pane] = own
        former, self._stack = self._stack, [pane]
        for left in former:
            left.leave()
            left.display = False
        for over in former[1:]:
            self._own.pop(over, None)
            await over.remove()
        await self._bring_up(pane)

    async def step(self, step: int) -> None:
        """Show the top-level pane so many places on."""
        names = list(PANE_KEYS.values())
        await self.show(names[(names.index(self.name) + step) % len(names)])

    def open(self, pane: Pane, own: Scope | None = None) -> None:
        """Show ``pane`` over the present one; Esc comes back. ``own`` as with ``show``."""
        if own is not None:
            self._own[pane] = own
        # The pane below keeps what it took: coming back finds its rows, order and cursor as they were.
        for below in self._stack[-1:]:
            below.display = False
        self._stack.append(pane)
        self._app.call_next(self._bring_up, pane)

    async def back(self) -> None:
        """Undo one thing in the pane, else close it, unless it is a top-level one."""
        pane = self.current
        if pane is None or pane.take_back():
            return
        if len(self._stack) < 2:
            self._app.notice.hide()
            if pane.focus_group is Focus.LOGS:  # where digits mean something else, Esc must lead out
                await self.show(self._before)
            return
        self._stack.pop()
        self._own.pop(pane, None)
        pane.leave()
        await pane.remove()
        if self.current is not None:
            await self._bring_up(self.current)

    def _new(self, name: str) -> Pane:
        assert self._app.connected is not None
        assert self._app.scope is not None
        from kubetui.ui.top_panes import TOP_PANES

        return TOP_PANES[name](self._app, self._app.connected.session, self._app.scope)

    async def _bring_up(self, pane: Pane) -> None:
        if pane is not self.current:
            return
        pane.display = True
        if not pane.is_attached and self.body.is_attached:
            await self.body.mount(pane)
        # Meanwhile another pane was asked for, or the app is ending: its widgets go, and take nothing any more.
        if pane is not self.current or not pane.is_attached:
            return
        scope = self._own.get(pane, self._app.scope)
        if scope is not None:
            pane.set_scope(scope)
        pane.enter()
        pane.focus_content()
        self._app.keys.show(pane.focus_group, pane.own_keys)
        self._app.request_tick()
