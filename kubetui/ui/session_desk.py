"""The session in view: going to a cluster, what is known of it, leaving it. Nothing heavy before the first frame."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubetui.ui.connector import Connected
from kubetui.ui.sign_in_desk import SignInDesk

if TYPE_CHECKING:
    from kubetui.cluster.errors import ClusterError
    from kubetui.ui.app import KubetuiApp
    from kubetui.ui.azure_desk import AzureDesk

VERSION_AGAIN_AT_MOST = 60.0
"""Seconds between two tries to read the server's version."""
FILES = "kubeconfig"
"""What notices of the kubeconfig files are about."""
CLOSING = 2.0
"""Seconds that sessions may take to end when the app does."""


class SessionDesk:
    """One session at a time. Owns the tasks that open it, follow its kubeconfig and close it."""

    def __init__(self, app: KubetuiApp) -> None:
        self._app = app
        self.connected: Connected | None = None
        self.context_names: Sequence[str] = ()
        self.version = ""
        """The server's; ``""`` until it told."""
        self.sign_ins = SignInDesk(app)
        self.azure: AzureDesk | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    def offer_azure(self) -> None:
        """Let the person sign in to Azure."""
        if self.azure is None:
            from kubetui.ui.azure_desk import AzureDesk

            self.azure = AzureDesk(self._app, self.sign_ins)
        self.azure.offer()

    def connect(self, context: str | None) -> None:
        """Leave the present cluster and go to ``context``; None: the current one."""
        if self._connecting is not None:
            self._connecting.cancel()
        self._connecting = asyncio.create_task(self._connect(context), name="connect")
        self._connecting.add_done_callback(self._connected_badly)

    async def read_contexts(self) -> Sequence[str]:
        """The contexts as the kubeconfig has them now; raises ClusterError types."""
        self.context_names = await self._app.connector.contexts()
        return self.context_names

    async def close(self) -> None:
        """The app ends."""
        if self._connecting is not None:
            self._connecting.cancel()
        self._drop()
        if self._ending:
            await asyncio.wait(self._ending, timeout=CLOSING)

    def _connected_badly(self, task: asyncio.Task[None]) -> None:
        """What the cluster answers is told elsewhere; here a defect becomes words instead of a screen that waits."""
        if task.cancelled() or (defect := task.exception()) is None or not self._app.is_running:
            return
        from kubetui.cluster.errors import ClusterError

        logging.getLogger(__name__).error("opening the first pane failed", exc_info=defect)
        what = f"{type(defect).__name__}, a defect of kubetui"
        self._fail(
            ClusterError(f"open the {self._app.panes.name} pane", what, "the log file has the details; [ and ] lead on")
        )

    async def _connect(self, context: str | None) -> None:
        from kubetui.cluster.errors import ClusterError

        # No session first, so that a key meanwhile opens no pane of the old one; it closes once its panes have left it.
        self._drop()
        await self._app.panes.clear()
        self._app.show_state("connecting", calm=True)
        try:
            await self.read_contexts()
            self.connected = await self._app.connector.connect(context)
        except ClusterError as error:
            self._fail(error)
            return
        from kubetui.cluster.session import Scope

        self.sign_ins.attend(self.connected.sign_ins)
        self._follow_files(self.connected)
        self._app.scope = Scope(self._first_namespaces(self.connected.session.context, self.connected.namespace))
        await self._app.panes.show(self._app.panes.name)
        await self._read_version()

    def _first_namespaces(self, context: str, of_context: str) -> frozenset[str] | None:
        options = self._app.options
        if options.all_namespaces:
            return None
        if options.namespaces:
            return frozenset(options.namespaces)
        said, namespaces = self._app.preferences.first_namespaces(context)
        if said:
            return namespaces
        return frozenset({of_context}) if of_context else None

    async def _read_version(self) -> None:
        """Until the server has told its version."""
        from kubetui.cluster.errors import ClusterError

        pause = 1.0
        while self.connected is not None:
            try:
                self.version = await self.connected.session.version()
            except ClusterError:
                # The panes say why; here it only means: ask again later.
                await asyncio.sleep(pause)
                pause = min(pause * 2, VERSION_AGAIN_AT_MOST)
            else:
                self._app.request_tick()
                return

    def _fail(self, error: ClusterError) -> None:
        from kubetui.ui.panes.failure import FailurePane

        self._app.show_state("no connection", calm=False)
        self._app.open_pane(FailurePane(self._app, error, self._app.options.log_file))

    def _follow_files(self, connected: Connected) -> None:
        if connected.files is not None:
            self._following = asyncio.create_task(connected.files.follow(self._files_changed), name="kubeconfig")

    def _files_changed(self, words: str, contexts: Sequence[str]) -> None:
        self.context_names = contexts or self.context_names
        self._app.notice.show(words, about=FILES)

    def _drop(self) -> None:
        self.sign_ins.attend(None)
        if self.azure is not None:
            self.azure.end()
        self._app.notice.show("", about=FILES)
        if self._following is not None:
            self._following.cancel()
            self._following = None
        connected, self.connected, self.version = self.connected, None, ""
        if connected is not None:
            closing = asyncio.create_task(connected.session.close(), name="close session")
            self._ending.add(closing)
            closing.add_done_callback(self._ending.discard)
