"""A control call about kubelets: let some answer late, wrongly or never.

``{"do": "trouble-kubelet", "node": "*-vmss000003", "late": 6}``; without any trouble they are well again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any

import msgspec

from kubetui.demo.handlers.control import Command
from kubetui.demo.troubled_kubelet import TroubledKubelet, Wrong
from kubetui.demo.world import World


class TroubleKubelet(Command, frozen=True, tag="trouble-kubelet"):
    """From now on, for logs and proxied requests."""

    node: str = "*"
    """A glob over nodes' names."""
    late: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 0.0
    """Real seconds."""
    never: bool = False
    answer: Wrong = ""


class KubeletControl:
    """Carries it out."""

    def __init__(self, world: World) -> None:
        self._world = world

    def commands(self) -> Mapping[type[Command], Callable[[Any], None]]:
        """For ``Control``."""
        return {TroubleKubelet: self.trouble}

    def trouble(self, command: TroubleKubelet) -> None:
        """ValueError when no node has such a name."""
        names = [name for name in self._world.fleet.nodes if fnmatchcase(name, command.node)]
        if not names:
            raise ValueError(f"there is no node {command.node}")
        trouble = TroubledKubelet(command.late, command.never, command.answer)
        for name in names:
            if trouble == TroubledKubelet():
                self._world.troubled_kubelets.pop(name, None)
            else:
                self._world.troubled_kubelets[name] = trouble
