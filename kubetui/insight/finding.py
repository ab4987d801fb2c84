"""What is wrong, as a declaration: how bad, since when, what it means, what to do next, and where to look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from kubetui.kinds.kind import Key, Meaning

_WEIGHT: Final = {Meaning.ACT: 0, Meaning.LOOK: 1, Meaning.PLANNED: 2}


class Target(NamedTuple):
    """Objects that a line is about. The screen knows which pane shows them."""

    kind: str
    """The resource's plural: ``nodes``, ``deployments``; ``readyz`` for the API server's own checks, ``instances``
    for virtual machines without a node."""
    keys: tuple[Key, ...] = ()
    """The objects, (namespace, name); of instances ("", resource id). Empty: all of the kind."""
    owner: str = ""
    """Of pods: the name that all of theirs begin with. Of nodes: their pool."""


NOWHERE: Final = Target("")
"""Nothing stands behind the line."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that deserves a look."""

    subject: str
    """What it is about, unique among findings: ``component Deployment konnectivity-agent``."""
    meaning: Meaning
    """Act, look, or planned."""
    title: str
    """What is the matter, short: ``konnectivity-agent 0/3 ready``."""
    since: int
    """Unix seconds; 0 where nothing tells."""
    detail: str
    """What it means, or what the cluster says about it. Not sanitised."""
    advice: str
    """What to do next."""
    target: Target
    command: str = ""
    """A line to copy that does it, or looks further; ``""``: none."""


def by_weight(findings: Iterable[Finding]) -> list[Finding]:
    """Act before look before planned; among equals in the order of the rules, causes before what follows of them."""
    return sorted(findings, key=lambda finding: _WEIGHT.get(finding.meaning, 3))


def some(names: Iterable[str], most: int = 3) -> str:
    """``a, b, c and 4 more``."""
    found = list(names)
    more = len(found) - most
    return ", ".join(found[:most]) + (f" and {more} more" if more > 0 else "")


def count_of(number: int, noun: str) -> str:
    """``1 node``, ``2 nodes``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
