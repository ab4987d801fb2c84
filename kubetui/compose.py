"""The one place that wires the rooms together: from what the command line says to a running app."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from kubetui.ui.connector import Connected

if TYPE_CHECKING:
    from kubetui.cluster.kubeconfig import KubeConfig
    from kubetui.ui.options import Options


class KubeconfigConnector:
    """Sessions from kubeconfig, or from a pod's own account."""

    def __init__(self, kubeconfig: Path | None, environ: Mapping[str, str]) -> None:
        self._kubeconfig, self._environ = kubeconfig, environ

    def hint(self) -> str:
        """The current context's name, without reading YAML."""
        from kubetui.cluster.kubeconfig import current_context_hint

        return current_context_hint(self._environ, self._kubeconfig) or ""

    async def contexts(self) -> Sequence[str]:
        """All contexts. Raises KubeconfigError."""
        return (await self._load()).context_names()

    async def connect(self, context: str | None) -> Connected:
        """A session of ``context``. Raises KubeconfigError, SignInFailed."""
        target = (await self._load()).context(context)
        # Imports and TLS set-up off the loop: the frame is on screen and keys work.
        await asyncio.to_thread(import_module, "kubetui.ui.panes.pods")
        await asyncio.to_thread(import_module, "aiohttp")
        from random import Random

        from kubetui.cluster.clock import SystemClock
        from kubetui.cluster.connect import open_transport
        from kubetui.cluster.session import Session
        from kubetui.cluster.traffic import Traffic

        clock = SystemClock()
        traffic = Traffic(clock)
        transport = await open_transport(target, clock, traffic, self._environ)
        session = Session(target.context, transport, traffic, clock, Random())  # noqa: S311 - jitter, no secret
        return Connected(session, target.namespace, target.insecure_skip_tls_verify)

    async def _load(self) -> KubeConfig:
        await asyncio.to_thread(import_module, "kubetui.cluster.kubeconfig")
        from kubetui.cluster.kubeconfig import KubeConfig

        return await asyncio.to_thread(KubeConfig.load, self._kubeconfig, self._environ)


def run_app(options: Options, kubeconfig: Path | None, environ: Mapping[str, str]) -> None:
    """Run the dashboard until the person quits."""
    from kubetui.ui.app import KubetuiApp

    app = KubetuiApp(KubeconfigConnector(kubeconfig, environ), options)
    app.run(mouse=options.mouse)
