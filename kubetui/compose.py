"""The one place that wires the rooms together: from what the command line says to a running app."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from kubetui.ui.connector import Connected

if TYPE_CHECKING:
    from argparse import Namespace

    from kubetui.cluster.clock import Clock
    from kubetui.cluster.kubeconfig import KubeConfig, Target
    from kubetui.cluster.sign_in import SignIns
    from kubetui.cluster.token import TokenSource
    from kubetui.commands.place import ClusterPlace
    from kubetui.ui.options import Options


class OwnCluster(Protocol):
    """A cluster that this program starts and ends, such as the demo."""

    async def start(self) -> Path:
        """Start it; its kubeconfig. Raises ClusterError types."""

    async def stop(self) -> None:
        """End it."""


class KubeconfigConnector:
    """Sessions from kubeconfig, from a pod's own account, or on the demo.

    The demo is started when the first session on it is asked for, behind the first frame, and ends with the app.
    """

    def __init__(
        self,
        kubeconfig: Path | None,
        environ: Mapping[str, str],
        demo: OwnCluster,
        *,
        only_demo: bool = False,
        or_demo: bool = False,
        no_kubelogin: bool = False,
    ) -> None:
        """``no_kubelogin``: Azure's own library gives the tokens also where kubelogin is installed."""
        self._kubeconfig, self._environ, self._demo = kubeconfig, environ, demo
        self._on_demo, self._or_demo, self._no_kubelogin = only_demo, or_demo, no_kubelogin
        self._demo_kubeconfig: Path | None = None

    def hint(self) -> str:
        """The current context's name, without reading YAML."""
        if self._on_demo:
            return "demo"
        from kubetui.cluster.kubeconfig import current_context_hint

        return current_context_hint(self._environ, self._kubeconfig) or ""

    async def contexts(self) -> Sequence[str]:
        """All contexts. Raises KubeconfigError."""
        return (await self._load()).context_names()

    async def connect(self, context: str | None) -> Connected:
        """A session of ``context``. Raises KubeconfigError, SignInFailed."""
        config = await self._load()
        target = config.context(context)
        # Imports and TLS set-up off the loop: the frame is on screen and keys work.
        if "textual" in sys.modules:
            await asyncio.to_thread(import_module, "kubetui.ui.panes.pods")
        await asyncio.to_thread(import_module, "aiohttp")
        from random import Random

        from kubetui.azure.machines_of import machines_of
        from kubetui.cluster.clock import SystemClock
        from kubetui.cluster.connect import open_transport
        from kubetui.cluster.kubeconfig_watch import KubeconfigWatch
        from kubetui.cluster.proxy import choose_proxy
        from kubetui.cluster.session import Session
        from kubetui.cluster.sign_in import SignIns
        from kubetui.cluster.traffic import Traffic
        from kubetui.cluster.who import Account

        clock = SystemClock()
        traffic, sign_ins = Traffic(clock), SignIns(clock)
        tokens = self._tokens(target, clock, sign_ins)
        proxy = choose_proxy(target.server, target.proxy_url, self._environ)
        transport = await open_transport(target, clock, traffic, self._environ, tokens)
        session = Session(target.context, transport, traffic, clock, Random())  # noqa: S311 - jitter, no secret
        account = Account(target, tokens, proxy)
        if proxy is not None or target.is_tunnel:
            session.feel_pulse()
        return Connected(
            session,
            target.namespace,
            target.insecure_skip_tls_verify,
            sign_ins,
            account,
            self._place(config, target),
            KubeconfigWatch(self._paths(), target, config.current, self._load, clock),
            machines_of(target, clock, self._environ, sign_ins),
        )

    def _paths(self) -> Sequence[Path]:
        """Where kubeconfig files stand, or would; none for the demo."""
        from kubetui.cluster.kubeconfig import kubeconfig_paths

        if self._on_demo:
            return ()
        return (self._kubeconfig,) if self._kubeconfig else kubeconfig_paths(self._environ)

    def _place(self, config: KubeConfig, target: Target) -> ClusterPlace:
        """How ``kubectl`` reaches the same cluster. In a pod it needs neither file nor context."""
        from kubetui.commands.place import ClusterPlace, managed_by_user

        given = self._demo_kubeconfig if self._on_demo else self._kubeconfig
        user = target.user.name if target.user is not None else ""
        return ClusterPlace(
            context=target.context if config.files else "",
            kubeconfig=str(given.absolute()) if given is not None else "",
            managed=managed_by_user(user, target.cluster),
        )

    def _tokens(self, target: Target, clock: Clock, sign_ins: SignIns) -> TokenSource:
        """How the user signs in; Azure's own library in the place of a kubelogin that is missing or not wanted."""
        from kubetui.azure.cluster_tokens import azure_tokens
        from kubetui.cluster.credentials import token_source

        azure = azure_tokens(target, clock, self._environ, sign_ins, always=self._no_kubelogin)
        return azure or token_source(target, clock, self._environ, sign_ins)

    def use_demo(self) -> None:
        """From now on, the demo."""
        self._on_demo = True

    async def close(self) -> None:
        """End the demo, if it was started."""
        await self._demo.stop()

    async def _load(self) -> KubeConfig:
        await asyncio.to_thread(import_module, "kubetui.cluster.kubeconfig")
        from kubetui.cluster.errors import NoKubeconfig
        from kubetui.cluster.kubeconfig import KubeConfig

        if not self._on_demo:
            try:
                return await asyncio.to_thread(KubeConfig.load, self._kubeconfig, self._environ)
            except NoKubeconfig:
                if not self._or_demo:
                    raise
                self.use_demo()
        if self._demo_kubeconfig is None:
            self._demo_kubeconfig = await self._demo.start()
        return await asyncio.to_thread(KubeConfig.load, self._demo_kubeconfig, self._environ)


def run_app(options: Options, connector: KubeconfigConnector) -> None:
    """Run the dashboard until the person quits."""
    # Read when Textual is imported. A frame that follows another waits for up to two of these periods: with
    # Textual's own 60 that is 33 ms, which a person who types feels. How often data repaint is ui/paced_output.py's.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    from kubetui.ui.app import KubetuiApp

    # A key passes from the input thread to the loop and its frame to the output thread, and each takes the
    # interpreter several times. Python's 5 ms a turn made 60 ms of that while a large list was coming in.
    sys.setswitchinterval(0.0005)
    KubetuiApp(connector, options).run(mouse=options.mouse)


async def _attended(connector: KubeconfigConnector, context: str | None) -> Connected:
    """A session whose sign-ins a person at the terminal may help, without the dashboard."""
    from kubetui.headless.sign_in import attend

    connected = await connector.connect(context)
    if connected.sign_ins is not None:
        attend(connected.sign_ins)
    return connected


def run_doctor(
    connector: KubeconfigConnector,
    context: str | None,
    namespaces: frozenset[str] | None,
    form: Literal["text", "json"],
) -> int:
    """Examine a context and print what is found; the exit code."""
    from kubetui.headless.doctor.command import doctor

    async def examine() -> int:
        try:
            return await doctor(lambda: _attended(connector, context), os.environ, namespaces, form)
        finally:
            await connector.close()

    try:
        return asyncio.run(examine())
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read it has seen enough; Python would complain about it at exit too
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def run_top(connector: KubeconfigConnector, given: Namespace) -> int:
    """Write who uses what to standard output, as the parsed command line asks; the exit code."""
    from kubetui.headless.top.command import run

    return run(given, lambda: _attended(connector, given.context), connector.close)


def run_configz(connector: KubeconfigConnector, given: Namespace) -> int:
    """Write how kubelets are configured to standard output, as the parsed command line asks; the exit code."""
    from kubetui.headless.configz.command import run

    return run(given, lambda: _attended(connector, given.context), connector.close)


def run_logs(connector: KubeconfigConnector, given: Namespace) -> int:
    """Write logs to standard output, as the parsed command line asks; the exit code."""
    from kubetui.headless.logs.command import run

    return run(given, lambda: _attended(connector, given.context), connector.close, os.environ)
