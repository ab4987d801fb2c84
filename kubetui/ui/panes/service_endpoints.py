"""A Service's endpoints: which addresses take its traffic, which do not, and where they are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence

from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import Lease, Scope, Session
from kubetui.commands.subject import Subject, resource_of
from kubetui.insight.service_words import count_words, counted, reached_by, why_none
from kubetui.kinds.endpoint import ENDPOINT_COLUMNS, EndpointRow, endpoint_rows
from kubetui.kinds.endpoint_slice import ENDPOINT_SLICE, SERVICE_NAME, EndpointSliceRow
from kubetui.kinds.kind import Column, Key, Meaning
from kubetui.kinds.pod import POD
from kubetui.kinds.service import SERVICE, ServiceRow
from kubetui.store.pairs import Pair, Pairs
from kubetui.store.part import combined
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.panes.containers import ContainersPane
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.work import is_left


class ServiceEndpointsPane(RowsPane[EndpointRow]):
    """The endpoints of the Service under ``key``, from its EndpointSlices."""

    def __init__(self, desk: Desk, session: Session, key: Key) -> None:
        super().__init__(desk, session)
        self._key = key
        self._service: Lease[ServiceRow] | None = None
        self._slices: Lease[EndpointSliceRow] | None = None
        self._pairs: Pairs[EndpointSliceRow] | None = None
        self._waiting: deque[Pair[EndpointSliceRow]] = deque()

    @property
    def all_columns(self) -> Sequence[Column[EndpointRow]]:
        """An endpoint's."""
        return ENDPOINT_COLUMNS

    @property
    def noun(self) -> str:
        """As Kubernetes calls them."""
        return "endpoints"

    # --- coming and going

    def take_lease(self) -> Lease[EndpointRow]:
        """A store of this pane's own, filled from the slices."""
        namespace, name = self._key
        here = frozenset({namespace})
        service = self.session.open(SERVICE, Scope(here, fields=f"metadata.name={name}"))
        slices = self.session.open(ENDPOINT_SLICE, Scope(here, labels=f"{SERVICE_NAME}={name}"))
        pairs = Pairs(slices.store)
        unwatch: list[Callable[[], None]] = [
            lease.store.on_change(self.desk.request_tick) for lease in (service, slices)
        ]
        self._service, self._slices, self._pairs = service, slices, pairs
        self._waiting.clear()

        def release() -> None:
            for end in unwatch:
                end()
            pairs.close()
            service.close()
            slices.close()
            self._service = self._slices = self._pairs = None

        return Lease(Store(), release)

    @property
    def service(self) -> ServiceRow | None:
        """The Service, once it is known."""
        return self._service.store.get(self._key) if self._service is not None else None

    @property
    def state(self) -> SyncState:
        """The worse of the Service's and its slices'."""
        if self._service is None or self._slices is None:
            return SyncState(Phase.CONNECTING)
        state = combined([self._service.store.state, self._slices.store.state])
        if state.phase is Phase.LIVE and self.service is None:
            return SyncState(Phase.NOT_INSTALLED, reason="the Service is gone", advice="Esc goes back")
        return state

    # --- rows

    def refresh_rows(self, now: float) -> None:
        """Follow the slices, then the rows made of them."""
        if self._pairs is not None and self._lease is not None:
            self._follow(self._pairs, self._lease.store)
        super().refresh_rows(now)

    def _follow(self, pairs: Pairs[EndpointSliceRow], rows: Store[EndpointRow]) -> None:
        if is_left(lambda: self._follow_one(pairs, rows)):
            self.desk.request_tick()

    def _follow_one(self, pairs: Pairs[EndpointSliceRow], rows: Store[EndpointRow]) -> bool:
        """One slice; False where none has changed."""
        if not self._waiting:
            first = [Pair(None, row) for row in pairs.first()]
            self._waiting.extend(first or pairs.changes())
            if not self._waiting:
                return False
        before, after = self._waiting.popleft()
        new = endpoint_rows(after) if after is not None else []
        kept = {row.name for row in new}
        old = endpoint_rows(before) if before is not None else []
        rows.remove((row.slice, row.name) for row in old if row.name not in kept)
        rows.put(new)
        return True

    def problem(self, row: EndpointRow) -> bool:
        """Whatever takes no traffic."""
        return row.meaning is not Meaning.FINE

    # --- lines

    def open_key(self, key: Hashable) -> None:
        """The pod behind the address; else the slice it stands in."""
        row = self.row(key)
        if row is not None and row.endpoint.target_kind == "Pod":
            namespace = row.endpoint.target_namespace or self._key[0]
            self.desk.open_pane(ContainersPane(self.desk, self.session, (namespace, row.endpoint.target)))
        else:
            self.action_yaml()

    def subjects(self) -> Sequence[Subject]:
        """The pod behind the address; where there is none, the Service."""
        row = self.row_under_cursor()
        if row is not None and row.endpoint.target_kind == "Pod":
            return [Subject(resource_of(POD), row.endpoint.target, row.endpoint.target_namespace or self._key[0])]
        return [Subject(resource_of(SERVICE), self._key[1], self._key[0])]

    def described(self) -> Described | None:
        """The pod behind the address; where there is none, the Service."""
        row = self.row_under_cursor()
        if row is not None and row.endpoint.target_kind == "Pod":
            return Described(object_at(POD, (row.endpoint.target_namespace or self._key[0], row.endpoint.target)))
        return Described(object_at(SERVICE, self._key))

    def action_yaml(self) -> None:
        """The EndpointSlice under the cursor as YAML; the Service's where there is none."""
        row = self.row_under_cursor()
        if row is not None:
            self.desk.open_pane(YamlPane(self.desk, self.session, ENDPOINT_SLICE, (self._key[0], row.slice)))
        else:
            self.desk.open_pane(YamlPane(self.desk, self.session, SERVICE, self._key))

    # --- what is said

    @property
    def heading(self) -> str:
        """How the Service is reached, and how many endpoints are ready."""
        service = self.service
        known: list[str] = []
        rows: Sequence[EndpointRow] = list(self._lease.store) if self._lease is not None else ()
        if service is not None and service.type != "ExternalName" and (rows or self.state.phase is Phase.LIVE):
            known += count_words(counted(rows))
        if service is not None:
            known += reached_by(service)
        return f"Service {'/'.join(self._key)}  " + " · ".join([*known, *self._arrangement()])

    def empty_text(self) -> str:
        """Why there are none."""
        service, held = self.service, len(self._lease.store) if self._lease is not None else 0
        if held or service is None or self.state.phase is not Phase.LIVE:
            return super().empty_text()
        return why_none(service)
