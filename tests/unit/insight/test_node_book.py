"""What the Overview knows of nodes, kept by their changes alone."""

from __future__ import annotations

from msgspec.structs import replace

from kubetui.insight.node_book import NodeBook
from kubetui.kinds.node_row import NodeRow

NODE = NodeRow("aks-apps-23184551-vmss000001", 1, pool="apps", ready="True")


def test_a_pool_has_the_nodes_that_are_in_it_now() -> None:
    book = NodeBook()
    book.fold(None, NODE)
    assert book.of_pool("apps") == [NODE]
    assert book.keys_of_pool("apps") == (("", NODE.name),)

    moved = replace(NODE, pool="batch", version=2)
    book.fold(NODE, moved)
    assert (book.of_pool("apps"), book.of_pool("batch")) == ([], [moved])
    assert (book.keys_of_pool("apps"), book.keys_of_pool("batch")) == ((), (("", NODE.name),))

    book.fold(moved, None)
    assert book.of_pool("batch") == []
    assert book.keys_of_pool("batch") == ()
