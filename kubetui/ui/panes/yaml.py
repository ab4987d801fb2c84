"""One object as YAML, as the server has it: managed fields folded, Secret values masked, nothing else left out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.object_yaml import fetch_object, to_yaml
from kubetui.cluster.session import Session
from kubetui.commands.subject import Subject, resource_of
from kubetui.kinds.kind import Key, Kind
from kubetui.store.state import Phase, SyncState
from kubetui.ui.large_object import made_from
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.widgets.line_source import TextLines
from kubetui.ui.widgets.yaml_lines import yaml_spans


class YamlPane(TextPane):
    """Fetches the object when opened; ``^r`` fetches it anew; ``x`` shows a Secret's values, or masks them again."""

    def __init__(self, desk: Desk, session: Session, kind: Kind[Any], key: Key) -> None:
        super().__init__(desk, session)
        self._kind, self._key = kind, key
        self._text = ""
        self._managed_fields = False
        self._fetching: asyncio.Task[None] | None = None
        self._state = SyncState(Phase.CONNECTING)
        self._object: dict[str, Any] = {}
        self._values = False

    @property
    def heading(self) -> str:
        """``Pod team-04/checkout-0  YAML · 214 lines``."""
        where = "/".join(part for part in self._key if part)
        parts = [f"{self._kind.name} {where}  YAML"]
        if self._text:
            parts.append(f"{len(self._text.splitlines()):,} lines")
            keymap = self.desk.preferences.keymap
            if self._kind.name == "Secret":
                parts.append(f"{keymap.shown_of('text.reveal')} {'masks' if self._values else 'shows'} the values")
            key = keymap.shown_of("text.managed")
            parts.append(f"{key} {'folds' if self._managed_fields else 'shows'} managed fields")
        return " · ".join(parts)

    @property
    def state(self) -> SyncState:
        """Whether the object came."""
        return self._state

    @property
    def text(self) -> str:
        """The YAML."""
        return self._text

    @property
    def save_parts(self) -> Sequence[str]:
        """``Pod``, ``team-04``, ``checkout-0.yaml``."""
        namespace, name = self._key
        return (self._kind.name, namespace, f"{name}.yaml")

    async def saved_text(self) -> str:
        """The YAML as it is shown; managed fields that are folded are left out: their mark would be no object."""
        metadata = self._object.get("metadata")
        if self._managed_fields or not isinstance(metadata, dict):
            return self._text
        kept = {field: value for field, value in metadata.items() if field != "managedFields"}
        return await made_from(self._object, partial(to_yaml, {**self._object, "metadata": kept}))

    def subjects(self) -> Sequence[Subject]:
        """The object shown."""
        namespace, name = self._key
        return [Subject(resource_of(self._kind), name, namespace)]

    def enter(self) -> None:
        """Fetch the object."""
        self.refetch()

    def leave(self) -> None:
        """Stop fetching."""
        if self._fetching is not None:
            self._fetching.cancel()

    def refetch(self) -> None:
        """Fetch the object (again)."""
        self.leave()
        self._fetching = asyncio.create_task(self._fetch(), name="fetch YAML")

    async def _fetch(self) -> None:
        self.lines.set_empty("fetching …")
        try:
            self._object = await fetch_object(self.session, self._kind, self._key, values=self._values)
        except ClusterError as error:
            self._state = SyncState(Phase.FAILED, reason=f"{error.tried}: {error.answer}", advice=error.advice)
            self.lines.set_empty(f"▲ {error.tried}: {error.answer}\n\n{error.advice}")
        else:
            self._state = SyncState(Phase.LIVE)
            await self._show()
        self.desk.request_tick()

    async def _show(self) -> None:
        make = partial(to_yaml, self._object, managed_fields=self._managed_fields)
        self._text = await made_from(self._object, make)
        self.lines.set_source(TextLines(self._text.splitlines(), yaml_spans))
        self.desk.request_tick()

    def action_reveal(self) -> None:
        """Show a Secret's values, or mask them again: the object is fetched anew, nothing unmasked is kept."""
        if self._kind.name == "Secret":
            self._values = not self._values
            self._object = {}
            self._text = ""
            self.lines.set_source(TextLines([]))
            self.refetch()
            self.desk.request_tick()

    def action_managed_fields(self) -> None:
        """Show or fold ``metadata.managedFields``."""
        if self._object:
            self._managed_fields = not self._managed_fields
            self.leave()
            self._fetching = asyncio.create_task(self._show(), name="show YAML")
