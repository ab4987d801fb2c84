"""The palette's screen: Textual's, for people who type faster than it searches."""

from __future__ import annotations

from textual import on
from textual.command import CommandInput, CommandPalette
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from kubetui.ui.palette import JumpProvider


class JumpScreen(CommandPalette):
    """Enter takes the best of what fits all that was typed, not of what was found for its beginning.

    Textual's own takes what its list shows at that moment, which is a search behind whoever types ``:svc⏎``.
    """

    _entered = False
    """Enter came before the search was over; it counts once that is."""

    def __init__(self) -> None:
        super().__init__(providers=[JumpProvider], placeholder="pane, kind, namespace, context …")

    @on(Input.Submitted)
    def _wait_for_search(self, event: Input.Submitted) -> None:
        if not self._entered and any(worker.node is self and not worker.is_finished for worker in self.workers):
            event.prevent_default()
            event.stop()
            self._entered = True

    @on(Input.Changed)
    def _type_on(self) -> None:
        self._entered = False

    @on(Worker.StateChanged)
    async def _search_over(self, event: Worker.StateChanged) -> None:
        if self._entered and event.state is WorkerState.SUCCESS:
            await self.query_one(CommandInput).action_submit()
            self._entered = False
