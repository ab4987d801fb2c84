"""A pool's machines in words: scale sets, states, what does not fit, what Azure announced. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from kubetui.insight.describe.page import Entry, Field, Grid, Heading, Row, Words
from kubetui.insight.instances import maintenance_words, vm_words
from kubetui.insight.pool_facts import PoolFacts
from kubetui.insight.trouble import Mismatch
from kubetui.kinds.kind import Meaning

MOST_NAMED: Final = 40
"""Nodes and instances that are named because something is the matter with them."""


def scale_sets(facts: PoolFacts) -> Iterator[Entry]:
    """Each with its mode, state, instances, size and image."""
    if not facts.sets:
        if facts.pool.vmss:
            yield Field("VM scale sets", ", ".join(facts.pool.vmss))
        return
    yield Heading("VM scale sets")
    rows = [
        Row((
            one.name,
            "Flexible" if one.flexible else "Uniform",
            one.provisioning or "–",
            f"{len(one.instances)} of {one.capacity}" if one.instances is not None else f"– of {one.capacity}",
            one.size or "–",
            one.image or "–",
            f"{one.unreadable} not understood" if one.unreadable else "",
        ))
        for one in facts.sets
    ]  # fmt: skip
    yield Grid(("NAME", "MODE", "STATE", "INSTANCES", "SIZE", "MODEL'S IMAGE"), rows, ruled=False)


def states(facts: PoolFacts) -> Iterator[Entry]:
    """How many instances are in which provisioning and power state."""
    counted = Counter((one.provisioning or "–", one.power or "–") for one in facts.instances)
    if not counted:
        return
    yield Heading("Instances by state")
    rows = [
        Row((provisioning, power, str(number)), meaning=_meaning(provisioning, power))
        for (provisioning, power), number in sorted(counted.items(), key=lambda item: -item[1])
    ]
    yield Grid(("PROVISIONING", "POWER", "INSTANCES"), rows, ruled=False)


def _meaning(provisioning: str, power: str) -> Meaning:
    state = provisioning.casefold()
    if state == "failed":
        return Meaning.LOOK
    if state not in ("succeeded", "–"):
        return Meaning.PLANNED
    return Meaning.PLAIN if power in ("running", "–") else Meaning.LOOK


def misfits(facts: PoolFacts) -> Iterator[Entry]:
    """Nodes and instances with something the matter."""
    joined = facts.joined
    if joined is None:
        return
    rows = [
        Row((one.instance.number, "no node", vm_words(one.instance)), one.trouble.words, one.trouble.meaning)
        for one in facts.lone
    ]
    for node in facts.nodes:
        trouble = joined.troubles.get(node.name)
        if trouble is not None and trouble.kind is not Mismatch.MAINTENANCE:  # told as announced
            found = joined.of_node.get(node.name)
            state = vm_words(found) if found is not None else "–"
            rows.append(
                Row((found.number if found is not None else "–", node.name, state), trouble.words, trouble.meaning)
            )
    if not rows:
        return
    order = (Meaning.ACT, Meaning.LOOK, Meaning.PLANNED)
    rows.sort(key=lambda row: order.index(row.meaning) if row.meaning in order else len(order))
    yield Heading("Machines and nodes to look at")
    yield Grid(("INSTANCE", "NODE", "VM"), rows[:MOST_NAMED], ruled=False)
    if len(rows) > MOST_NAMED:
        yield Words(f"and {len(rows) - MOST_NAMED} more: ! in the Nodes pane shows them", 1, style="dim")


def announced(facts: PoolFacts) -> Iterator[Entry]:
    """What Azure announced: evictions, freezes, redeployments; and the windows of maintenance."""
    rows = [
        Row((node.name,), " ".join(condition.message.split()) or condition.reason, Meaning.PLANNED)
        for node in facts.nodes
        for condition in node.conditions
        if condition.meaning is Meaning.PLANNED
    ]
    rows += [
        Row((f"instance {one.number}",), words, Meaning.PLANNED)
        for one in facts.instances
        if (words := maintenance_words(one, facts.now))
    ]
    if rows:
        yield Heading("Announced by Azure")
        yield Grid((), rows[:MOST_NAMED], ruled=False)
