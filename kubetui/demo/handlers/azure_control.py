"""Control calls about the demo's Azure: ``{"do": "azure-fault", "fault": {"effect": {"kind": "reject", …}, …}}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kubetui.demo.azure_faults import AzureFault, AzureFaults
from kubetui.demo.handlers.control import Command


class ArmAzureFault(Command, frozen=True, tag="azure-fault"):
    """Spoil the next answers of a shape."""

    fault: AzureFault


class ClearAzureFaults(Command, frozen=True, tag="clear-azure-faults"):
    """Spoil nothing more."""


class AzureControl:
    """Carries them out."""

    def __init__(self, faults: AzureFaults) -> None:
        self._faults = faults

    def commands(self) -> Mapping[type[Command], Callable[[Any], None]]:
        """For ``Control``."""
        return {ArmAzureFault: self._arm, ClearAzureFaults: self._clear}

    def _arm(self, command: ArmAzureFault) -> None:
        self._faults.arm(command.fault)

    def _clear(self, _: ClearAzureFaults) -> None:
        self._faults.clear()
