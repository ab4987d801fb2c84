"""etcd's own HTTP gateway: what tests do behind the API server's back."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_SECONDS = 120.0  # defragmenting a filled store of 300 MB takes seconds

Json = Any  # etcd's messages as JSON: bytes are base64, 64-bit numbers are strings


@dataclass(frozen=True, slots=True)
class Etcd:
    """The store behind one API server."""

    port: int
    address: str = "127.0.0.1"

    def revision(self) -> int:
        """The store's revision: what the API server calls the newest resourceVersion."""
        answer = self._call("/v3/kv/range", {"key": _encoded(b"/"), "limit": "1", "keys_only": True})
        return int(answer["header"]["revision"])

    def get(self, key: str) -> bytes | None:
        """The stored bytes of one object, or None."""
        found = self._call("/v3/kv/range", {"key": _encoded(key.encode())}).get("kvs")
        return base64.b64decode(found[0]["value"]) if found else None

    def put_all(self, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write a batch in one transaction; etcd takes as many as ``--max-txn-ops`` says."""
        puts = [{"requestPut": {"key": _encoded(key.encode()), "value": _encoded(value)}} for key, value in objects]
        self._call("/v3/kv/txn", {"success": puts})

    def delete(self, key: str) -> None:
        """Remove one key, if it is there."""
        self._call("/v3/kv/deleterange", {"key": _encoded(key.encode())})

    def delete_under(self, prefix: str) -> None:
        """Remove every key that begins so; ``prefix`` ends in a slash."""
        end = prefix[:-1] + chr(ord("/") + 1)
        self._call("/v3/kv/deleterange", {"key": _encoded(prefix.encode()), "range_end": _encoded(end.encode())})

    def compact(self, revision: int) -> None:
        """Forget all history before this revision; returns when it is gone from disk too."""
        self._call("/v3/kv/compaction", {"revision": str(revision), "physical": True})

    def defragment(self) -> None:
        """Give the space of forgotten history back."""
        self._call("/v3/maintenance/defragment", {})

    def _call(self, path: str, body: Json) -> Json:
        connection = http.client.HTTPConnection(self.address, self.port, timeout=_SECONDS)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise OSError(f"etcd {path}: {answer.status} {text[:500].decode(errors='replace')}")
        return json.loads(text)


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()
