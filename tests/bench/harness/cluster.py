"""The control plane that is measured against: its kubeconfig, its size, changes to it."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tests.bench.harness.counting_proxy import CountingProxy
from tests.cluster import binaries
from tests.cluster.api_client import MERGE_PATCH
from tests.cluster.detached import Detached


class Cluster:
    """One kept by ``python -m tests.cluster up --name NAME``."""

    def __init__(self, name: str) -> None:
        self.name = name
        detached = Detached(name)
        self.kubeconfig = detached.kubeconfig
        if not self.kubeconfig.exists():
            raise SystemExit(f"no control plane named {name} is up: python -m tests.cluster up --name {name} …")
        self.keeper = detached.keeper
        """The process whose children its programs are."""
        self._config: dict[str, Any] = yaml.safe_load(self.kubeconfig.read_text())
        self.server: str = self._config["clusters"][0]["cluster"]["server"]
        self._connection = http.client.HTTPSConnection(
            urlsplit(self.server).netloc, context=self.tls_context(), timeout=60.0
        )

    @property
    def kubectl(self) -> Path:
        """The program of the server's version."""
        return binaries.find()["kubectl"]

    @cached_property
    def pods(self) -> int:
        """How many there are."""
        return self._count("/api/v1/pods")

    @cached_property
    def nodes(self) -> int:
        """How many there are."""
        return self._count("/api/v1/nodes")

    def small_namespace(self) -> str:
        """A namespace of a team."""
        names = [item["metadata"]["name"] for item in self.get("/api/v1/namespaces")["items"]]
        found: str = next(name for name in names if not name.startswith(("kube-", "default")))
        return found

    def get(self, path: str) -> Any:
        """Decoded JSON."""
        return self._ask("GET", path)

    def patch(self, path: str, body: object) -> Any:
        """A merge patch."""
        return self._ask("PATCH", path, json.dumps(body), {"Content-Type": MERGE_PATCH})

    @contextmanager
    def through_proxy(self) -> Iterator[tuple[CountingProxy, Path]]:
        """A relay to the server that counts, and a kubeconfig that leads through it."""
        parts = urlsplit(self.server)
        assert parts.hostname
        assert parts.port
        config = json.loads(json.dumps(self._config))
        with CountingProxy(parts.hostname, parts.port) as proxy, tempfile.TemporaryDirectory() as folder:
            config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{proxy.port}"
            path = Path(folder) / "kubeconfig"
            path.write_text(yaml.safe_dump(config))
            yield proxy, path

    def tls_context(self) -> ssl.SSLContext:
        """With the user's certificate."""
        cluster, user = self._config["clusters"][0]["cluster"], self._config["users"][0]["user"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        context = ssl.create_default_context(cadata=authority)
        with tempfile.NamedTemporaryFile("wb") as both:
            for part in ("client-certificate-data", "client-key-data"):
                both.write(base64.b64decode(user[part]) + b"\n")
            both.flush()
            context.load_cert_chain(both.name)
        return context

    def _count(self, path: str) -> int:
        page = self.get(f"{path}?limit=1")
        return len(page["items"]) + int(page["metadata"].get("remainingItemCount", 0))

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Any:
        try:
            self._connection.request(method, path, body, headers or {})
            answer = self._connection.getresponse()
        except (http.client.HTTPException, ConnectionError, ssl.SSLError):
            # The server closes what was idle for long.
            self._connection.close()
            self._connection.request(method, path, body, headers or {})
            answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text)
