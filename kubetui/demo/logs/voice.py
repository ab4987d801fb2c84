"""How a program writes its log: as data, one declaration a program."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

Said = str | bytes | tuple[str | bytes, ...]
"""One line, or several that are written together: a stack trace."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The container that writes, as far as its log shows it. Nothing of it changes while the container lives."""

    name: str
    """The container's."""
    pod: str
    namespace: str
    app: str
    """The workload's name."""
    owner: str
    """The ReplicaSet's name, or that of another controller."""
    node: str
    node_ip: str
    ip: str
    image: str
    uid: int
    restarts: int
    teams: int
    """How many tenants the cluster was founded with."""

    @property
    def key(self) -> int:
        """A number of its own."""
        return self.uid & 0xFFFFFFFF


Say = Callable[[Random, Speaker, float], Said]
"""Something that the program writes at a moment (Unix seconds, by the node's clock)."""


@dataclass(frozen=True)
class Ending:
    """How a run of a container ended."""

    exit_code: int
    reason: str
    """``Completed``, ``Error``, ``OOMKilled`` …"""
    words: str = ""
    """What it has to say about it, where an incident knows."""


@dataclass(frozen=True)
class Mood:
    """What a program writes besides, or instead, while something is wrong in the cluster."""

    rate: float
    """Times a second."""
    say: Say
    instead: bool = False
    """Nothing of the usual is written meanwhile, not even the greeting of a run that begins then."""
    newcomers: bool = False
    """Only runs that began meanwhile are concerned."""


def _nothing(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return ()


def _last_words(rng: Random, speaker: Speaker, moment: float, ending: Ending) -> tuple[Said, ...]:
    return (ending.words,) if ending.words else ()


@dataclass(frozen=True, eq=False)
class Voice:
    """A program's log."""

    rate: float
    """How often a second it writes something, by and large; 0: never by itself."""
    say: Say
    greet: Callable[[Random, Speaker, float], tuple[Said, ...]] = _nothing
    """When it starts."""
    part: Callable[[Random, Speaker, float], tuple[Said, ...]] = _nothing
    """When it is asked to stop."""
    die: Callable[[Random, Speaker, float, Ending], tuple[Said, ...]] = _last_words
    """The last lines of a run."""
    moods: Mapping[str, Mood] = field(default_factory=dict)
    """By the mood's name."""
    busy: bool = True
    """It writes more by day, when there is more to do."""
    steady: bool = False
    """It writes at even intervals, not as things come."""


def mixed(*choices: tuple[float, Say]) -> Say:
    """One of several things, by weight."""
    weights = tuple(accumulate(weight for weight, _ in choices))
    says = tuple(say for _, say in choices)
    total = weights[-1]

    def say(rng: Random, speaker: Speaker, moment: float) -> Said:
        return says[bisect(weights, rng.random() * total)](rng, speaker, moment)

    return say


def silent(rng: Random, speaker: Speaker, moment: float) -> Said:
    """A program that has nothing to say."""
    return ""
