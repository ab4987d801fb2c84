"""Where Enter leads from a line of the Overview: the pane that shows the objects, at them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from kubetui.cluster.health import HealthPoll, Reading
from kubetui.cluster.object_at import object_at
from kubetui.cluster.session import EVERYWHERE, Scope, Session
from kubetui.commands.subject import Subject, resource_of, subject_of
from kubetui.insight.finding import Target
from kubetui.kinds.daemon_set import DAEMON_SET
from kubetui.kinds.deployment import DEPLOYMENT
from kubetui.kinds.kind import Key, Kind
from kubetui.kinds.lease import LEASE
from kubetui.kinds.node import NODE
from kubetui.kinds.pod import POD
from kubetui.store.filter import parse_filter
from kubetui.ui.lone_line import InstanceKey
from kubetui.ui.node_tree import PoolKey
from kubetui.ui.overview_reader import OverviewReader
from kubetui.ui.panes.daemon_sets import DaemonSetNodesPane, DaemonSetsPane
from kubetui.ui.panes.deployments import DeploymentPane, DeploymentsPane
from kubetui.ui.panes.described import Described
from kubetui.ui.panes.nodes import NodesPane
from kubetui.ui.panes.pane import Desk, Pane
from kubetui.ui.panes.pods import PodsPane
from kubetui.ui.panes.table_pane import TablePane
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.panes.yaml import YamlPane
from kubetui.ui.widgets.line_source import Span, TextLines

_KINDS: Final[dict[str, Kind[Any]]] = {kind.plural: kind for kind in (NODE, POD, DEPLOYMENT, DAEMON_SET, LEASE)}
MOST_NAMED: Final = 12
"""Objects that a filter names one by one."""


def pane_for(target: Target, desk: Desk, session: Session, reader: OverviewReader) -> Pane | None:
    """The pane; None where nothing stands behind the line, or it is gone."""
    if target.kind == "readyz":
        return ReadyzPane(desk, session, reader.health)
    if target.kind == "nodes":
        return _narrowed(NodesPane(desk, session), target)
    if target.kind == "instances":
        return _at_instance(NodesPane(desk, session), target)
    if target.kind == "pods":
        namespaces = frozenset(namespace for namespace, _ in target.keys)
        return _narrowed(StayingPodsPane(desk, session, Scope(namespaces) if namespaces else EVERYWHERE), target)
    if target.kind == "deployments" and len(target.keys) == 1:
        deployment = reader.deployment_feed.store.get(target.keys[0])
        return DeploymentPane(desk, session, deployment) if deployment is not None else None
    if target.kind == "daemonsets" and len(target.keys) == 1:
        daemon_set = reader.daemon_set_feed.store.get(target.keys[0])
        return DaemonSetNodesPane(desk, session, daemon_set) if daemon_set is not None else None
    if target.kind == "deployments":
        return _narrowed(DeploymentsPane(desk, session), target)
    if target.kind == "daemonsets":
        return _narrowed(DaemonSetsPane(desk, session), target)
    return yaml_for(target, desk, session)


def yaml_for(target: Target, desk: Desk, session: Session) -> YamlPane | None:
    """The first object as YAML; None where no object stands behind the line."""
    kind = _KINDS.get(target.kind)
    return YamlPane(desk, session, kind, target.keys[0]) if kind is not None and target.keys else None


def described(target: Target) -> Described | None:
    """What ``d`` describes: the first object."""
    kind = _KINDS.get(target.kind)
    return Described(object_at(kind, target.keys[0])) if kind is not None and target.keys else None


def subjects(target: Target, reader: OverviewReader) -> Sequence[Subject]:
    """What ``m`` offers commands for."""
    kind = _KINDS.get(target.kind)
    if kind is None:
        return ()
    return [_subject(kind, key, reader) for key in target.keys]


def _subject(kind: Kind[Any], key: Key, reader: OverviewReader) -> Subject:
    row = reader.row(kind.plural, key)
    return subject_of(kind, row) if row is not None else Subject(resource_of(kind), key[1], key[0])


class StayingPodsPane(PodsPane):
    """Pods of the namespaces a finding is about, whatever the rest of the app looks at."""

    def set_scope(self, scope: Scope) -> None:
        """Stays where it is."""


def _narrowed(pane: TablePane[Any], target: Target) -> Pane:
    """At one object, filtered to several, to those with problems where they are many."""
    if target.kind == "nodes" and target.owner:
        pane.seek(PoolKey(target.owner))
    elif len(target.keys) == 1:
        pane.seek(target.keys[0])
    elif 1 < len(target.keys) <= MOST_NAMED:
        pane.filter = parse_filter(f"NAME:/^({_names(target.keys)})$/", pane.columns, pane.labels)
    elif target.owner:
        pane.filter = parse_filter(f"NAME:{target.owner}", pane.columns, pane.labels)
    elif target.keys or target.kind == "pods":
        pane.problems_only = True
    return pane


def _at_instance(pane: NodesPane, target: Target) -> Pane:
    """The Nodes pane at the first of them; its line comes with the look at Azure."""
    pane.seek(InstanceKey(target.keys[0][1]) if target.keys else PoolKey(target.owner))
    return pane


def _names(keys: tuple[Key, ...]) -> str:
    return "|".join(re.escape(name) for _, name in keys)


class ReadyzPane(TextPane):
    """The API server's own checks, one a line, and what the last readings took."""

    def __init__(self, desk: Desk, session: Session, health: HealthPoll) -> None:
        super().__init__(desk, session)
        self._health = health
        self._shown: tuple[Reading | None, Reading | None] | None = None

    @property
    def heading(self) -> str:
        """How many checks, and how many fail."""
        ready = self._health.ready
        if ready is None or not ready.checks:
            return "API server  /readyz"
        failing = f", {len(ready.failing)} fail" if ready.failing else ", all pass"
        return f"API server  /readyz · {len(ready.checks)} checks{failing}"

    @property
    def text(self) -> str:
        """The checks."""
        lines: list[str] = []
        for path, reading in (("/readyz", self._health.ready), ("/livez", self._health.live)):
            lines += [path, ""]
            if reading is None:
                lines.append("  – not asked yet")
            elif not reading.checks:
                lines.append(f"  {'ok' if reading.ok else f'✖ {reading.error}'}")
            else:
                checks = sorted(reading.checks, key=lambda check: check.passed)
                lines += [f"  {'ok  ' if check.passed else '✖   '}{check.name}" for check in checks]
            if reading is not None and reading.seconds is not None:
                lines += ["", f"  answered in {reading.seconds * 1000:.0f} ms"]
            lines.append("")
        return "\n".join(lines)

    def enter(self) -> None:
        """Show what is known."""
        self._shown = None

    def tick(self, now: float) -> None:
        """Follow the readings."""
        super().tick(now)
        shown = (self._health.ready, self._health.live)
        if shown != self._shown:
            self._shown = shown
            self.lines.set_source(TextLines(self.text.split("\n"), _style))


def _style(line: str) -> tuple[Span, ...]:
    return (Span(line, "act" if "✖" in line else "bold" if line.startswith("/") else ""),)
