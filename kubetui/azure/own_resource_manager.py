"""The demo's resource manager, which its kubeconfig names together with a token for it.

A kubeconfig is often somebody else's. So what it names counts only where cluster and resource manager are both on this
machine, and only the token that stands beside the address is sent there: no sign-in to Azure is made for it, and what
Azure gives out goes to the addresses in ``clouds.py`` alone.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from kubetui.azure.machine_feed import SignIn
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.token import Credential

_HERE: Final = frozenset({"127.0.0.1", "::1"})
"""Addresses, no names: those are somebody's to resolve."""


class _Extension(msgspec.Struct):
    endpoint: str
    token: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.~+/=-]{1,4096}\Z")]


class StaticToken:
    """A token that is simply there."""

    def __init__(self, token: str) -> None:
        self._credential = Credential(token=token)

    async def credential(self) -> Credential:
        """The token."""
        return self._credential

    def reject(self, credential: Credential) -> None:
        """There is no other."""

    def describe(self) -> str:
        """In a few words."""
        return "the demo's own token"


def own_sign_in(target: Target) -> SignIn | None:
    """The way to the resource manager that ``target``'s kubeconfig names; None where it names none that counts."""
    try:
        found = msgspec.convert(target.own_resource_manager, _Extension)
    except msgspec.ValidationError:
        return None
    if not (_here(target.server) and _here(found.endpoint) and found.endpoint.startswith("http://")):
        return None
    return SignIn(found.endpoint, StaticToken(found.token))


def _here(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = parts.port is not None
    except ValueError:
        return False
    return named and parts.hostname in _HERE and not (parts.username or parts.password or parts.query or parts.fragment)
