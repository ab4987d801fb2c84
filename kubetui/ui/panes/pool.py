"""One node pool in words, as Azure and Kubernetes both see it; it follows both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kubetui.cluster.session import Lease, Session
from kubetui.commands.subject import Subject, pool_subject
from kubetui.insight.describe.page import lay_out
from kubetui.insight.node_load import NOTHING
from kubetui.insight.pool_facts import PoolFacts
from kubetui.insight.pool_page import pool_page
from kubetui.insight.pool_state import pool_state
from kubetui.insight.pools import pool
from kubetui.kinds.kind import Meaning
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.described_lines import DescribedLines
from kubetui.ui.meanings import ascii_only, mark
from kubetui.ui.node_machines import NodeMachines
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.pool_autoscaler import PoolAutoscaler

_PAUSE = 1.0
"""Seconds between two texts: ages grow."""
_UNKNOWN = frozenset({Phase.CONNECTING, Phase.SYNCING})


class Followed(NamedTuple):
    """What a pane about nodes follows."""

    nodes: Store[NodeRow]
    machines: NodeMachines
    autoscaler: PoolAutoscaler


class PoolPane(TextPane):
    """``name``: the pool's; ``""`` for nodes that no label puts in one.

    ``below``: what the pane below follows already, and goes on following when this one is closed.
    """

    def __init__(
        self,
        desk: Desk,
        session: Session,
        name: str,
        below: Followed | None = None,
    ) -> None:
        super().__init__(desk, session)
        self._pool = name
        self._lease: Lease[NodeRow] | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._below = below
        self._machines = below.machines if below else NodeMachines(desk.azure, desk.request_tick)
        self._autoscaler = below.autoscaler if below else PoolAutoscaler(session, desk.request_tick)
        self._joined, self._groups = self._machines.joined, self._autoscaler.groups
        self._shown = DescribedLines()
        self._moved, self._made = True, 0.0
        self._ascii = ascii_only()

    # --- coming and going

    def enter(self) -> None:
        """Nodes, and what is under them."""
        if self._lease is None:
            # Where nodes may not be listed, the pane below knows their names all the same.
            self._lease = Lease(self._below.nodes, lambda: None) if self._below else self.session.open(NODE)
            self._unwatch = self._lease.store.on_change(self._changed)
            self.lines.wrapped = True
            self.lines.set_empty(f"reading node pool {self._pool} …")
        self._changed()

    def leave(self) -> None:
        """Give everything back."""
        if self._below is None:
            self._machines.rest()
            self._autoscaler.rest()
        if self._lease is not None:
            self._unwatch()
            self._lease.close()
            self._lease = None

    def refetch(self) -> None:
        """Azure and the autoscaler are asked anew."""
        self._machines.retry_now()
        self._autoscaler.retry_now()

    def _changed(self) -> None:
        self._moved = True
        self.desk.request_tick()

    # --- lines

    def tick(self, now: float) -> None:
        """The text where something changed, and as time goes by."""
        if self._lease is not None and self._lease.store.state.phase not in _UNKNOWN:
            nodes, moved = tuple(self._lease.store), self._moved
            if self._lease.store.state.phase is not Phase.FORBIDDEN:  # names alone lead to no machines
                self._machines.follow(nodes, now, moved=moved, pools=(self._pool,))
            self._autoscaler.follow(nodes, moved=moved)
            if moved or self._other_facts() or now - self._made >= _PAUSE:
                self._moved, self._made = False, now
                self._show(self._facts([node for node in nodes if node.pool == self._pool], now))
        super().tick(now)

    def _other_facts(self) -> bool:
        before = self._joined, self._groups
        self._joined, self._groups = self._machines.joined, self._autoscaler.groups
        return self._joined is not before[0] or self._groups is not before[1]

    def _facts(self, nodes: Sequence[NodeRow], now: float) -> PoolFacts:
        machines, joined, groups = self._machines, self._machines.joined, self._autoscaler.groups.get(self._pool)
        (found,) = machines.meant([pool(self._pool, list(nodes), lambda node: NOTHING)], nodes)
        return PoolFacts(
            pool=found,
            nodes=nodes,
            joined=joined if machines.known else None,
            cluster=machines.cluster,
            groups=groups,
            state=pool_state(self._pool, nodes, joined, groups, now),
            azure=[machines.read_words(now, self.desk.preferences.keymap.shown_of("azure.sign_in")), *machines.gaps],
            autoscaler=self._autoscaler.source(now) if groups is not None else self._autoscaler.unread,
            portal=machines.page_of(machines.cluster.id) if machines.cluster is not None else "",
            now=now,
        )

    def _show(self, facts: PoolFacts) -> None:
        first = len(self._shown) == 0
        if not self._shown.put(lay_out(pool_page(facts), self._mark)):
            return
        if first:
            self.lines.set_source(self._shown)
        else:
            self.lines.source_changed()

    def _mark(self, meaning: Meaning) -> str:
        return mark(meaning, plain=self._ascii)

    @property
    def text(self) -> str:
        """All lines."""
        return self._shown.text

    @property
    def save_parts(self) -> Sequence[str]:
        """``nodepool``, ``general.txt``."""
        return ("nodepool", f"{self._pool or 'none'}.txt")

    # --- what is said

    @property
    def heading(self) -> str:
        """``Node pool general · 34 lines``."""
        parts = [f"Node pool {self._pool}" if self._pool else "Nodes without a pool"]
        if len(self._shown):
            parts.append(f"{len(self._shown):,} lines")
        return " · ".join(parts)

    @property
    def state(self) -> SyncState:
        """The nodes'."""
        return self._lease.store.state if self._lease is not None else SyncState(Phase.CONNECTING)

    def subjects(self) -> Sequence[Subject]:
        """The pool, for commands to copy."""
        members = [node for node in self._lease.store if node.pool == self._pool] if self._lease is not None else []
        return [pool_subject(self._pool, members[0], len(members))] if members and self._pool else ()
