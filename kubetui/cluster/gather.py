"""Further reads about an object: lists in bounded pages, single objects; what may not be read says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from kubetui.cluster.errors import ClusterError, Forbidden, NotFound
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.cluster.wire import decode_list

PAGE = 200
"""Objects a page has: some 2 MB of pods, which take a few milliseconds to decode."""
SLICE = 20
"""Objects decoded between two turns of the loop: some 2 ms."""
MOST = 2000
"""Objects read at most; what is beyond is said."""


class Read(Protocol):
    """What to read."""

    @property
    def path(self) -> str:
        """A collection, or one object."""

    @property
    def tried(self) -> str:
        """For messages."""

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Selectors."""

    @property
    def single(self) -> bool:
        """One object."""

    @property
    def wire(self) -> Any:
        """A Struct to decode each item to, None: as it is."""

    @property
    def row(self) -> Callable[[Any], Any] | None:
        """What is kept of each item; None: the item."""


class Found(NamedTuple):
    """What came back."""

    items: Sequence[Any] = ()
    trouble: str = ""
    more: bool = False


async def gather(session: Session, read: Read, page: int = PAGE) -> Found:
    """Never raises ClusterError types: what went wrong is the answer's ``trouble``."""
    kind = read.wire if read.wire is not None else dict[str, Any]
    try:
        if read.single:
            answer = await session.send(Request(read.path, read.tried, read.query))
            return Found((msgspec.json.decode(answer.body, type=kind),))
        return await _pages(session, read, kind, page)
    except ClusterError as error:
        return Found(trouble=trouble_words(error))
    except msgspec.DecodeError as error:
        return Found(trouble=f"{read.tried}: the answer can't be read: {error}")


async def _pages(session: Session, read: Read, kind: Any, page: int) -> Found:
    items: list[Any] = []
    decode = msgspec.json.Decoder(kind).decode
    token = ""
    while True:
        query = [*read.query, ("limit", str(page)), *([("continue", token)] if token else [])]
        answer = await session.send(Request(read.path, read.tried, tuple(query)))
        raw = decode_list(answer.body)
        for number, item in enumerate(raw.items or ()):
            found = decode(item)
            items.append(found if read.row is None else read.row(found))
            if number % SLICE == SLICE - 1:
                await asyncio.sleep(0)
        token = raw.metadata.continue_
        if not token or len(items) >= MOST:
            return Found(items, more=bool(token))


def trouble_words(error: ClusterError) -> str:
    """One line for the place where the part would stand: which right is missing, or what came back."""
    if isinstance(error, Forbidden):
        return f"forbidden: {error.tried}" + (f"; {error.advice}" if error.advice else "")
    if isinstance(error, NotFound):
        return f"{error.tried}: there is none"
    return f"{error.tried}: {error.answer}" + (f"; {error.advice}" if error.advice else "")
