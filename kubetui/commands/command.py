"""What a command declares: when it fits, what it does to the cluster, and its line as a template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kubetui.commands.subject import Subject
from kubetui.kinds.kind import Meaning

Each = Literal["", "container", "running", "port", "image"]
"""A line for each container, each that may run (no init containers), each TCP port, each container of a template."""


class Effect(NamedTuple):
    """What a command does, in a word, and how much of a look it needs."""

    word: str
    meaning: Meaning = Meaning.PLAIN


READS = Effect("")
CHANGES = Effect("changes")
"""What can be changed back."""
SHELL = Effect("shell")
"""What it does is up to the person in it."""
ADDS_POD = Effect("adds a pod")
RUNS = Effect("runs on the VM")


def destroys(word: str) -> Effect:
    """What takes something away that was running or kept."""
    return Effect(word, Meaning.ACT)


@dataclass(frozen=True, slots=True)
class Command:
    """One line to copy.

    ``line`` is read as a shell reads it; then ``{name}`` in a word becomes the value of that name, and a word that
    is only ``{names}`` as many words as there are objects. ``values.py`` knows the names.
    """

    id: str
    title: str
    line: str
    effect: Effect = READS
    each: Each = ""
    several: bool = False
    """It takes the names of several objects."""
    when: Callable[[Subject], bool] = lambda subject: True
    note: str = ""
    """What to know before it is run."""


class Section(NamedTuple):
    """Commands that belong together."""

    title: str
    commands: tuple[Command, ...]
    note: str = ""


class Offer(NamedTuple):
    """A command made for the objects at hand."""

    id: str
    """Of the command, and of its container or port."""
    title: str
    words: tuple[str, ...]
    effect: Effect
    note: str = ""
    missing: tuple[str, ...] = ()
    """Places that have to be filled in: ``<resource-group>``."""
    short: tuple[str, ...] = ()
    """The words without those that all lines share: which cluster, which namespace."""


class OfferedSection(NamedTuple):
    """A section made for the objects at hand; never empty."""

    title: str
    offers: tuple[Offer, ...]
    note: str = ""
