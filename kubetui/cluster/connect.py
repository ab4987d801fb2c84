"""From a target to a transport that is ready to use."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping

from kubetui.cluster.clock import Clock
from kubetui.cluster.credentials import token_source
from kubetui.cluster.http_transport import HttpTransport
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.proxy import choose_proxy
from kubetui.cluster.token import TokenSource
from kubetui.cluster.traffic import Traffic


async def open_transport(
    target: Target,
    clock: Clock,
    traffic: Traffic,
    environ: Mapping[str, str],
    tokens: TokenSource | None = None,
) -> HttpTransport:
    """A transport for ``target``, with the user's own way to sign in unless ``tokens`` gives another.

    Connects to nothing yet. Raises KubeconfigError, SignInFailed.
    """
    source = tokens or token_source(target, clock, environ)
    proxy = choose_proxy(target.server, target.proxy_url, environ)
    # Importing aiohttp takes 0.2 s; in a thread the first frame can be painted meanwhile.
    await asyncio.to_thread(importlib.import_module, "kubetui.cluster.connection_errors")
    return HttpTransport(target, source, clock, traffic, proxy)
