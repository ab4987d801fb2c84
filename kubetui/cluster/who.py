"""Who the account is to the server, how it signed in, and when that ends."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from kubetui.cluster.errors import ClusterError, Forbidden, NotFound, NotKubernetes
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.oidc import token_end
from kubetui.cluster.proxy import Proxy
from kubetui.cluster.token import Credential, TokenSource
from kubetui.cluster.transport import Answer, Request

_PATH = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one session: where it goes, and how it signs in."""

    target: Target
    tokens: TokenSource
    proxy: Proxy | None = None

    @property
    def signs_in(self) -> str:
        """In a few words: ``exec plugin kubelogin``."""
        return self.tokens.describe()

    async def ends(self) -> tuple[Ending, ...]:
        """When what it shows to the server ends. May sign in. Raises SignInFailed, KubeconfigError."""
        return endings(await self.tokens.credential())


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing that ends: ``token`` or ``client certificate``; Unix seconds, None where it does not say."""

    what: str
    at: float | None


def endings(credential: Credential) -> tuple[Ending, ...]:
    """When the parts of a credential end."""
    found = []
    if credential.token:
        found.append(Ending("token", credential.expires_at or token_end(credential.token)))
    if credential.client_certificate:
        found.append(Ending("client certificate", certificate_end(credential.client_certificate)))
    return tuple(found)


def certificate_end(pem: str) -> float | None:
    """``notAfter`` of the first certificate, Unix seconds; None where it can't be read."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(pem.encode())[0].not_valid_after_utc.timestamp()
    except (ValueError, LookupError):
        return None


class _Info(msgspec.Struct):
    username: str = ""
    uid: str = ""
    groups: list[str] = []
    extra: dict[str, list[str]] = {}


class _Status(msgspec.Struct):
    user_info: _Info = msgspec.field(name="userInfo", default_factory=_Info)


class _Review(msgspec.Struct):
    status: _Status = msgspec.field(default_factory=_Status)


@dataclass(frozen=True, slots=True)
class Who:
    """What the server calls the account."""

    name: str
    uid: str = ""
    groups: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


async def who_am_i(send: Callable[[Request], Awaitable[Answer]]) -> Who:
    """Ask the server. Raises ClusterError types; servers before 1.28 do not know the question (NotFound)."""
    tried = "ask who this account is"
    body = json.dumps({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}).encode()
    try:
        answer = await send(Request(_PATH, tried, method="POST", body=body))
    except (NotFound, Forbidden) as error:
        advice = "the server is older than 1.28" if isinstance(error, NotFound) else error.advice
        raise ClusterError(tried, error.answer, advice) from error
    try:
        info = msgspec.json.decode(answer.body, type=_Review).status.user_info
    except msgspec.DecodeError as error:
        raise NotKubernetes(tried, f"the answer is no review: {error}") from error
    extra = tuple((key, ", ".join(values)) for key, values in sorted(info.extra.items()))
    return Who(info.username, info.uid, tuple(info.groups), extra)
