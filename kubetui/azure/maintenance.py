"""AKS planned maintenance: when Azure may upgrade a managed cluster, as its maintenance configurations declare it.

Shapes and words: ``Microsoft.ContainerService/managedClusters/maintenanceConfigurations``, API 2025-05-01. Final values
without a package of Azure's behind them; which moments they mean is ``insight/maintenance.py``'s to say.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

DEFAULT: Final = "default"
"""AKS's weekly releases: control plane and system components."""
KUBERNETES: Final = "aksManagedAutoUpgradeSchedule"
"""Kubernetes versions, of the channel ``upgradeChannel``."""
NODE_IMAGES: Final = "aksManagedNodeOSUpgradeSchedule"
"""Node images and security patches, of the channel ``nodeOSUpgradeChannel``."""


class Days(NamedTuple):
    """Days on which nothing may be done, first and last included; of the window's own time zone."""

    first: date
    last: date


class Recurrence(NamedTuple):
    """On which days a window opens."""

    unit: str
    """``daily``, ``weekly``, ``absoluteMonthly`` or ``relativeMonthly``."""
    interval: int = 1
    """Each so many days, weeks or months."""
    weekday: int = 0
    """0 is Monday."""
    day: int = 0
    """Of the month."""
    week: int = 0
    """Of the month: 1 to 4, or -1, the last."""


class Slot(NamedTuple):
    """An hour of the week in which ``default`` allows maintenance, in UTC."""

    weekday: int
    """0 is Monday."""
    hour: int


class Span(NamedTuple):
    """From one moment to another, Unix seconds."""

    start: float
    end: float


class Window(NamedTuple):
    """One maintenance configuration."""

    name: str
    recurrence: Recurrence | None = None
    """None: it goes by ``slots``, or was not understood."""
    hours: int = 0
    """How long it is open."""
    minute: int = 0
    """Of the day, in its own time zone, at which it opens."""
    offset: int = 0
    """Its time zone: seconds ahead of UTC, the same in summer and winter."""
    begins: date | None = None
    """Before this day it never opens; intervals are counted from there."""
    blocked: tuple[Days, ...] = ()
    """``notAllowedDates``."""
    slots: tuple[Slot, ...] = ()
    """``timeInWeek``."""
    closed: tuple[Span, ...] = ()
    """``notAllowedTime``."""

    @property
    def understood(self) -> bool:
        """Whether it says when it opens."""
        return self.recurrence is not None or bool(self.slots)


class Maintenance(NamedTuple):
    """All configurations of one cluster."""

    cluster: str = ""
    """The cluster's id, case-folded."""
    windows: tuple[Window, ...] = ()
    at: float = 0.0
    """When it was asked for last, Unix seconds; 0: never."""
    unread: str = ""
    """Why they could not be read then; ``windows`` are older."""
