"""What can be made to go wrong with an answer: declared as data, armed a number of times, spent one by one."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Annotated, Generic, Protocol, TypeVar

import msgspec

from kubetui.demo.request_info import RequestInfo

_Status = Annotated[int, msgspec.Meta(ge=400, le=599)]
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]


class Reject(msgspec.Struct, frozen=True, tag="reject", tag_field="kind", forbid_unknown_fields=True):
    """Answer a Status: 429 and 503 with Retry-After."""

    status: _Status = 429
    retry_after: Annotated[int, msgspec.Meta(ge=0)] = 1


class Html(msgspec.Struct, frozen=True, tag="html", tag_field="kind", forbid_unknown_fields=True):
    """Answer a page of HTML, as a proxy or load balancer in front of a dead API server does."""

    status: _Status = 502


class Cut(msgspec.Struct, frozen=True, tag="cut", tag_field="kind", forbid_unknown_fields=True):
    """Drop the connection after that many bytes of the body."""

    after_bytes: Annotated[int, msgspec.Meta(ge=0)]


class Close(msgspec.Struct, frozen=True, tag="close", tag_field="kind", forbid_unknown_fields=True):
    """End the answer cleanly after that many bytes, at a line's end: a watch that closes at once, for one."""

    after_bytes: Annotated[int, msgspec.Meta(ge=0)] = 0


class Delay(msgspec.Struct, frozen=True, tag="delay", tag_field="kind", forbid_unknown_fields=True):
    """Wait real seconds before answering."""

    seconds: _Seconds


class Stall(msgspec.Struct, frozen=True, tag="stall", tag_field="kind", forbid_unknown_fields=True):
    """Send that many bytes and then nothing, the connection open: a peer that died silently."""

    after_bytes: Annotated[int, msgspec.Meta(ge=0)] = 0


Effect = Reject | Html | Cut | Close | Delay | Stall


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An effect on the next ``count`` requests of a shape."""

    effect: Effect
    path: str = "*"
    """A glob over the path without the query: ``/api/v1/pods``, ``/api/v1/namespaces/*/pods``."""
    verb: str = ""
    """``list``, ``watch``, ``get`` …; ``""`` for any."""
    count: Annotated[int, msgspec.Meta(ge=1)] = 1

    def concerns(self, info: RequestInfo) -> bool:
        """Whether the request has the shape."""
        return (not self.verb or self.verb == info.verb) and fnmatchcase(info.path, self.path)


class Countable(Protocol):
    """A fault of any server."""

    @property
    def count(self) -> int:
        """How many requests it spoils."""


F = TypeVar("F", bound=Countable)


class Armed(Generic[F]):
    """Faults that are armed, oldest first."""

    def __init__(self) -> None:
        self._armed: list[tuple[F, int]] = []

    @property
    def left(self) -> tuple[tuple[F, int], ...]:
        """Each fault with the number of requests that it still spoils."""
        return tuple(self._armed)

    def arm(self, fault: F) -> None:
        """From now on."""
        self._armed.append((fault, fault.count))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._armed.clear()

    def spend(self, concerned: Callable[[F], bool]) -> F | None:
        """The first that is concerned, spent once; None mostly."""
        for position, (fault, left) in enumerate(self._armed):
            if concerned(fault):
                if left > 1:
                    self._armed[position] = (fault, left - 1)
                else:
                    del self._armed[position]
                return fault
        return None


class Faults(Armed[Fault]):
    """The API server's."""

    @property
    def armed(self) -> tuple[Fault, ...]:
        """Faults that have requests left, with what is left as ``count``."""
        return tuple(msgspec.structs.replace(fault, count=left) for fault, left in self.left)

    def strike(self, info: RequestInfo) -> Effect | None:
        """The first armed effect for this request, spent once; None mostly."""
        fault = self.spend(lambda armed: armed.concerns(info))
        return fault.effect if fault is not None else None


def html_page(status: int) -> bytes:
    """What a gateway shows."""
    return (
        f"<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>\r\n"
        f"<center><h1>{status} Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
    ).encode()
