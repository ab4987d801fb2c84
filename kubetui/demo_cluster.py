"""The demo as a cluster of our own: a child process that ends with the app, or one that serves alone."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only names here: the demo is imported when it is opened.
    from kubetui.demo.child import DemoChild
    from kubetui.demo.command_line import ServeOptions


class DemoCluster:
    """Fulfils ``compose.OwnCluster``."""

    def __init__(self, options: ServeOptions) -> None:
        self._options = options
        self._child: DemoChild | None = None

    async def start(self) -> Path:
        """Start the demo's process and wait until it serves. Raises ClusterError."""
        from kubetui.demo.child import DemoChild, DemoFailed

        self._child = DemoChild(self._options)
        try:
            ready = await self._child.start()
        except (DemoFailed, OSError) as error:
            from kubetui.cluster.errors import ClusterError

            raise ClusterError("start the demo cluster", str(error)) from error
        return Path(ready.kubeconfig)

    async def stop(self) -> None:
        """End it, if it was started."""
        if self._child is not None:
            await self._child.stop()


def serve_alone(options: ServeOptions) -> None:
    """Serve until ^c or SIGTERM, and say where."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(options))


async def _serve(options: ServeOptions) -> None:
    from kubetui.demo.child import DemoChild, DemoFailed

    try:
        async with DemoChild(options) as ready:
            print(f"# a simulated AKS cluster at {ready.server}, contexts {', '.join(ready.contexts)}; ^c ends it")
            print(f"# control calls (docs/demo.md): POST {ready.control} with the header")
            print(f"#   Authorization: Bearer {ready.control_token}")
            print(f"export KUBECONFIG={ready.kubeconfig}", flush=True)
            await asyncio.Event().wait()
    except DemoFailed as error:
        sys.exit(f"kubetui demo: {error}")
