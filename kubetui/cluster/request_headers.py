"""The headers of a request: what we accept, who we are, and as whom we act."""

from __future__ import annotations

import base64
from urllib.parse import quote

from kubetui import __version__
from kubetui.cluster.errors import KubeconfigError, SignInFailed
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.token import Credential
from kubetui.cluster.transport import Request

Headers = list[tuple[str, str]]


def headers_for(request: Request, encoding: str, credential: Credential, impersonation: Headers) -> Headers:
    """All headers of ``request``. Raises SignInFailed for a credential that fits into no header."""
    headers = [
        ("Accept", request.accept),
        ("Accept-Encoding", encoding),
        ("User-Agent", f"kubetui/{__version__}"),
        *impersonation,
    ]
    if request.body is not None:
        headers.append(("Content-Type", "application/json"))
    if credential.token:
        if not _fits(credential.token):
            raise SignInFailed(request.tried, "the token holds characters that no token has", "sign in again")
        headers.append(("Authorization", f"Bearer {credential.token}"))
    elif credential.basic:
        secret = base64.b64encode(credential.basic.encode("utf-8", "surrogateescape")).decode()
        headers.append(("Authorization", f"Basic {secret}"))
    return headers


def impersonation_of(target: Target) -> Headers:
    """``as``, ``as-uid``, ``as-groups`` and ``as-user-extra`` of the user, as client-go's headers.

    Raises KubeconfigError where a value fits into no header, or groups are given without a user.
    """
    user = target.user.entry if target.user else None
    if user is None:
        return []
    headers: Headers = []
    if user.impersonate:
        headers.append(("Impersonate-User", user.impersonate))
    if user.impersonate_uid:
        headers.append(("Impersonate-Uid", user.impersonate_uid))
    headers += [("Impersonate-Group", group) for group in user.impersonate_groups or ()]
    for key, values in (user.impersonate_extra or {}).items():
        headers += [(f"Impersonate-Extra-{quote(key.lower(), safe='-._~')}", value) for value in values]
    tried = f"act as another user in context {target.context}"
    if headers and not user.impersonate:
        raise KubeconfigError(tried, "as-groups, as-uid and as-user-extra need as", "add the user's as: NAME")
    if not all(value.isprintable() for _, value in headers):
        raise KubeconfigError(tried, "a name holds control characters", "mend the user's as… fields")
    return headers


def _fits(token: str) -> bool:
    return token.isascii() and token.isprintable() and " " not in token
