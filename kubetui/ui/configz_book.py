"""What the Configz panes share: the nodes, their kubelets' answers, and the survey of both. Pane 7 owns it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from kubetui.cluster.kubelet_config import KubeletConfigs
from kubetui.cluster.session import Lease, Session
from kubetui.insight.kubelet.drift import Configured
from kubetui.insight.kubelet.search import Keeps
from kubetui.insight.kubelet.survey import Survey, Surveyor, found_in, in_order, told_of
from kubetui.kinds.node import NODE
from kubetui.kinds.node_row import NodeRow
from kubetui.store.state import Phase, SyncState
from kubetui.ui.configz_words import stopped_state

PAUSE: Final = 0.5
"""Seconds between two surveys while answers come in and nodes change."""
PREPARED: Final = 500
"""Nodes that a tick looks at anew: some 5 ms."""
_NOT_KNOWN: Final = frozenset({Phase.CONNECTING, Phase.SYNCING, Phase.FORBIDDEN, Phase.NOT_INSTALLED, Phase.FAILED})


class ConfigzBook:
    """Fetches when the nodes are known; surveys when something changed, in the owner's ticks."""

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self._session, self._changed = session, changed
        self.configs = KubeletConfigs(session, self._told)
        self._surveyor = Surveyor()
        self._lease: Lease[NodeRow] | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._begun = False
        self._stale = True
        self._made = -PAUSE
        self._ran = False
        self.survey = Survey()
        """What the search lets through."""
        self.whole = Survey()
        """Without a search: what a pool's majority is does not depend on what is looked for."""
        self.version = 0
        """Grows with each survey."""
        self.keeps: Keeps | None = None
        """What a search lets through."""

    # --- coming and going

    def enter(self) -> None:
        """Take the nodes; go on with what is missing."""
        if self._lease is None:
            self._lease = self._session.open(NODE)
            self._unwatch = self._lease.store.on_change(self._told)
            self._stale = True

    def leave(self) -> None:
        """Ask no further, give the nodes back."""
        if self._lease is not None:
            self._unwatch()
            self._lease.close()
            self._lease = None
        if self.configs.running:
            self.configs.cancel()
            self._begun = False

    def _told(self) -> None:
        self._stale = True
        self._changed()

    # --- nodes

    @property
    def nodes(self) -> Iterable[NodeRow]:
        """All that are known."""
        return self._lease.store if self._lease is not None else ()

    def node(self, name: str) -> NodeRow | None:
        """One of them."""
        return self._lease.store.get(("", name)) if self._lease is not None else None

    @property
    def nodes_state(self) -> SyncState:
        """How far the nodes are known."""
        return self._lease.store.state if self._lease is not None else SyncState(Phase.CONNECTING)

    def surveyed(self, name: str) -> Configured | None:
        """One node's configuration."""
        return self.whole.configured.get(name)

    def told(self, name: str) -> Configured | None:
        """One node as its Node object tells of it."""
        row = self.node(name)
        return told_of(row) if row is not None else None

    # --- asking

    def fetch(self, names: Iterable[str] | None = None) -> None:
        """Ask all nodes anew, or only ``names``."""
        wanted = None if names is None else set(names)
        rows = [row for row in self.nodes if wanted is None or row.name in wanted]
        self._begun = True
        self.configs.fetch(in_order(rows))

    def stop(self) -> bool:
        """Ask no further; False where nothing was being asked."""
        running = self.configs.running
        self.configs.cancel()
        return running

    def search(self, keeps: Keeps | None) -> None:
        """Survey only what ``keeps`` lets through."""
        self.keeps, self._stale, self._made = keeps, True, -PAUSE

    # --- ticks

    def tick(self) -> None:
        """Begin to ask once the nodes are known; survey where something changed."""
        if self._lease is None or self.nodes_state.phase in _NOT_KNOWN:
            return
        if not self._stale:
            return
        self._ask_the_missing()
        ended, self._ran = self._ran and not self.configs.running, self.configs.running
        # Heartbeats change nodes all the time, and answers come by the dozen: neither is worth each tick.
        at = self._session.clock.monotonic()
        if not ended and at - self._made < PAUSE:
            return
        if not self._surveyor.prepare(self.nodes, self.configs, PREPARED):
            self._changed()
            return
        self._stale, self._made = False, at
        self.configs.keep(row.name for row in self.nodes)
        self.whole = self._surveyor.survey(self.nodes, self.configs)
        self.survey = self.whole if self.keeps is None else found_in(self.whole, self.keeps)
        self.version += 1

    def _ask_the_missing(self) -> None:
        """All at first; later nodes that came since, unless the person stopped it or it has no use."""
        configs = self.configs
        if configs.running or (self._begun and (configs.cancelled or configs.stopped is not None)):
            return
        failed = configs.failures if self._begun else {}
        missing = [row for row in self.nodes if row.name not in configs.answers and row.name not in failed]
        if missing:
            self._begun = True
            configs.fetch(in_order(missing))

    # --- what is said

    @property
    def state(self) -> SyncState:
        """The nodes', until the kubelets are the question."""
        nodes, configs = self.nodes_state, self.configs
        if nodes.phase in _NOT_KNOWN:
            return nodes
        if configs.running:
            return SyncState(Phase.SYNCING, held=configs.done, total=configs.asked)
        error = configs.stopped
        if error is not None:
            return stopped_state(error, known=bool(configs.answers))
        return nodes
