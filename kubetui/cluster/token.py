"""Where bearer tokens come from, as the transport sees it.

``azure/identity.py`` fulfils the same protocol, so this room knows no Azure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Credential:
    """What one sign-in yields: a bearer token, or a client certificate (PEM), or neither (anonymous)."""

    token: str | None = None
    basic: str | None = None
    """``user:password``; API servers have dropped it, gateways in front of them have not."""
    client_certificate: str | None = None
    client_key: str | None = None
    expires_at: float | None = None
    """Unix seconds; None where the source does not say."""

    def __repr__(self) -> str:
        return f"Credential(token={'…' if self.token else None}, expires_at={self.expires_at})"


class TokenSource(Protocol):
    """Gives the credential for the next request; may run a program or call out, once for many waiting callers."""

    async def credential(self) -> Credential:
        """The credential to use now. Raises SignInFailed."""

    def reject(self, credential: Credential) -> None:
        """The server answered 401 to this credential: the next call must not return it from a cache."""

    def describe(self) -> str:
        """How this account signs in, in a few words, for the person: ``exec plugin kubelogin``."""
