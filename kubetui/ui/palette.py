"""The palette: jump to a pane, kind, namespace, context or command by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from kubetui.cluster.session import Lease
from kubetui.kinds.namespace import NAMESPACE, NamespaceRow
from kubetui.kinds.registry import kind_of
from kubetui.kinds.served_kind import SERVED_KIND, ServedKind
from kubetui.ui.actions import ACTIONS, PANE_KEYS, PANE_TITLES
from kubetui.ui.choosing import namespace_names
from kubetui.ui.kind_groups import OWN_PANES, found_by, group_order
from kubetui.ui.open_kind import until_known
from kubetui.ui.themes import TEXTUAL_NAMES
from kubetui.ui.widgets.safe_text import safe

if TYPE_CHECKING:
    from kubetui.ui.app import KubetuiApp

MOST = 30
"""Hits shown at most."""
NAMESPACE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
ALONE = "the other panes stay in their namespaces"
IN_NAMESPACES = frozenset({"daemonsets", "deployments", "pods", "top", "events"})
"""Panes that show what stands in the namespaces chosen."""


class Entry(NamedTuple):
    """Something to jump to: how it is called, what it is, the app's action, and short names."""

    name: str
    what: str
    action: str
    aliases: tuple[str, ...] = ()
    inside: str = ""
    """The pane that can be opened in one namespace; ``""``: this is none."""


class JumpProvider(Provider):
    """Exact names and short names first, then what begins so, then what contains it."""

    _discovery: Lease[ServedKind] | None = None
    _names: Lease[NamespaceRow] | None = None

    async def discover(self) -> Hits:
        """Panes and commands, before anything is typed."""
        for entry in self._fixed():
            yield DiscoveryHit(entry.name, partial(self._do, entry.action), help=entry.what)

    async def startup(self) -> None:
        """Take discovery and the namespaces, so that each can be named."""
        connected = self._app.connected
        if connected is not None:
            self._discovery = connected.session.open(SERVED_KIND)
            self._names = connected.session.open(NAMESPACE)

    async def shutdown(self) -> None:
        """Give them back."""
        for lease in (self._discovery, self._names):
            if lease is not None:
                lease.close()

    async def search(self, query: str) -> Hits:
        """Everything by name. ``po team-04`` opens the pods of a namespace."""
        text = query.strip().lower()
        kind, _, rest = text.partition(" ")
        shown = 0
        for entry in [*self._fixed(), *self._namespaces(), *self._contexts()]:
            score = rank(entry, text)
            if score and shown < MOST:
                shown += 1
                yield Hit(score, safe(entry.name), partial(self._do, entry.action), help=entry.what)
        for entry in self._fixed():
            for namespace in self._meant(rest) if kind in entry.aliases and entry.inside else ():
                action = f"app.pane({entry.inside!r}, {namespace.name!r})"
                words = f"{entry.name} in {safe(namespace.name)}"
                yield Hit(rank(namespace, rest), words, partial(self._do, action), help=ALONE)
        async for hit in self._served(text):
            yield hit

    async def _served(self, text: str) -> Hits:
        """Kinds that have no pane of their own; the well-known ones first among equals."""
        if self._discovery is None or not text:
            return
        await until_known(self._discovery)
        name, _, rest = text.partition(" ")
        kinds = [kind for kind in self._discovery.store if kind.listable and (kind.group, kind.plural) not in OWN_PANES]
        ranked = [(rank(kind_entry(kind), text if not rest else ""), kind) for kind in kinds]
        ranked.sort(key=lambda pair: (-pair[0], group_order(pair[1].group), pair[1].plural))
        for place, (score, kind) in enumerate(ranked[:MOST]):
            if score:
                entry = kind_entry(kind)
                yield Hit(score - place / 1000, safe(entry.name), partial(self._do, entry.action), help=entry.what)
        meant = found_by(kinds, name) if rest else None
        if meant is None or not meant.namespaced:
            return
        for namespace in self._meant(rest):
            action = f"app.kind({meant.full_name!r}, {namespace.name!r})"
            words = f"{safe(meant.full_name)} in {safe(namespace.name)}"
            yield Hit(rank(namespace, rest), words, partial(self._do, action), help=ALONE)

    @property
    def _app(self) -> KubetuiApp:
        return cast("KubetuiApp", self.app)

    def _fixed(self) -> Iterator[Entry]:
        for pane in PANE_KEYS.values():
            yield Entry(
                PANE_TITLES[pane],
                self._told("pane", f"pane.{pane}"),
                f"app.pane('{pane}')",
                pane_aliases(pane),
                pane if pane in IN_NAMESPACES else "",
            )
        yield Entry("Namespaces", self._told("choose", "namespace"), "app.namespaces", ("ns",))
        yield Entry("Contexts", self._told("choose", "context"), "app.contexts", ("ctx",))
        for action in ACTIONS:
            if action.palette:
                yield Entry(action.word.capitalize(), self._told(action.help, action.id), action.do)
        for name in TEXTUAL_NAMES:
            yield Entry(f"Theme {name}", "colours, until the program ends", f"app.colors('{name}')", ("theme", name))

    def _told(self, what: str, action_id: str) -> str:
        """What an entry is, with the key that does the same."""
        keymap = self._app.preferences.keymap
        return f"{what} · {keymap.shown_of(action_id)}" if keymap.keys_of(action_id) else what

    def _namespaces(self) -> Iterator[Entry]:
        for name in namespace_names(self._app.connected):
            yield Entry(name, "namespace", f"app.namespace({name!r})")

    def _meant(self, typed: str) -> list[Entry]:
        """The namespaces that ``typed`` may mean; where none is known, which some accounts may not list, it itself."""
        known = list(self._namespaces())
        if not known and NAMESPACE_NAME.fullmatch(typed):
            return [Entry(typed, "namespace", "")]
        return [namespace for namespace in known if typed and typed in namespace.name]

    def _contexts(self) -> Iterator[Entry]:
        for name in self._app.context_names:
            yield Entry(name, "context", f"app.context({name!r})")

    async def _do(self, action: str) -> None:
        await self._app.do(action)


def kind_entry(kind: ServedKind) -> Entry:
    """A kind by all names that kubectl knows, its short names and version beside it."""
    version = f"{kind.group}/{kind.api_version}" if kind.group else kind.api_version
    what = safe(" ".join(("kind", kind.kind, version, *(f"({short})" for short in kind.short_names))))
    return Entry(kind.full_name, what, f"app.kind({kind.full_name!r})", kind.names)


def pane_aliases(pane: str) -> tuple[str, ...]:
    """The names of the kind that a pane shows: ``ds``, ``daemonset``, ``daemonsets``."""
    kind = kind_of(pane)
    return (*kind.aliases, kind.name.lower(), kind.plural) if kind is not None else (pane,)


def rank(entry: Entry, text: str) -> float:
    """How well ``text`` names the entry: 0 not at all, 1 exactly."""
    name = entry.name.lower()
    if not text:
        return 0.0
    if text == name or text in entry.aliases:
        return 1.0
    if name.startswith(text) or any(alias.startswith(text) for alias in entry.aliases):
        return 0.8
    return 0.5 if text in name else 0.0
