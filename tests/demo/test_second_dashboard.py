"""``kubetui demo --serve`` and a dashboard beside it: the kubeconfig leads to the machines under the nodes too."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kubetui.azure.machines import Place
from kubetui.compose import KubeconfigConnector
from kubetui.demo.child import DemoChild
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.options import WorldOptions
from kubetui.demo.pools import NODE_RESOURCE_GROUP, SUBSCRIPTION
from kubetui.demo_cluster import DemoCluster

PLACE = Place(SUBSCRIPTION, NODE_RESOURCE_GROUP.casefold())


async def test_a_dashboard_with_only_the_kubeconfig_reads_the_demos_machines() -> None:
    async with DemoChild(ServeOptions(WorldOptions(nodes=3, pods=20))) as ready:
        connector = KubeconfigConnector(Path(ready.kubeconfig), {}, DemoCluster(ServeOptions()))
        connected = await connector.connect(None)
        feed = connected.azure
        assert feed is not None
        changed = asyncio.Event()
        feed.follow({PLACE: frozenset()}, changed.set)
        await asyncio.wait_for(changed.wait(), 30)
        feed.rest()
        await connected.session.close()

    assert feed.look.machines is not None, feed.look.error
    assert sum(len(one.instances or ()) for one in feed.look.machines.sets) == 3
