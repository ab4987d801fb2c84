"""Whose logs are looked at: from what is under the cursor, from what is typed, and which ones pane 6 shows."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.logs.target import KINDS, BadTarget, LogTarget, parse_target
from kubetui.commands.subject import Subject
from kubetui.insight.aks_components import AKS_COMPONENTS
from kubetui.settings.settings import LogSettings
from kubetui.ui.screens.choose import Choice, ChooseScreen

if TYPE_CHECKING:
    from kubetui.ui.app import KubetuiApp

_SYSTEM: Final = frozenset({"kube-system"})


@dataclass(frozen=True, slots=True)
class LogChoice:
    """A target, and which of its containers."""

    target: LogTarget
    containers: str = ""
    """A regular expression; ``""`` for all."""
    previous: bool = False
    several: int = 0
    """How many pods were marked; 0: the target has a name of its own."""
    asked: LogOptions | None = None
    """What the command line asked for; None: nothing."""

    @property
    def words(self) -> str:
        """``deploy/coredns``, ``15 marked pods``."""
        return f"{self.several} marked pods" if self.several else self.target.words

    def options(self, settings: LogSettings) -> LogOptions:
        """What is asked for to begin with, as the settings want it where the person did not say."""
        found = self.asked or LogOptions(containers=self.containers, most_streams=settings.streams)
        if self.previous:
            return replace(found, since=None, tail=None, previous=True, follow=False)
        if found.since is None and found.tail is None and not found.previous:
            found = replace(found, since=settings.seconds)
        return found


FIRST: Final = LogChoice(LogTarget(_SYSTEM, "deployments", "coredns"))
"""What pane 6 shows before anything else was asked for: what breaks most, and breaks most with it."""


class LogsDesk:
    """Remembers the last choice; opens panes for others."""

    def __init__(self, app: KubetuiApp) -> None:
        self._app = app
        self.choice = self._first()
        """What pane 6 shows."""

    def _first(self) -> LogChoice:
        """What the command line named, else coredns."""
        asked, connected = self._app.options.logs, self._app.connected
        if asked is None or connected is None:
            return FIRST
        try:
            return LogChoice(asked.target(connected.namespace), asked.options.containers, asked=asked.options)
        except BadTarget as error:
            self._app.say(str(error))
            return FIRST

    def open(self, subjects: Sequence[Subject], *, previous: bool) -> None:
        """The logs of the chosen objects, over the present pane."""
        choice = choice_of(subjects)
        if choice is None:
            what = subjects[0].resource.kind if subjects else "nothing under the cursor"
            self._app.say(f"{what} has no logs of its own" if subjects else what)
            return
        connected = self._app.connected
        if connected is None:
            return
        from kubetui.ui.panes.logs import LogsPane

        choice = replace(choice, previous=previous)
        self.choice = replace(choice, previous=False)
        self._app.open_pane(LogsPane(self._app, connected.session, choice))

    def ask(self) -> None:
        """Ask whose logs, and show them."""
        choices = [Choice(f"{_word(component.kind)}/{component.name}", "kube-system") for component in AKS_COMPONENTS
                   if component.kind.lower() in KINDS]  # fmt: skip
        title = "Logs of deploy/NAME, ds/NAME, pod/NAME, node/NAME, a text in pods' names, -l LABELS; -n NAMESPACE, -A"
        self._app.push_screen(ChooseScreen(title, choices, free=True), self._chosen)

    def _chosen(self, chosen: frozenset[str] | None) -> None:
        if not chosen:
            return
        typed = next(iter(chosen))
        try:
            self.choice = parse_typed(typed, self._namespaces(typed))
        except BadTarget as error:
            self._app.say(str(error))
            return
        from kubetui.ui.panes.logs import LogsPane

        if isinstance(self._app.current, LogsPane):
            self._app.current.retarget(self.choice)
        else:
            self._app.call_next(self._app.action_pane, "logs")

    def _namespaces(self, typed: str) -> frozenset[str] | None:
        """Where to look: a component of the list is kube-system's, everything else is where one looks now."""
        names = {f"{_word(component.kind)}/{component.name}" for component in AKS_COMPONENTS}
        if typed in names:
            return _SYSTEM
        scope = self._app.panes.scope
        return scope.namespaces if scope is not None else None


def choice_of(subjects: Sequence[Subject]) -> LogChoice | None:
    """Whose logs the chosen objects mean: several pods together, else the first object; None where it has none."""
    if not subjects:
        return None
    first = subjects[0]
    plural = KINDS.get(first.resource.kind.lower())
    if plural is None:
        return None
    if plural == "pods" and len(subjects) > 1:
        return LogChoice(pods_of(subjects), several=len(subjects))
    namespaces = None if plural == "nodes" else frozenset({first.namespace})
    return LogChoice(LogTarget(namespaces, plural, first.name), f"^{first.container}$" if first.container else "")


def pods_of(subjects: Sequence[Subject]) -> LogTarget:
    """Exactly these pods."""
    names = "|".join(sorted(subject.name.replace(".", "\\.") for subject in subjects))
    return LogTarget(frozenset(subject.namespace for subject in subjects), expression=f"^(?:{names})$")


def parse_typed(typed: str, namespaces: frozenset[str] | None) -> LogChoice:
    """``deploy/coredns -n kube-system -c coredns``, ``-l app=x -A``, ``core``. Raises BadTarget."""
    try:
        words = shlex.split(typed)
    except ValueError as error:
        raise BadTarget(f"{typed!r}: {error}") from error
    target = labels = containers = ""
    rest = iter(words)
    for word in rest:
        if word == "-A":
            namespaces = None
        elif word in ("-n", "-l", "-c"):
            value = next(rest, "")
            if not value:
                raise BadTarget(f"{word} needs a value")
            namespaces = frozenset({value}) if word == "-n" else namespaces
            labels = value if word == "-l" else labels
            containers = value if word == "-c" else containers
        elif target:
            raise BadTarget(f"{target!r} and {word!r}: name one of the two")
        else:
            target = word
    return LogChoice(parse_target(target, namespaces, labels), containers)


def _word(kind: str) -> str:
    return {"Deployment": "deploy", "DaemonSet": "ds"}.get(kind, kind.lower())
