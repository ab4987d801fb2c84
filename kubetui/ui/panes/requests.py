"""What this program asks of the API server, and what that costs: counted as it goes, asked of nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping, Sequence

from kubetui.cluster.flow_schemas import flow_schema_names
from kubetui.cluster.session import Lease
from kubetui.kinds.kind import Column
from kubetui.store.state import Phase, SyncState
from kubetui.store.store import Store
from kubetui.ui.panes.rows_pane import RowsPane
from kubetui.ui.request_rows import REQUEST_COLUMNS, RequestRow, request_rows, size
from kubetui.ui.state_words import count


class RequestsPane(RowsPane[RequestRow]):
    """One row for each kind of request of this session."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._schemas: Mapping[str, str] = {}
        self._naming: asyncio.Task[None] | None = None

    @property
    def all_columns(self) -> Sequence[Column[RequestRow]]:
        """Counts, bytes, latencies, refusals."""
        return REQUEST_COLUMNS

    @property
    def noun(self) -> str:
        """As the heading calls them."""
        return "requests"

    def take_lease(self) -> Lease[RequestRow]:
        """A store of this pane's own, brought up to date by each tick."""
        store: Store[RequestRow] = Store()
        store.state = SyncState(Phase.LIVE)
        if not self._schemas:
            self._naming = asyncio.create_task(self._name_schemas(), name="flow schemas")

        def release() -> None:
            if self._naming is not None:
                self._naming.cancel()

        return Lease(store, release)

    async def _name_schemas(self) -> None:
        self._schemas = await flow_schema_names(self.session)
        self.desk.request_tick()

    def refresh_rows(self, now: float) -> None:
        """Count anew; a tick comes at least each second."""
        if self._lease is not None:
            store = self._lease.store
            rows = request_rows(self.session.traffic, self._schemas)
            store.put(row for row in rows if row != store.get(("", row.name)))
        super().refresh_rows(now)

    @property
    def heading(self) -> str:
        """``Requests  214 · 18 a minute · 3.1Mi received · 4 streams open``."""
        traffic = self.session.traffic
        parts = [
            count(traffic.requests),
            f"{traffic.requests_per_minute()} a minute",
            f"{size(traffic.received_bytes)} received",
            f"{traffic.streams} open stream{'' if traffic.streams == 1 else 's'}",
        ]
        if traffic.throttled:
            parts.append(f"{count(traffic.throttled)} × 429")
        return "Requests  " + " · ".join([*parts, *self._azure()])

    def _azure(self) -> list[str]:
        """What was asked of Azure, and what the subscription has left of what the cluster needs too."""
        feed = self.desk.azure
        if feed is None or not feed.reads:
            return []
        left = feed.look.machines.budget if feed.look.machines is not None else None
        return [f"{count(feed.reads)} reads of Azure" + (f", {count(left)} left" if left is not None else "")]

    def problem(self, row: RequestRow) -> bool:
        """Failed or throttled."""
        return bool(row.failures or row.throttled)

    def open_key(self, key: Hashable) -> None:
        """There is nothing behind a row."""

    def action_yaml(self) -> None:
        """There is no object."""
        self.desk.say("these are this program's own requests: there is no YAML")
