"""Continue tokens: opaque to clients, bound to the version of the list's first page."""

from __future__ import annotations

import base64
from typing import NamedTuple

import msgspec

from kubetui.demo.key_order import Key
from kubetui.demo.status import bad_request

CURRENT = -1
"""The version of a token that goes on from the current state, after its own version expired."""


class Continuation(NamedTuple):
    """Where a list goes on."""

    version: int
    """The first page's version, or ``CURRENT``."""
    after: Key


class _Wire(msgspec.Struct, frozen=True):
    v: str
    rv: int
    start: str


_decode = msgspec.json.Decoder(_Wire).decode


def write_token(version: int, last: Key, namespace: str) -> str:
    """The token after ``last``, in a list over ``namespace`` (``""`` for all)."""
    path = f"/{last[1]}" if namespace or not last[0] else f"/{last[0]}/{last[1]}"
    wire = msgspec.json.encode(_Wire("meta.k8s.io/v1", version, path + "\0"))
    return base64.urlsafe_b64encode(wire).rstrip(b"=").decode()


def read_token(token: str, namespace: str, *, namespaced: bool) -> Continuation:
    """Undo ``write_token``; raises ``ApiError`` 400 for anything else."""
    try:
        wire = _decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError as problem:  # of base64, of UTF-8, of msgspec
        raise bad_request(f"invalid continue token: continue key is not valid: {problem}") from None
    if wire.v != "meta.k8s.io/v1":
        raise bad_request(f"invalid continue token: continue key is not valid: server does not recognize {wire.v}")
    if wire.rv == 0 or wire.rv < CURRENT:
        raise bad_request("invalid continue token: continue key is not valid: incorrect encoded start resourceVersion")
    parts = wire.start.rstrip("\0").removeprefix("/").split("/")
    if len(parts) != (2 if namespaced and not namespace else 1) or not all(parts):
        raise bad_request(f"invalid continue token: continue key is not valid: {wire.start!r}")
    return Continuation(wire.rv, (namespace, parts[0]) if len(parts) == 1 else (parts[0], parts[1]))
