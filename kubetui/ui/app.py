"""The app: one session at a time, its panes, one tick. Nothing heavy is imported before the first frame."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.widgets import Input

from kubetui.ui._textual_private import DiffedApp
from kubetui.ui.actions import OPENS_TYPING, Focus, bindings_before_panes, bindings_for
from kubetui.ui.ascii_marks import AsciiFilter
from kubetui.ui.ascii_terminal import ascii_only
from kubetui.ui.connector import Connected, Connector
from kubetui.ui.counts import NodeCount, pod_count
from kubetui.ui.footer import Keys, Tabs
from kubetui.ui.header import Header, HeaderFacts, clock_text
from kubetui.ui.notice import Notice
from kubetui.ui.options import Options
from kubetui.ui.paced_output import Pace, PacedTick
from kubetui.ui.pane_stack import PaneStack
from kubetui.ui.preferences import Preferences, tell
from kubetui.ui.session_desk import SessionDesk
from kubetui.ui.themes import HIGH_CONTRAST, TEXTUAL_NAMES, no_color
from kubetui.ui.widgets.safe_text import safe

if TYPE_CHECKING:
    from kubetui.azure.machine_feed import MachineFeed
    from kubetui.cluster.session import Scope
    from kubetui.ui.logs_desk import LogsDesk
    from kubetui.ui.panes.pane import Pane

AGES = 1.0
"""Seconds between looks at texts that change with time alone."""
_BY_A_PERSON = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
SAID = 3.0
"""Seconds that a short message stays."""
QUIT_WITHIN = 2.0
"""Seconds between two ^c that quit."""


class KubetuiApp(DiffedApp[None]):
    """Owns the session, the panes and the stack of what is open."""

    CSS_PATH = "app.tcss"
    TITLE = "kubetui"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for(Focus.EVERYWHERE), *bindings_before_panes()]
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
        self.scope: Scope | None = None
        self._sessions = SessionDesk(self)
        self.panes = PaneStack(self, options.pane)
        self._logs: LogsDesk | None = None
        self._said = ("connecting", True)
        self._node_count = NodeCount()
        self._interrupted = -QUIT_WITHIN
        self._ticks: PacedTick | None = None
        self._ascii = (AsciiFilter(),) if ascii_only() else ()
        self.header = Header()
        self.tabs = Tabs(self.preferences.keymap)
        self.keys = Keys(self.preferences.keymap)
        self.notice = Notice()

    # --- the frame

    def compose(self) -> ComposeResult:
        """Header, panes, body, keys."""
        yield self.header
        yield self.tabs
        yield self.notice
        yield self.panes.body
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
        self.tabs.show(self.panes.name)
        self.keys.show(Focus.TABLE)
        self._show_header()
        self.set_interval(AGES, self.request_tick)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.connect(self.options.context)
        tell(self.preferences.problems, self.warn)

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
        await self._sessions.close()
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

    def go_on(self) -> None:
        """A pane's work was cut short, and shows nothing new yet: go on after a turn of the loop."""
        if self._ticks is not None:
            self._ticks.go_on()

    def _tick(self) -> None:
        now = self.now()
        pane = self.current
        if pane is not None and pane.is_mounted:
            from kubetui.ui.state_words import words_for

            pane.tick(now)
            words = words_for(pane.state, now)
            self._said = (words.word, words.calm)
        self._show_header()

    def show_state(self, word: str, *, calm: bool) -> None:
        """The header's word while no pane has one."""
        self._said = (word, calm)
        self._show_header()

    def _show_header(self) -> None:
        word, calm = self._said
        word = self._sessions.sign_ins.words() or word
        session = self.connected.session if self.connected else None
        self.header.show(
            HeaderFacts(
                context=session.context if session else (self.options.context or self.connector.hint()),
                version=self._sessions.version,
                state=word,
                calm=calm,
                insecure=bool(self.connected and self.connected.insecure),
                nodes=self._node_count.text(self.connected, self.now()),
                pods=pod_count(self.connected),
                requests=session.traffic.requests_per_minute() if session else 0,
                throttled=session.traffic.throttled if session else 0,
                minute=clock_text(self.now()),
            )
        )

    # --- sessions

    @property
    def connected(self) -> Connected | None:
        """The session in view."""
        return self._sessions.connected

    @property
    def context_names(self) -> Sequence[str]:
        """The contexts that can be gone to."""
        return self._sessions.context_names

    def connect(self, context: str | None) -> None:
        """Leave the present cluster and go to ``context``; None: the current one."""
        self._sessions.connect(context)

    # --- panes

    @property
    def current(self) -> Pane | None:
        """The pane on top."""
        return self.panes.current

    def open_pane(self, pane: Pane) -> None:
        """Show ``pane`` over the present one; Esc comes back."""
        self.panes.open(pane)

    async def action_back(self) -> None:
        """Undo one thing in the pane, else close it; never quits."""
        await self.panes.back()

    async def action_pane(self, name: str, namespace: str = "") -> None:
        """A pane by name; in ``namespace``, where one is given, and the others stay where they are."""
        from kubetui.cluster.session import Scope

        await self.panes.show(name, Scope(frozenset({namespace})) if namespace else None)

    async def action_first_pane(self, name: str) -> None:
        """The pane to begin with, while none has come yet."""
        await self.panes.show(name)

    async def action_next_pane(self, step: int) -> None:
        """The next or previous pane."""
        await self.panes.step(step)

    async def action_kind(self, name: str, namespace: str = "") -> None:
        """A kind's objects, by any name that kubectl knows; in ``namespace``, where one is given, for them alone."""
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

    def action_azure_sign_in(self) -> None:
        """Let the person sign in to Azure, where nothing else does."""
        self._sessions.offer_azure()

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
        if action == "first_pane" and self.focused is not None:
            return False  # the pane's own keys count
        return super().check_action(action, parameters)

    # --- choosing

    def action_command_palette(self) -> None:
        """The palette, with our own entries only."""
        from kubetui.ui.screens.jump import JumpScreen

        if not isinstance(self.screen, JumpScreen):
            self.push_screen(JumpScreen())

    async def do(self, action: str) -> None:
        """Run an action as if its key were pressed: from the pane outwards."""
        pane = self.current
        await self.run_action(action, pane if pane is not None and "." not in action else self)

    def action_contexts(self) -> None:
        """Choose a context."""
        from kubetui.ui.choosing import choose_context

        choose_context(self, self._sessions)

    def action_context(self, name: str) -> None:
        """Go to a context."""
        self.connect(name)

    def action_namespaces(self) -> None:
        """Choose namespaces."""
        if self.connected is not None:
            from kubetui.ui.choosing import choose_namespaces

            choose_namespaces(self, self.connected)

    def action_namespace(self, name: str) -> None:
        """Look at one namespace."""
        self.look_at(frozenset({name}))

    def action_all_namespaces(self) -> None:
        """Look at all namespaces."""
        self.look_at(None)

    def look_at(self, namespaces: frozenset[str] | None) -> None:
        """All panes look there from now on; None: in all namespaces."""
        from kubetui.cluster.session import Scope

        self.scope = Scope(namespaces)
        self.panes.look_everywhere_at(self.scope)

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
            self._sessions.sign_ins.again()
            self.connected.session.retry_now()
            if self.current is not None:
                self.current.refetch()
        self.request_tick()

    def action_demo(self) -> None:
        """Open the demo in the place of a cluster that can't be had."""
        if self.connected is None:
            self.connector.use_demo()
            self.connect(None)

    def action_suspend_process(self) -> None:
        """Back to the shell, where one waits."""
        from kubetui.ui.suspending import shell_waits

        if shell_waits():
            super().action_suspend_process()
        else:
            self.say("no shell waits here that could bring it back: q quits")

    def action_interrupt(self) -> None:
        """Quit at the second ^c in a row."""
        now = time.monotonic()
        if now - self._interrupted < QUIT_WITHIN:
            self.exit()
        self._interrupted = now
        self.say("^c again quits")

    def say(self, text: str) -> None:
        """Show a short message in the place of the keys; the next one takes its place."""
        self.clear_notifications()
        self.notify(safe(text), timeout=SAID, markup=False)

    def warn(self, text: str, about: str) -> None:
        """Say something until the person hides it, in the place of what was said ``about`` the same."""
        self.notice.show(text, about)

    def copy(self, text: str, what: str) -> None:
        """Put ``text`` on the clipboard by OSC 52, without control characters, and say so."""
        self.copy_to_clipboard("\n".join(safe(line) for line in text.split("\n")))
        self.say(f"copied {what}")
