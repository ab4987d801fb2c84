"""A managed identity's endpoint, as Azure App Service offers one, that gives out whatever token it is told to.

kubelogin asks it (``--login msi``), as it would ask Azure; the token is one that the cluster's API server takes.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_HEADER = "a-secret-of-this-host"
_LASTS = 3600  # seconds, as kubelogin is told; it keeps nothing itself


class IdentityEndpoint:
    """``token`` is what it gives out; ``asked`` are the resources it was asked for. Fields may be set at any time."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self.asked: list[str] = []

    @property
    def variables(self) -> dict[str, str]:
        """What App Service sets in a program's environment."""
        return {"IDENTITY_ENDPOINT": self.url, "IDENTITY_HEADER": _HEADER}


@contextmanager
def serving(token: str) -> Iterator[IdentityEndpoint]:
    """Serve on a port of 127.0.0.1 until the block ends."""
    endpoint = IdentityEndpoint("", token)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the base class looks for this name
            query = parse_qs(urlsplit(self.path).query)
            if self.headers.get("X-IDENTITY-HEADER") != _HEADER:
                self.send_error(401)
                return
            (resource,) = query["resource"]
            endpoint.asked.append(resource)
            ends = str(int(time.time()) + _LASTS)
            answer = {"access_token": endpoint.token, "expires_on": ends, "resource": resource, "token_type": "Bearer"}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint.url = f"http://127.0.0.1:{server.server_port}/msi/token"
        thread = threading.Thread(target=server.serve_forever)  # the tests' own thread waits for the program
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()
