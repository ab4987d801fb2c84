"""What is the matter with a pool as a whole, as Azure has it: failed, changing, uneven, at its limits. Pure.

What an operation that is going on explains is planned, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from kubetui.azure.machines import AgentPool, ScaleSet
from kubetui.insight.maintenance import Under
from kubetui.insight.trouble import Mismatch, Trouble
from kubetui.kinds.age import human_duration
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import version_key

SETTLED: Final = frozenset({"", "succeeded", "failed", "canceled"})
"""Provisioning states in which nothing goes on."""
UNEVEN_S: Final = 300
"""Seconds for which instances may differ from the capacity before that is a mismatch: machines come and go so fast."""
_LONGEST: Final = 160
"""Characters of Azure's own words in a row."""


class PoolCounts(NamedTuple):
    """How many there are. None: not known."""

    instances: int | None
    """In the scale sets, or beside them."""
    capacity: int
    """What the scale sets are to have; of a pool of single machines what the cluster says."""
    uneven: float | None = None
    """Seconds for which the two have differed; None: since before the first look."""


def counts_of(
    sets: Sequence[ScaleSet], agent: AgentPool | None, uneven: float | None = None, singles: int | None = None
) -> PoolCounts:
    """Of a pool with these scale sets; ``singles``: machines without one, None where they were not listed."""
    if sets:
        unread = any(one.instances is None for one in sets)
        instances = None if unread else sum(len(one.instances or ()) for one in sets) + (singles or 0)
        return PoolCounts(instances, sum(one.capacity for one in sets), uneven)
    wanted = agent.count if agent is not None else 0
    return PoolCounts(singles or None, wanted or singles or 0, uneven)


def changing(sets: Iterable[ScaleSet], agent: AgentPool | None) -> str:
    """What Azure does with the pool now: ``Upgrading``; ``""``: nothing."""
    if agent is not None and agent.provisioning.casefold() not in SETTLED:
        return agent.provisioning
    return next((one.provisioning for one in sets if one.provisioning.casefold() not in SETTLED), "")


def pool_troubles(
    sets: Sequence[ScaleSet], agent: AgentPool | None, counts: PoolCounts, under: Under | None = None
) -> Iterator[Trouble]:
    """Of the pool, not of its nodes. ``under``: a maintenance window is open, in which AKS makes nodes anew."""
    going = changing(sets, agent)
    if agent is not None:
        yield from _of_state(agent)
    yield from (Trouble(Meaning.ACT, f"{one.name} failed") for one in sets if one.provisioning.casefold() == "failed")
    images = _images(sets)
    if going:
        yield Trouble(Meaning.PLANNED, f"{going.lower()}{_progress(going, sets)}", Mismatch.CHANGING)
    elif len(images) > 1:
        older = sum(images.values()) - images[newest(images)]
        words = f"{older} on an older image"
        yield _in_window(Trouble(Meaning.LOOK, words, Mismatch.OLD_IMAGE), under if under and under.images else None)
    yield from (_in_window(trouble, under) for trouble in _of_capacity(counts, going))
    if agent is not None:
        versions = under if under and under.versions else None
        yield from (_in_window(trouble, versions) for trouble in _of_versions(agent, going))
        yield from _of_limits(agent, counts, going)


def _in_window(trouble: Trouble, under: Under | None) -> Trouble:
    """What is to be looked at is planned, and says so, while the window is open in which AKS sees to it."""
    if under is None or trouble.meaning is not Meaning.LOOK:
        return trouble
    return trouble._replace(meaning=Meaning.PLANNED, words=f"{trouble.words}, {under.words}")


def _of_state(agent: AgentPool) -> Iterator[Trouble]:
    state = agent.provisioning.casefold()
    error = _short(agent.error)
    if state == "failed":
        yield Trouble(Meaning.ACT, f"pool failed: {error}" if error else "pool failed", Mismatch.POOL_FAILED)
    elif error:
        yield Trouble(Meaning.LOOK, f"last operation failed: {error}", Mismatch.POOL_FAILED)
    elif state == "canceled":
        yield Trouble(Meaning.LOOK, "last operation canceled")
    if agent.power.casefold() == "stopped":
        yield Trouble(Meaning.PLANNED, "pool stopped", Mismatch.CHANGING)


def _of_capacity(counts: PoolCounts, going: str) -> Iterator[Trouble]:
    if counts.instances is None or counts.instances == counts.capacity:
        return
    words, meaning = f"{counts.instances} of {counts.capacity} instances", Meaning.LOOK
    if going or (counts.uneven is not None and counts.uneven < UNEVEN_S):
        meaning = Meaning.PLANNED
    elif counts.uneven is not None:
        words += f" for {human_duration(counts.uneven)}"
    yield Trouble(meaning, words, Mismatch.COUNT)


def _of_versions(agent: AgentPool, going: str) -> Iterator[Trouble]:
    if agent.version and agent.current and agent.version != agent.current:
        words = f"{agent.current} → {agent.version}"
        meaning, rest = (Meaning.PLANNED, "") if going else (Meaning.LOOK, " not finished")
        yield Trouble(meaning, words + rest, Mismatch.OLD_VERSION)


def _of_limits(agent: AgentPool, counts: PoolCounts, going: str) -> Iterator[Trouble]:
    if agent.autoscaled and agent.power.casefold() != "stopped":
        yield from limits(agent.least, agent.most, counts.capacity, going=bool(going))


def limits(least: int, most: int, count: int, *, going: bool) -> Iterator[Trouble]:
    """Where ``count`` instances stand against an autoscaler's limits. One that has no room between is no autoscaler.

    ``going``: the pool scales or upgrades, and an upgrade's surge may pass the limit.
    """
    meaning = Meaning.PLANNED if going else Meaning.LOOK
    if most and count > most:
        yield Trouble(meaning, f"above its limit of {most}", Mismatch.AT_LIMIT)
    elif most > least and count == most:
        yield Trouble(meaning, f"at its limit of {most}", Mismatch.AT_LIMIT)
    elif count < least:
        yield Trouble(meaning, f"below its least, {least}", Mismatch.BELOW_LEAST)


def _images(sets: Iterable[ScaleSet]) -> dict[str, int]:
    """Of the instances; a scale set's model is ahead of them, which is no mismatch."""
    found: dict[str, int] = {}
    for one in sets:
        for each in one.instances or ():
            if each.image:
                found[each.image] = found.get(each.image, 0) + 1
    return found


def newest(images: Iterable[str]) -> str:
    """The newest version; ``""`` of none."""
    return max(images, key=version_key, default="")


def updated(sets: Iterable[ScaleSet]) -> int:
    """How many instances have the newest image of the scale sets' models."""
    known = tuple(sets)
    wanted = newest(one.image for one in known)
    return sum(not wanted or not each.image or each.image == wanted for one in known for each in one.instances or ())


def _progress(going: str, sets: Sequence[ScaleSet]) -> str:
    """`` 40 %`` of an upgrade's instances have the newest image."""
    instances = sum(len(one.instances or ()) for one in sets)
    return f" {updated(sets) * 100 // instances} %" if instances and "upgrad" in going.casefold() else ""


def _short(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def uneven_since(before: Mapping[str, float] | None, pools: Mapping[str, PoolCounts], at: float) -> dict[str, float]:
    """Since when each pool's instances have differed from its capacity; 0: since before the first look.

    ``before``: what the last look made of it, None at the first one; ``at``: when this one was.
    """
    return {
        name: 0.0 if before is None else before.get(name, at)
        for name, counts in pools.items()
        if counts.instances is not None and counts.instances != counts.capacity
    }
