"""One value of a ConfigMap or a Secret, as text or as bytes. A Secret's is fetched when asked for, and not kept."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.object_data import fetch_value
from kubetui.cluster.object_yaml import MASKED
from kubetui.cluster.session import Session
from kubetui.commands.subject import Subject, resource_of
from kubetui.kinds.data_key import DataKeyRow, as_text, text_lines
from kubetui.kinds.kind import Key, Kind
from kubetui.store.state import Phase, SyncState
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.hex_lines import HexLines
from kubetui.ui.widgets.line_source import TextLines, plain
from kubetui.ui.widgets.yaml_lines import yaml_spans

_STRUCTURED = (".yaml", ".yml", ".json", ".conf", ".properties")


class DataValuePane(TextPane):
    """The value of one key. ``^r`` fetches it anew; ``x`` shows or masks a Secret's."""

    def __init__(self, desk: Desk, session: Session, kind: Kind[Any], key: Key, row: DataKeyRow) -> None:
        super().__init__(desk, session)
        self._kind, self._key, self._row = kind, key, row
        self._secret = kind.name == "Secret"
        self._masked = self._secret
        self._value: bytes | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._state = SyncState(Phase.LIVE if self._masked else Phase.CONNECTING)

    @property
    def heading(self) -> str:
        """Where it stands, how large it is, what can be done."""
        row = self._row
        size = len(self._value) if self._value is not None else row.size
        parts = [
            f"{self._kind.name} {'/'.join(self._key)}  {row.name}",
            f"{size:,} bytes" if size >= 0 else "not base64",
            row.form,
            f"{row.lines:,} lines" if row.lines > 1 else "",
        ]
        if self._secret:
            key = self.desk.preferences.keymap.shown_of("text.reveal")
            parts.append(f"masked, {key} shows it" if self._masked else f"{key} masks it")
        if self._value is not None and as_text(self._value) is None:
            parts.append(f"{self.desk.preferences.keymap.shown_of('text.copy')} copies base64")
        return " · ".join(part for part in parts if part)

    @property
    def state(self) -> SyncState:
        """Whether the value came."""
        return self._state

    @property
    def text(self) -> str:
        """The value; bytes that are no text as base64, one that is masked as its mask."""
        if self._value is None:
            return MASKED if self._masked else ""
        text = as_text(self._value)
        return base64.b64encode(self._value).decode() if text is None else text

    def subjects(self) -> Sequence[Subject]:
        """The object."""
        return [Subject(resource_of(self._kind), self._key[1], self._key[0])]

    def enter(self) -> None:
        """Fetch the value, unless it is masked: then there is nothing to fetch."""
        if self._masked:
            self._show()
        else:
            self.refetch()

    def leave(self) -> None:
        """Stop fetching, and forget the value."""
        if self._fetching is not None:
            self._fetching.cancel()
        self._value = None

    def refetch(self) -> None:
        """Fetch the value (again), where it is shown."""
        if not self._masked:
            if self._fetching is not None:
                self._fetching.cancel()
            self._fetching = asyncio.create_task(self._fetch(), name="fetch value")

    async def _fetch(self) -> None:
        self.lines.set_empty("fetching …")
        try:
            value = await fetch_value(self.session, self._kind, self._key, self._row.name)
        except ClusterError as error:
            self._state = SyncState(Phase.FAILED, reason=f"{error.tried}: {error.answer}", advice=error.advice)
            self.lines.set_empty(f"▲ {error.tried}: {error.answer}\n\n{error.advice}")
        else:
            self._state = SyncState(Phase.LIVE)
            self._value = value
            self._show()
        self.desk.request_tick()

    def action_reveal(self) -> None:
        """Show a Secret's value, or mask it again."""
        if not self._secret:
            return
        self._masked = not self._masked
        if self._masked:
            self.leave()
            self._state = SyncState(Phase.LIVE)
            self._show()
        else:
            self.refetch()
        self.desk.request_tick()

    def _show(self) -> None:
        if self._masked:
            self.lines.set_source(TextLines([MASKED]))
            return
        if self._value is None:
            self.lines.set_source(TextLines([]))
            self.lines.set_empty("the key is gone, or its value is not base64")
            return
        text = as_text(self._value)
        if text is None:
            self.lines.set_source(HexLines(self._value))
            return
        structured = self._row.form == "JSON" or self._row.name.endswith(_STRUCTURED)
        self.lines.set_source(TextLines(text_lines(text), yaml_spans if structured else plain))
        self.lines.set_empty("the value is empty")
