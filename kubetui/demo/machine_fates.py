"""What became of the virtual machines under the nodes, where it is not that they run."""

from __future__ import annotations

from dataclasses import dataclass

from kubetui.demo.pools import Pool


@dataclass(frozen=True, slots=True)
class MachineFate:
    """A machine's state as Azure has it."""

    provisioning: str = "Succeeded"
    power: str = "running"
    code: str = ""
    """Of the error."""
    message: str = ""
    bootstrap: str = ""
    """What vmssCSE says, where it failed."""
    at: float = 0.0
    """Unix seconds; 0: when the machine was made."""


RUNS = MachineFate()


@dataclass(frozen=True, slots=True)
class LoneMachine:
    """An instance without a node."""

    pool: Pool
    number: int
    created: float
    fate: MachineFate


class MachineFates:
    """Written by incidents, read by the resource manager."""

    def __init__(self) -> None:
        self._of_node: dict[str, MachineFate] = {}
        self.lone: dict[str, LoneMachine] = {}
        """Instances that no node belongs to, by what their node would be called."""
        self.upgrading: set[str] = set()
        """Pools that an upgrade goes through."""
        self.scaling: set[str] = set()
        """Pools whose scale set is being made larger."""

    def of(self, node: str) -> MachineFate:
        """A node's machine."""
        return self._of_node.get(node, RUNS)

    def befall(self, node: str, fate: MachineFate) -> None:
        """From now on."""
        self._of_node[node] = fate

    def mend(self, node: str) -> None:
        """It runs."""
        self._of_node.pop(node, None)
        self.lone.pop(node, None)
