"""Contexts to choose from. They are read anew while the list is open: a kubeconfig may have come meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from kubetui.cluster.errors import ClusterError
from kubetui.ui.screens.choose import Choice, ChooseScreen

Read = Callable[[], Awaitable[Sequence[str]]]
"""Reads the contexts' names; raises ClusterError types."""


class ContextsScreen(ChooseScreen):
    """Shows at once what is known. Where nothing is, it says why; needs no cluster."""

    def __init__(self, known: Sequence[str], present: str, read: Read) -> None:
        super().__init__("Context", _choices(known, present), current=frozenset({present} - {""}))
        self._known, self._present, self._read = known, present, read

    def on_mount(self) -> None:
        """What is known; the rest comes."""
        super().on_mount()
        self.say("reading the kubeconfig …")
        self.run_worker(self._read_anew(), exclusive=True)

    async def _read_anew(self) -> None:
        try:
            names = await self._read()
        except ClusterError as error:
            # Names that were known stay: choosing one tells what is wrong now.
            self.say(_why_none(error) if not self._known else "nothing of that name")
            return
        self.say("nothing of that name" if names else "the kubeconfig has no contexts")
        if list(names) != list(self._known):
            self.set_choices(_choices(names, self._present))


def _choices(names: Sequence[str], present: str) -> list[Choice]:
    return [Choice(name, "present" if name == present else "") for name in names]


def _why_none(error: ClusterError) -> str:
    return "\n".join(["no contexts to choose from", "", error.answer, "", *error.advice.split("; ")]).rstrip()
