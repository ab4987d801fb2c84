"""``m``: from what is under the cursor of a pane to the screen with its commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kubetui.cluster.errors import ClusterError
from kubetui.cluster.transport import Request
from kubetui.commands.place import NOWHERE
from kubetui.commands.read_object import read_subject
from kubetui.commands.subject import Subject
from kubetui.ui.screens.commands import CommandsScreen, Copy

if TYPE_CHECKING:
    from kubetui.cluster.session import Session
    from kubetui.ui.connector import Connected


def commands_screen(connected: Connected, subjects: Sequence[Subject], copy: Copy) -> CommandsScreen:
    """The screen for these objects, all of one kind."""
    only = subjects[0] if len(subjects) == 1 and not subjects[0].complete else None
    path = only.resource.path_of(only.namespace, only.name) if only is not None else ""

    async def fetch() -> tuple[Subject, str]:
        assert only is not None
        return await whole_subject(connected.session, only, path)

    return CommandsScreen(subjects, connected.place or NOWHERE, copy, fetch if path else None)


async def whole_subject(session: Session, subject: Subject, path: str) -> tuple[Subject, str]:
    """The subject as its object tells it now, and why not where it can't be read."""
    try:
        answer = await session.send(Request(path, f"get {subject.title}"))
    except ClusterError as error:
        return subject, f"{error.tried}: {error.answer}"
    whole = read_subject(subject.resource, subject.namespace, subject.name, answer.body)
    return replace(whole, container=subject.container, pool=whole.pool or subject.pool), ""
