"""How a pool is, in a few words: what ails its nodes, their machines and itself, and what is going on. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kubetui.insight.instances import Joined, Lone, joined_meaning
from kubetui.insight.node_groups import PoolGroups, autoscaler_troubles
from kubetui.insight.scheduled_event import condition_kind
from kubetui.insight.trouble import Mismatch, Trouble
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node_meaning import worst
from kubetui.kinds.node_row import NodeRow

_ORDER: Final = (Meaning.ACT, Meaning.LOOK, Meaning.PLANNED)
_WORDS: Final = {
    Mismatch.NO_VM: "without a VM",
    Mismatch.OFF: "VM off",
    Mismatch.FAILED: "VM failed",
    Mismatch.UNHEALTHY: "VM unhealthy",
    Mismatch.DELETING: "being deleted",
    Mismatch.MAINTENANCE: "with maintenance announced",
    Mismatch.JOINING: "joining",
    Mismatch.CHANGING: "changed by Azure",
    Mismatch.NEVER_JOINED: "never joined",
    Mismatch.NO_NODE: "without a node",
    Mismatch.KEPT: "off, without a node",
    Mismatch.OTHER: "to look at",
}
"""Behind a number of nodes or instances."""

Counted = Counter[tuple[Meaning, str]]


def pool_state(
    pool: str, nodes: Iterable[NodeRow], joined: Joined, groups: PoolGroups | None, now: float
) -> tuple[Trouble, ...]:
    """Everything, what asks most first; empty where all is well. Nodes of which only names are known say nothing."""
    machines = joined.pools.get(pool)
    known = [node for node in nodes if not node.provisional]
    found = [*_of_nodes(known, joined), *_of_lone(joined.lone.get(pool, ()))]
    found += machines.troubles if machines is not None else ()
    found += autoscaler_troubles(groups, machines, now) if groups is not None else ()
    return tuple(dict.fromkeys(sorted(found, key=_place)))


def _place(trouble: Trouble) -> tuple[int, bool]:
    """What asks most first; of equals first what explains the others."""
    order = _ORDER.index(trouble.meaning) if trouble.meaning in _ORDER else len(_ORDER)
    return order, trouble.kind not in (Mismatch.POOL_FAILED, Mismatch.CHANGING)


def state_meaning(troubles: Iterable[Trouble]) -> Meaning:
    """The worst of them; fine without any."""
    return worst({one.meaning for one in troubles})


def _of_nodes(nodes: Sequence[NodeRow], joined: Joined) -> Iterator[Trouble]:
    down = [node for node in nodes if node.ready != "True"]
    if down:
        meaning = worst({joined_meaning(node, joined.troubles.get(node.name)) for node in down})
        yield Trouble(meaning, f"{len(down)} not ready")
    counted: Counted = Counter()
    for node in nodes:
        if node.ready != "True":
            continue
        trouble = joined.troubles.get(node.name)
        if trouble is not None:
            counted[trouble.meaning, _WORDS.get(trouble.kind, trouble.words)] += 1
        for condition in node.conditions:
            if condition.type != "Ready":
                counted[condition.meaning, condition_kind(condition)] += 1
    yield from _said(counted)
    cordoned = sum(node.unschedulable for node in nodes)
    if cordoned:
        yield Trouble(Meaning.PLANNED, f"{cordoned} cordoned")


def _of_lone(lone: Iterable[Lone]) -> Iterator[Trouble]:
    counted: Counted = Counter()
    for one in lone:
        counted[one.trouble.meaning, _WORDS.get(one.trouble.kind, one.trouble.words)] += 1
    yield from _said(counted)


def _said(counted: Counted) -> Iterator[Trouble]:
    return (Trouble(meaning, f"{number} {words}") for (meaning, words), number in counted.items())
