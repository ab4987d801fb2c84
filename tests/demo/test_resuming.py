"""Whatever happens, a watcher that goes on from its last version ends with the storage's state."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kubetui.demo.forms import Form
from kubetui.demo.key_order import Key
from kubetui.demo.rendering import EventRenderer
from kubetui.demo.selectors import Selection, parse_labels
from kubetui.demo.status import ApiError
from kubetui.demo.storage import Storage
from kubetui.demo.watcher import Watcher
from tests.demo.synthetic import PODS, Thing

KEYS = st.tuples(st.sampled_from(["a", "a-b", "b"]), st.sampled_from(["x", "y", "z", "x-1"]))
LABELS = st.sampled_from([{}, {"app": "web"}, {"app": "db"}])
SELECTION = Selection(parse_labels("app=web"))


class Client:
    """Holds what an informer would hold; relists on 410."""

    def __init__(self, storage: Storage, selection: Selection) -> None:
        self.storage = storage
        self.selection = selection
        self.seen: dict[Key, int] = {}
        self.version = 0
        self.watcher: Watcher | None = None
        self.relist()

    def relist(self) -> None:
        """Pages of two, all at the first one's version unless that expires."""
        self.disconnect()
        page = self.storage.page(PODS, "", limit=2)
        version, entries = page.version, list(page.entries)
        while page.next_key is not None:
            page = self.storage.page_at(PODS, "", version, after=page.next_key, limit=2)
            entries += page.entries
        chosen = [entry for entry in entries if self.selection.matches(entry)]
        self.seen = {(entry.namespace, entry.name): entry.version for entry in chosen}
        self.version = version

    def disconnect(self) -> None:
        if self.watcher is not None:
            self.watcher.close()
        self.watcher = None

    def connect(self) -> None:
        if self.watcher is None or self.watcher.closed:
            try:
                self.watcher = self.storage.watch(PODS, "", self.version)
            except ApiError as refusal:
                if refusal.code != 410:
                    raise
                self.relist()
                self.watcher = self.storage.watch(PODS, "", self.version)
            self.renderer = EventRenderer(PODS, Form.OBJECT, "", self.selection, self.storage.encoded)

    def read(self, most: int) -> None:
        self.connect()
        assert self.watcher is not None
        for change in self.watcher.take(most):
            line = self.renderer.change(change, 0.0)
            if line:
                self.apply(json.loads(line))
            self.version = max(self.version, change.version)

    def apply(self, event: Any) -> None:
        metadata = event["object"]["metadata"]
        key, version = (metadata["namespace"], metadata["name"]), int(metadata["resourceVersion"])
        assert version > self.version
        if event["type"] == "DELETED":
            del self.seen[key]
        else:
            assert (key in self.seen) == (event["type"] == "MODIFIED")
            self.seen[key] = version

    def catch_up(self) -> None:
        self.read(10_000)
        if self.watcher is not None and self.watcher.closed:
            self.read(10_000)


class Resuming(RuleBasedStateMachine):
    """Random writes, compactions, slow reads and lost connections."""

    def __init__(self) -> None:
        super().__init__()
        self.storage = Storage([PODS], history_capacity=12, watcher_capacity=5)
        self.clients = [Client(self.storage, Selection()), Client(self.storage, SELECTION)]

    @rule(key=KEYS, labels=LABELS)
    def put(self, key: Key, labels: dict[str, str]) -> None:
        self.storage.put(PODS, Thing(key[1], key[0], labels=labels))

    @rule(key=KEYS)
    def delete(self, key: Key) -> None:
        self.storage.delete(PODS, *key)

    @rule()
    def compact(self) -> None:
        self.storage.compact()

    @rule(which=st.integers(0, 1), most=st.integers(1, 3))
    def read_some(self, which: int, most: int) -> None:
        self.clients[which].read(most)

    @rule(which=st.integers(0, 1))
    def lose_connection(self, which: int) -> None:
        self.clients[which].disconnect()

    @precondition(lambda self: self.storage.count(PODS) > 0)
    @rule(which=st.integers(0, 1))
    def catch_up(self, which: int) -> None:
        client = self.clients[which]
        client.catch_up()
        truth = {
            (entry.namespace, entry.name): entry.version
            for entry in self.storage.entries(PODS)
            if client.selection.matches(entry)
        }
        assert client.seen == truth

    @invariant()
    def keys_are_sorted_and_counted(self) -> None:
        listed = [(entry.namespace, entry.name) for entry in self.storage.entries(PODS)]
        assert listed == sorted(listed, key=lambda key: "/".join(key))
        assert self.storage.count(PODS) == len(listed)

    def teardown(self) -> None:
        for which in range(2):
            self.catch_up_at_the_end(which)

    def catch_up_at_the_end(self, which: int) -> None:
        client = self.clients[which]
        client.catch_up()
        truth = {(e.namespace, e.name): e.version for e in self.storage.entries(PODS) if client.selection.matches(e)}
        assert client.seen == truth


Resuming.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestResuming = Resuming.TestCase
