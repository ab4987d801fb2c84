"""One endpoint of a Service, as a row: address, whether it takes traffic, and where it is."""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec

from kubetui.kinds.endpoint_slice import Endpoint, EndpointSliceRow
from kubetui.kinds.kind import Column, Meaning


class EndpointRow(msgspec.Struct, frozen=True, gc=False):
    """One endpoint of one EndpointSlice."""

    slice: str
    """The EndpointSlice's name."""
    name: str
    """The address; a second one of the same address in a slice has a number behind it."""
    version: int
    endpoint: Endpoint
    ports: str
    """``53/UDP,53/TCP``."""
    provisional: bool = False

    @property
    def namespace(self) -> str:
        """The slice: rows are keyed by slice and address."""
        return self.slice

    @property
    def state(self) -> str:
        """In words. What is not ready may be published all the same (``publishNotReadyAddresses``)."""
        one = self.endpoint
        if one.terminating:
            return "Terminating, serving" if one.serving else "Terminating"
        if one.ready:
            return "Ready" if one.serving else "NotReady, published"
        return "NotReady"

    @property
    def meaning(self) -> Meaning:
        """Look where it takes no traffic, planned where it goes."""
        if self.endpoint.terminating:
            return Meaning.PLANNED
        return Meaning.FINE if self.endpoint.ready and self.endpoint.serving else Meaning.LOOK

    @property
    def target(self) -> str:
        """``pod/coredns-7kq2x``; ``""`` where the address is nobody's object."""
        one = self.endpoint
        return f"{one.target_kind.lower()}/{one.target}" if one.target else ""


def endpoint_rows(found: EndpointSliceRow) -> list[EndpointRow]:
    """The endpoints of a slice."""
    ports = ",".join(port.text for port in found.ports)
    seen: Counter[str] = Counter()
    rows = []
    for one in found.endpoints:
        address = one.addresses[0] if one.addresses else "–"
        seen[address] += 1
        name = address if seen[address] == 1 else f"{address} {seen[address]}"
        rows.append(EndpointRow(found.name, name, found.version, one, ports))
    return rows


ENDPOINT_COLUMNS: Final[tuple[Column[EndpointRow], ...]] = (
    Column("ADDRESS", lambda row, now: row.name, lambda row: row.name, width=15, max_width=63, priority=0),
    Column("STATE", lambda row, now: row.state, lambda row: row.state, width=8, max_width=24, priority=1,
           meaning=lambda row: row.meaning, marked=True),
    Column("PORTS", lambda row, now: row.ports or "–", lambda row: row.ports, width=6, max_width=32, priority=4),
    Column("TARGET", lambda row, now: row.target or "–", lambda row: row.target, width=12, max_width=68, priority=2),
    Column("NODE", lambda row, now: row.endpoint.node or "–", lambda row: row.endpoint.node, width=8, max_width=48,
           priority=3),
    Column("ZONE", lambda row, now: row.endpoint.zone or "–", lambda row: row.endpoint.zone, width=4, max_width=24,
           priority=4),
    Column("HOSTNAME", lambda row, now: row.endpoint.hostname, lambda row: row.endpoint.hostname, width=8,
           max_width=48, priority=7, wide=True),
    Column("SLICE", lambda row, now: row.slice, lambda row: row.slice, width=8, max_width=63, priority=6, wide=True),
)  # fmt: skip
