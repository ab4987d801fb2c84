"""The demo's server in a process of its own: for worlds larger, or faster, than a real API server beside it can be."""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import msgspec

from kubetui.demo.ready import Ready
from tests.bench.harness.dashboard import ROOT


class Demo:
    """``with Demo("--pods=150000") as demo``: served until the end of the context."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "kubetui.demo", "--until-stdin-closes", *self._arguments]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout is not None
        self.ready = msgspec.json.decode(self._process.stdout.readline(), type=Ready)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def keeper(self) -> int:
        """The server's process."""
        return self._process.pid

    @property
    def kubeconfig(self) -> Path:
        """Of the user who may read everything."""
        return Path(self.ready.kubeconfig)

    def do(self, what: str, **details: object) -> None:
        """A control call, as docs/demo.md lists them; raises RuntimeError where it is refused."""
        self._ask("POST", urlsplit(self.ready.control).path, self.ready.control_token, {"do": what, **details})

    def get(self, path: str) -> Any:
        """Decoded JSON."""
        return self._ask("GET", path, self.ready.token)

    def _ask(self, method: str, path: str, token: str, body: Mapping[str, object] | None = None) -> Any:
        place = urlsplit(self.ready.server)
        context = ssl._create_unverified_context()  # its certificate is its own, and it is on this machine
        connection = http.client.HTTPSConnection(place.netloc, context=context, timeout=60.0)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {read[:300]!r}")
        return json.loads(read)
