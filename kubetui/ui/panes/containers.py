"""A pod's containers: states in words, restarts, how the last run ended. Fetched anew whenever the pod changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Hashable, Sequence

import msgspec

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import Lease, Scope, Session
from kubetui.cluster.transport import Request
from kubetui.commands.subject import Subject, resource_of
from kubetui.kinds.container import CONTAINER_COLUMNS, ContainerRow, containers
from kubetui.kinds.kind import Column, Key
from kubetui.kinds.pod import POD
from kubetui.kinds.pod_row import PodRow
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.panes.yaml import YamlPane

log = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds between two fetches at least: a pod that starts changes many times a second."""


class ContainersPane(RowsPane[ContainerRow]):
    """The containers of the pod under ``key``."""

    def __init__(self, desk: Desk, session: Session, key: Key) -> None:
        super().__init__(desk, session)
        self._key = key
        self._following: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    @property
    def all_columns(self) -> Sequence[Column[ContainerRow]]:
        """The containers' columns."""
        return CONTAINER_COLUMNS

    @property
    def settings_name(self) -> str:
        """As the API calls them."""
        return "containers"

    @property
    def noun(self) -> str:
        """As the API calls them."""
        return "containers"

    @property
    def place(self) -> str:
        """The pod."""
        return "pod " + "/".join(self._key)

    def take_lease(self) -> Lease[ContainerRow]:
        """A store of this pane's own, filled from the one pod."""
        # Only this pod is watched; where the Pods pane holds it already, that costs one small watch more.
        namespace, name = self._key
        pod = self.session.open(POD, Scope(frozenset({namespace}), fields=f"metadata.name={name}"))
        store: Store[ContainerRow] = Store()
        unwatch = pod.store.on_change(self._changed.set)
        self._changed.set()
        self._following = asyncio.create_task(self._follow(pod.store, store), name="containers")

        def release() -> None:
            unwatch()
            pod.close()
            if self._following is not None:
                self._following.cancel()

        return Lease(store, release)

    async def _follow(self, pods: Store[PodRow], store: Store[ContainerRow]) -> None:
        seen = -1
        while True:
            await self._changed.wait()
            self._changed.clear()
            pod = pods.get(self._key)
            if pods.state.phase is not Phase.LIVE:
                store.state = pods.state
            elif pod is None:
                store.keep_only(())
                store.state = SyncState(Phase.NOT_INSTALLED, reason="the pod is gone", advice="Esc goes back")
            elif pod.version != seen and await self._fetch(store):
                seen = pod.version
            else:
                store.state = SyncState(Phase.LIVE)
            await asyncio.sleep(PAUSE)

    async def _fetch(self, store: Store[ContainerRow]) -> bool:
        namespace, name = self._key
        request = Request(f"{POD.path_in(namespace)}/{name}", f"get Pod {namespace}/{name}")
        try:
            answer = await self.session.send(request)
            rows = containers(answer.body)
        except ClusterError as error:
            store.state = SyncState(Phase.FAILED, reason=f"{error.tried}: {error.answer}", advice=error.advice)
            return False
        except msgspec.ValidationError as error:
            log.warning("%s: %s", request.tried, error)
            store.state = SyncState(Phase.FAILED, reason=f"{request.tried}: not the shape of a pod: {error}")
            return False
        store.put(rows)
        store.keep_only({(row.namespace, row.name) for row in rows})
        store.state = SyncState(Phase.LIVE)
        return True

    def problem(self, row: ContainerRow) -> bool:
        """Not ready, or ended badly."""
        return not row.ready and row.state != "Completed"

    def open_key(self, key: Hashable) -> None:
        """The pod's YAML says the rest."""
        self.action_yaml()

    def subjects(self) -> Sequence[Subject]:
        """The pod, with the container under the cursor."""
        namespace, name = self._key
        row = self.row_under_cursor()
        return [Subject(resource_of(POD), name, namespace, container=row.name if row is not None else "")]

    def described(self) -> Described | None:
        """The pod."""
        return Described(object_at(POD, self._key))

    def action_yaml(self) -> None:
        """The pod as YAML."""
        self.desk.open_pane(YamlPane(self.desk, self.session, POD, self._key))
