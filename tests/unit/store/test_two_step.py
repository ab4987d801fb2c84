"""Tables, pages and a watch write at the same time; in the end the store equals the server.

The server here is a history of versions: at each version one object is written or deleted. The snapshot's
pages, the Tables (each of another version, whatever the cache had) and the watch from the snapshot's version
arrive in any interleaving that keeps each one's own order.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from kubetui.store.store import Store
from kubetui.store.two_step import TwoStep
from tests.unit.store.rows import Thing

NAMES = "abcdef"


@dataclass(frozen=True)
class Server:
    """A history: version n (from 1) is ``writes[n - 1]``: a name, and whether it was deleted."""

    writes: tuple[tuple[str, bool], ...]

    def at(self, version: int) -> dict[str, Thing]:
        held: dict[str, Thing] = {}
        for number, (name, deleted) in enumerate(self.writes[:version], 1):
            if deleted:
                held.pop(name, None)
            else:
                held[name] = Thing(name, version=number, value=number)
        return held

    def events_after(self, version: int) -> list[tuple[tuple[str, str], int, Thing | None]]:
        events: list[tuple[tuple[str, str], int, Thing | None]] = []
        for number, (name, deleted) in enumerate(self.writes, 1):
            existed = name in self.at(number - 1)
            if number <= version or (deleted and not existed):
                continue
            row = None if deleted else Thing(name, version=number, value=number)
            events.append((("default", name), number, row))
        return events


@settings(max_examples=400)
@given(st.data())
def test_in_the_end_the_store_equals_the_server(data: st.DataObject) -> None:
    # Given a random history, a snapshot somewhere in it, and one paging that starts over later
    writes = tuple(data.draw(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), min_size=1, max_size=24)))
    server = Server(writes)
    newest = len(writes)
    snapshot = data.draw(st.integers(0, newest), label="snapshot")
    again = data.draw(st.integers(snapshot, newest), label="second paging's snapshot")
    store: Store[Thing] = Store()
    two_step = TwoStep(store)

    pages = [[row] for row in server.at(snapshot).values()]
    cut = data.draw(st.integers(0, len(pages)), label="pages before the token expired")
    if cut < len(pages):
        pages = [*pages[:cut], *([row] for row in server.at(again).values())]
    tables = []
    for name in NAMES:
        version = data.draw(st.integers(0, newest), label=f"version of the Table with {name}")
        tables.append([Thing(n, version=version, provisional=True) for n in server.at(version) if n == name])
    events = server.events_after(snapshot)

    # When they arrive in any interleaving
    waiting = {"page": pages, "table": tables, "event": events}
    while any(waiting.values()):
        what = data.draw(st.sampled_from([kind for kind, left in waiting.items() if left]))
        if what == "page":
            two_step.page(pages.pop(0))
        elif what == "table":
            two_step.table(tables.pop(0))
        else:
            two_step.events([events.pop(0)])
        # Paging may end while the watch lags; its later events then bring what is missing.
        if not pages and not tables and data.draw(st.booleans(), label="paging ends now"):
            break
    two_step.finish()
    for key, _, row in events:
        store.apply([(key, row)])

    # Then nothing is missing, nothing is left over, nothing is old
    assert {row.name: row for row in store} == server.at(newest)
