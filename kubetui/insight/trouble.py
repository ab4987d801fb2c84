"""What is the matter with a node, a machine or a pool: of which kind, how bad, and in which words."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kubetui.kinds.kind import Meaning


class Mismatch(Enum):
    """What a trouble is; findings are made by it."""

    OTHER = "other"
    JOINING = "joining"
    NEVER_JOINED = "never joined"
    NO_NODE = "no node"
    """Runs for long; its node has gone."""
    DELETING = "being deleted"
    KEPT = "kept without a node"
    """Off, to be started again: a pool that deallocates on scale-in, a spot set that does on eviction."""
    NO_VM = "no VM"
    OFF = "VM off"
    FAILED = "VM failed"
    UNHEALTHY = "VM unhealthy"
    MAINTENANCE = "maintenance"
    POOL_FAILED = "pool failed"
    COUNT = "instances missing"
    AT_LIMIT = "at the limit"
    BELOW_LEAST = "below the least"
    CHANGING = "changing"
    """Azure upgrades or scales the pool, or stopped it."""
    OLD_IMAGE = "older image"
    OLD_VERSION = "upgrade not finished"
    BACKOFF = "autoscaler backs off"


class Trouble(NamedTuple):
    """Where a node or a machine does not fit, or what is happening to it."""

    meaning: Meaning
    words: str
    kind: Mismatch = Mismatch.OTHER
