"""The app: one session at a time, its panes, one tick. Nothing heavy is imported before the first frame."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.containers import Container
from textual.filter import LineFilter
from textual.widgets import Input

from kubetui.ui._textual_private import DiffedApp
from kubetui.ui.actions import OPENS_TYPING, PANE_KEYS, Focus, bindings_for
from kubetui.ui.ascii_marks import AsciiFilter
from kubetui.ui.ascii_terminal import ascii_only
from kubetui.ui.connector import Connected, Connector
from kubetui.ui.counts import node_count, pod_count
from kubetui.ui.footer import Keys, Tabs
from kubetui.ui.header import Header, HeaderFacts, clock_text
from kubetui.ui.notice import Notice
from kubetui.ui.options import Options
from kubetui.ui.paced_output import Pace, PacedTick
from kubetui.ui.preferences import Preferences, tell
from kubetui.ui.sign_in_desk import SignInDesk
from kubetui.ui.themes import HIGH_CONTRAST, TEXTUAL_NAMES, no_color
from kubetui.ui.widgets.safe_text import safe

if TYPE_CHECKING:
    from kubetui.azure.machine_feed import MachineFeed
    from kubetui.cluster.errors import ClusterError
    from kubetui.cluster.session import Scope
    from kubetui.ui.logs_desk import LogsDesk
    from kubetui.ui.panes.pane import Pane

AGES = 1.0
"""Seconds between looks at texts that change with time alone."""
_BY_A_PERSON = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
QUIT_WITHIN = 2.0
"""Seconds between two ^c that quit."""


class KubetuiApp(DiffedApp[None]):
    """Owns the session, the panes and the stack of what is open."""

    CSS_PATH = "app.tcss"
    TITLE = "kubetui"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Focus.EVERYWHERE)
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ENABLE_COMMAND_PALETTE = True
    ALLOW_SELECT = True

    def __init__(self, connector: Connector, options: Options, clock: Callable[[], float] = time.time) -> None:
        self.preferences = Preferences(options.settings)
        # Without colour Textual's greys would still be colours: the terminal's own themes have none to take away.
        super().__init__(ansi_color=True if no_color(os.environ) else None)
        self.set_keymap(self.preferences.keymap.bindings())
        self._clock = clock
        self.animation_level = "none"
        self.connector = connector
        self.options = options
        self.context_names: Sequence[str] = ()
        self.connected: Connected | None = None
        self.scope: Scope | None = None
        self._version = ""
        self._panes: dict[str, Pane] = {}
        self._logs: LogsDesk | None = None
        self._stack: list[Pane] = []
        self._pane_before = "overview"
        self._pane_name = options.pane
        self._said = ("connecting", True)
        self._connecting: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._interrupted = -QUIT_WITHIN
        self._ticks: PacedTick | None = None
        self._sign_in_desk = SignInDesk(self)
        self._ascii = (AsciiFilter(),) if ascii_only() else ()
        self.header = Header()
        self.tabs = Tabs(self.preferences.keymap)
        self.keys = Keys(self.preferences.keymap)
        self.body = Container(id="body")
        self.notice = Notice()
        self._following: asyncio.Task[None] | None = None

    # --- the frame

    def compose(self) -> ComposeResult:
        """Header, panes, body, keys."""
        yield self.header
        yield self.tabs
        yield self.notice
        yield self.body
        yield self.keys

    def on_mount(self) -> None:
        """The frame first; everything else after it is on screen."""
        self.register_theme(HIGH_CONTRAST)
        self.theme = self.preferences.theme(os.environ)
        loop = asyncio.get_running_loop()
        self._ticks = PacedTick(
            self._tick,
            pace=Pace(self.preferences.rate(os.environ)),
            now=loop.time,
            call_later=loop.call_later,
            backlog=lambda: self.output_backlog,
        )
        for ended in (signal.SIGTERM, signal.SIGHUP):
            # Without a handler the terminal would stay as the app had set it.
            loop.add_signal_handler(ended, self.exit)
        self.tabs.show(self._pane_name)
        self.keys.show(Focus.TABLE)
        self._show_header()
        self.set_interval(AGES, self.request_tick)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.connect(self.options.context)
        tell(self.preferences.problems, self.notify)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Everything in ASCII, where the terminal draws no more."""
        return [*super().get_line_filters(), *self._ascii]

    def on_app_focus(self) -> None:
        """The terminal's window got the focus."""
        if self._ticks:
            self._ticks.focus(True)

    def on_app_blur(self) -> None:
        """It lost it: repaint less often."""
        if self._ticks:
            self._ticks.focus(False)

    async def on_unmount(self) -> None:
        """Leave nothing behind."""
        if self._ticks is not None:
            self._ticks.close()
        for task in (self._connecting, self._asking):
            if task is not None:
                task.cancel()
        self._drop_session()
        if self._ending:
            await asyncio.wait(self._ending, timeout=2.0)
        await self.connector.close()

    # --- a person's turn

    async def on_event(self, event: events.Event) -> None:
        """What a person does comes before lists that come in, until the next frame is out."""
        if isinstance(event, _BY_A_PERSON) and self.connected is not None:
            self.connected.session.foreground.claim()
        await super().on_event(event)

    def post_display_hook(self) -> None:
        """A frame is out."""
        if self.connected is not None:
            self.connected.session.foreground.frame()

    # --- one tick

    def now(self) -> float:
        """Unix seconds."""
        return self._clock()

    def request_tick(self) -> None:
        """Something changed: bring the visible pane up to date soon."""
        if self._ticks is not None:
            self._ticks.request()

    def _tick(self) -> None:
        now = self.now()
        pane = self.current
        if pane is not None and pane.is_mounted:
            from kubetui.ui.state_words import words_for

            pane.tick(now)
            words = words_for(pane.state, now)
            self._said = (words.word, words.calm)
        self._show_header()

    def _show_header(self) -> None:
        word, calm = self._said
        word = self._sign_in_desk.words() or word
        session = self.connected.session if self.connected else None
        self.header.show(
            HeaderFacts(
                context=session.context if session else (self.options.context or self.connector.hint()),
                version=self._version,
                state=word,
                calm=calm,
                insecure=bool(self.connected and self.connected.insecure),
                nodes=node_count(self.connected),
                pods=pod_count(self.connected),
                requests=session.traffic.requests_per_minute() if session else 0,
                throttled=session.traffic.throttled if session else 0,
                minute=clock_text(self.now()),
            )
        )

    # --- sessions

    def connect(self, context: str | None) -> None:
        """Leave the present cluster and go to ``context``; None: the current one."""
        if self._connecting is not None:
            self._connecting.cancel()
        self._connecting = asyncio.create_task(self._connect(context), name="connect")
        self._connecting.add_done_callback(self._connected_badly)

    def _connected_badly(self, task: asyncio.Task[None]) -> None:
        """What the cluster answers is told elsewhere; here a defect becomes words instead of a screen that waits."""
        if task.cancelled() or (defect := task.exception()) is None or not self.is_running:
            return
        from kubetui.cluster.errors import ClusterError

        logging.getLogger(__name__).error("opening the first pane failed", exc_info=defect)
        what = f"{type(defect).__name__}, a defect of kubetui"
        self._fail(
            ClusterError(f"open the {self._pane_name} pane", what, "the log file has the details; [ and ] lead on")
        )

    async def _connect(self, context: str | None) -> None:
        from kubetui.cluster.errors import ClusterError

        await self._clear()
        self._drop_session()
        self._said = ("connecting", True)
        self._show_header()
        try:
            self.context_names = await self.connector.contexts()
            self.connected = await self.connector.connect(context)
        except ClusterError as error:
            self._fail(error)
            return
        from kubetui.cluster.session import Scope

        self._sign_in_desk.attend(self.connected.sign_ins)
        self._follow_files(self.connected)
        self.scope = Scope(self._first_namespaces(self.connected.session.context, self.connected.namespace))
        await self._show_pane(self._pane_name)
        await self._read_version()

    def _first_namespaces(self, context: str, of_context: str) -> frozenset[str] | None:
        if self.options.all_namespaces:
            return None
        if self.options.namespaces:
            return frozenset(self.options.namespaces)
        said, namespaces = self.preferences.first_namespaces(context)
        if said:
            return namespaces
        return frozenset({of_context}) if of_context else None

    async def _read_version(self) -> None:
        """Until the server has told its version."""
        from kubetui.cluster.errors import ClusterError

        pause = 1.0
        while self.connected is not None:
            try:
                self._version = await self.connected.session.version()
            except ClusterError:
                # The panes say why; here it only means: ask again later.
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60.0)
            else:
                self.request_tick()
                return

    def _fail(self, error: ClusterError) -> None:
        from kubetui.ui.panes.failure import FailurePane

        self._said = ("no connection", False)
        self._show_header()
        self.open_pane(FailurePane(self, error, self.options.log_file))

    def _follow_files(self, connected: Connected) -> None:
        if connected.files is not None:
            self._following = asyncio.create_task(connected.files.follow(self._files_changed), name="kubeconfig")

    def _files_changed(self, words: str, contexts: Sequence[str]) -> None:
        self.context_names = contexts or self.context_names
        self.notice.show(words)

    def _drop_session(self) -> None:
        self._sign_in_desk.attend(None)
        self.notice.show("")
        if self._following is not None:
            self._following.cancel()
            self._following = None
        connected, self.connected, self._version = self.connected, None, ""
        if connected is not None:
            closing = asyncio.create_task(connected.session.close(), name="close session")
            self._ending.add(closing)
            closing.add_done_callback(self._ending.discard)

    async def _clear(self) -> None:
        for pane in self._stack:
            pane.leave()
        self._stack.clear()
        self._panes.clear()
        await self.body.remove_children()

    # --- panes

    @property
    def current(self) -> Pane | None:
        """The pane on top."""
        return self._stack[-1] if self._stack else None

    async def _show_pane(self, name: str) -> None:
        """Show a top-level pane; what was open over the present one is closed."""
        from kubetui.ui.top_panes import load

        await load(name)
        if self.connected is None or self.scope is None:
            return
        if name != self._pane_name:
            self._pane_before = self._pane_name
        self._pane_name = name
        self.tabs.show(name)
        for pane in self._stack:
            pane.leave()
        for pane in self._stack[1:]:
            await pane.remove()
        for pane in self._stack[:1]:
            pane.display = False
        pane = self._panes.get(name) or self._new_pane(name)
        self._panes[name] = pane
        self._stack = [pane]
        await self._bring_up(pane)

    def _new_pane(self, name: str) -> Pane:
        assert self.connected is not None
        assert self.scope is not None
        from kubetui.ui.top_panes import TOP_PANES

        return TOP_PANES[name](self, self.connected.session, self.scope)

    async def _bring_up(self, pane: Pane) -> None:
        pane.display = True
        if not pane.is_attached and self.body.is_attached:
            await self.body.mount(pane)
        if not pane.is_attached:  # the app is ending: its widgets go, and take nothing any more
            return
        if self.scope is not None:
            pane.set_scope(self.scope)
        pane.enter()
        pane.focus_content()
        self.keys.show(pane.focus_group)
        self.request_tick()

    def open_pane(self, pane: Pane) -> None:
        """Show ``pane`` over the present one; Esc comes back."""
        # The pane below keeps what it took: coming back finds its rows, order and cursor as they were.
        for below in self._stack[-1:]:
            below.display = False
        self._stack.append(pane)
        self.call_next(self._bring_up, pane)

    async def action_back(self) -> None:
        """Undo one thing in the pane, else close it; never quits."""
        pane = self.current
        if pane is None or pane.take_back():
            return
        if len(self._stack) < 2:
            self.notice.show("")
            if pane.focus_group is Focus.LOGS:  # where digits mean something else, Esc must lead out
                await self._show_pane(self._pane_before)
            return
        self._stack.pop()
        pane.leave()
        await pane.remove()
        await self._bring_up(self._stack[-1])

    async def action_pane(self, name: str) -> None:
        """A pane by name."""
        await self._show_pane(name)

    async def action_next_pane(self, step: int) -> None:
        """The next or previous pane."""
        names = list(PANE_KEYS.values())
        await self._show_pane(names[(names.index(self._pane_name) + step) % len(names)])

    async def action_kind(self, name: str, namespace: str = "") -> None:
        """A kind's objects, by any name that kubectl knows; in ``namespace``, where one is given."""
        from kubetui.ui.open_kind import open_kind

        await open_kind(self, name, namespace)

    def action_help(self) -> None:
        """All keys."""
        from kubetui.ui.panes.help import HelpPane

        if not isinstance(self.current, HelpPane):
            pane = HelpPane(self, self.connected.session if self.connected else None)
            pane.log_file = self.options.log_file
            self.open_pane(pane)

    def action_session_pane(self, name: str) -> None:
        """A pane about the session itself."""
        from kubetui.ui.session_panes import SESSION_PANES

        if self.connected is not None and self.scope is not None:
            pane = SESSION_PANES[name](self, self.connected, self.scope)
            if type(pane) is not type(self.current):
                self.open_pane(pane)

    @property
    def logs(self) -> LogsDesk:
        """Whose logs were asked for last."""
        if self._logs is None:
            from kubetui.ui.logs_desk import LogsDesk

            self._logs = LogsDesk(self)
        return self._logs

    @property
    def azure(self) -> MachineFeed | None:
        """The machines under the nodes, as Azure has them."""
        return self.connected.azure if self.connected is not None else None

    def action_logs(self, previous: bool) -> None:
        """The logs of what is under the cursor."""
        self.logs.open(self.current.subjects() if self.current is not None else (), previous=previous)

    def action_other_logs(self) -> None:
        """Ask whose logs."""
        self.logs.ask()

    def action_commands(self) -> None:
        """The commands that fit what is under the cursor, to copy."""
        subjects = self.current.subjects() if self.current is not None else ()
        if self.connected is None or not subjects:
            self.say("nothing under the cursor to have commands for")
            return
        from kubetui.ui.commands_desk import commands_screen

        self.push_screen(commands_screen(self.connected, subjects, self.copy))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that open something to type into are plain characters while something is typed."""
        if action in OPENS_TYPING and isinstance(self.focused, Input):
            return False
        return super().check_action(action, parameters)

    # --- choosing

    def action_command_palette(self) -> None:
        """The palette, with our own entries only."""
        from kubetui.ui.palette import JumpProvider

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(providers=[JumpProvider], placeholder="pane, kind, namespace, context …"))

    async def do(self, action: str) -> None:
        """Run an action as if its key were pressed: from the pane outwards."""
        pane = self.current
        await self.run_action(action, pane if pane is not None and "." not in action else self)

    def action_contexts(self) -> None:
        """Choose a context."""
        from kubetui.ui.screens.choose import Choice, ChooseScreen

        present = self.connected.session.context if self.connected else ""
        choices = [Choice(name, "present" if name == present else "") for name in self.context_names]
        screen = ChooseScreen("Context", choices, current=frozenset({present} - {""}))
        self.push_screen(screen, self._context_chosen)

    def _context_chosen(self, chosen: frozenset[str] | None) -> None:
        for name in chosen or ():
            self.connect(name)

    def action_context(self, name: str) -> None:
        """Go to a context."""
        self.connect(name)

    def namespace_names(self) -> list[str]:
        """The namespaces that are known by now."""
        from kubetui.kinds.namespace import NAMESPACE

        store = self.connected.session.store_of(NAMESPACE) if self.connected else None
        return sorted(row.name for row in store) if store is not None else []

    def action_namespaces(self) -> None:
        """Choose namespaces; they come while the list is open."""
        if self.connected is None:
            return
        from kubetui.ui.screens.namespaces import NamespacesScreen

        present = self.scope.namespaces if self.scope else None
        screen = NamespacesScreen(self.connected.session, self.connected.namespace, present or frozenset())
        self.push_screen(screen, self._namespaces_chosen)

    def _namespaces_chosen(self, chosen: frozenset[str] | None) -> None:
        if chosen:
            self._set_namespaces(chosen)

    def action_namespace(self, name: str) -> None:
        """Look at one namespace."""
        self._set_namespaces(frozenset({name}))

    def action_all_namespaces(self) -> None:
        """Look at all namespaces."""
        self._set_namespaces(None)

    def _set_namespaces(self, namespaces: frozenset[str] | None) -> None:
        from kubetui.cluster.session import Scope

        self.scope = Scope(namespaces)
        if self.current is not None:
            self.current.set_scope(self.scope)
            self.request_tick()

    def action_colors(self, name: str) -> None:
        """Another theme, until the app ends."""
        self.theme = TEXTUAL_NAMES[name]
        self.say(f'to keep it, in the settings: theme = "{name}"')

    # --- the rest

    def action_reconnect(self) -> None:
        """Reconnect now, or try again to get a session."""
        if self.connected is None:
            self.connect(self.options.context)
        else:
            self._sign_in_desk.again()
            self.connected.session.retry_now()
            if self.current is not None:
                self.current.refetch()
        self.request_tick()

    def action_demo(self) -> None:
        """Open the demo in the place of a cluster that can't be had."""
        if self.connected is None:
            self.connector.use_demo()
            self.connect(None)

    def action_interrupt(self) -> None:
        """Quit at the second ^c in a row."""
        now = time.monotonic()
        if now - self._interrupted < QUIT_WITHIN:
            self.exit()
        self._interrupted = now
        self.say("^c again quits")

    def say(self, text: str) -> None:
        """Show a short message."""
        self.notify(safe(text), timeout=3, markup=False)

    def copy(self, text: str, what: str) -> None:
        """Put ``text`` on the clipboard by OSC 52, without control characters, and say so."""
        self.copy_to_clipboard("\n".join(safe(line) for line in text.split("\n")))
        self.say(f"copied {what}")
