"""A transport for tests that send single requests only."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from kubetui.cluster.errors import Unreachable
from kubetui.cluster.transport import Answer, Request, Stream


class SilentTransport:
    """Reaches nothing; subclasses say what ``send`` answers."""

    async def send(self, request: Request) -> Answer:
        """No answer."""
        raise Unreachable(request.tried, "nothing is there")

    def stream(self, request: Request) -> AbstractAsyncContextManager[Stream]:
        """No stream."""
        raise Unreachable(request.tried, "nothing is there")

    async def close(self) -> None:
        """Nothing to close."""
