"""A plain client of the API server for arranging and checking, so that tests do not lean on what they test."""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 30.0
MERGE_PATCH = "application/merge-patch+json"

Json = Any  # what json.loads gives: the shapes are Kubernetes' own and are checked by the tests that read them


class Refused(Exception):
    """The API server answered with an error status; ``status`` is the HTTP status, ``body`` the Status object."""

    def __init__(self, request: str, status: int, body: Json) -> None:
        message = body.get("message", body) if isinstance(body, dict) else body
        super().__init__(f"{request}: {status} {message}")
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Requests with one identity; one connection a request. ``OSError`` where the server does not answer."""

    server: str
    tls: ssl.SSLContext
    token: str | None = None
    user_agent: str = "kubetui-tests"

    def get(self, path: str) -> Json:
        """The decoded answer (text where it is not JSON); raises ``Refused``."""
        return self.request("GET", path)

    def post(self, path: str, body: Json) -> Json:
        """Create; raises ``Refused``."""
        return self.request("POST", path, body)

    def put(self, path: str, body: Json) -> Json:
        """Replace; raises ``Refused``."""
        return self.request("PUT", path, body)

    def patch(self, path: str, body: Json, kind: str = MERGE_PATCH) -> Json:
        """Change by a merge patch, or another kind; raises ``Refused``."""
        return self.request("PATCH", path, body, kind)

    def delete(self, path: str) -> Json:
        """Delete; raises ``Refused``."""
        return self.request("DELETE", path)

    def request(self, method: str, path: str, body: Json = None, kind: str = "application/json") -> Json:
        """Any request; a status of 400 and above raises ``Refused``."""
        headers = {"Accept": "application/json", "User-Agent": self.user_agent}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = kind
        connection = http.client.HTTPSConnection(urlsplit(self.server).netloc, context=self.tls, timeout=_SECONDS)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        decoded = _decoded(text)
        if answer.status >= 400:
            raise Refused(f"{method} {path}", answer.status, decoded)
        return decoded


def _decoded(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return text  # /readyz and /metrics speak plain text
