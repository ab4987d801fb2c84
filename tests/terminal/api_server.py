"""A small API server in a thread: lists, watches and single objects of a few kinds, and a log of what was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

Object = dict[str, Any]

KINDS = {"pods": "Pod", "nodes": "Node", "namespaces": "Namespace"}


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    query: dict[str, list[str]]


class SmallCluster:
    """The objects, the changes since the beginning, and the requests seen. All methods may be called anywhere."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.stopped = False
        self._objects: dict[tuple[str, str, str], Object] = {}
        self._changes: list[tuple[str, str, Object]] = []
        self._moved = threading.Condition()

    def put(self, plural: str, found: Object) -> None:
        """Create or replace an object; watchers hear of it."""
        with self._moved:
            metadata = found["metadata"]
            place = (plural, metadata.get("namespace", ""), metadata["name"])
            event = "MODIFIED" if place in self._objects else "ADDED"
            self._remember(event, plural, found)
            self._objects[place] = found

    def delete(self, plural: str, namespace: str, name: str) -> None:
        """Delete an object."""
        with self._moved:
            self._remember("DELETED", plural, dict(self._objects.pop((plural, namespace, name))))

    def _remember(self, event: str, plural: str, found: Object) -> None:
        found["apiVersion"], found["kind"] = "v1", KINDS[plural]
        found["metadata"]["resourceVersion"] = str(len(self._changes) + 1)
        self._changes.append((event, plural, json.loads(json.dumps(found))))
        self._moved.notify_all()

    def stop(self) -> None:
        """End all watches."""
        with self._moved:
            self.stopped = True
            self._moved.notify_all()

    def get(self, plural: str, namespace: str, name: str) -> Object | None:
        """One object."""
        with self._moved:
            return self._objects.get((plural, namespace, name))

    def list(self, plural: str, namespace: str) -> Object:
        """A list object."""
        with self._moved:
            items = [
                found
                for (of, where, _), found in sorted(self._objects.items())
                if of == plural and namespace in ("", where)
            ]
            version = str(len(self._changes))
            body = {"kind": f"{KINDS[plural]}List", "apiVersion": "v1", "items": items}
            return json.loads(json.dumps({**body, "metadata": {"resourceVersion": version}}))  # type: ignore[no-any-return]  # an object goes in

    def events(self, plural: str, namespace: str, since: int) -> Iterator[Object]:
        """Watch events after a version, until ``stop``."""
        for index in count(since):
            with self._moved:
                while not self.stopped and len(self._changes) <= index:
                    self._moved.wait()
                if self.stopped:
                    return
                event, of, found = self._changes[index]
            if of == plural and namespace in ("", found["metadata"].get("namespace", "")):
                yield {"type": event, "object": found}


class _Handler(BaseHTTPRequestHandler):
    """Answers as kube-apiserver does, as far as this program asks."""

    protocol_version = "HTTP/1.1"
    cluster: SmallCluster

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""

    def handle(self) -> None:
        """A client that goes away in the middle is no fault."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        if self.cluster.stopped:
            self.close_connection = True  # it was kept alive from before: no answer
            return
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        self.cluster.asked.append(Asked("GET", parts.path, query))
        if parts.path == "/version":
            self._json({"gitVersion": "v1.36.3"})
            return
        match parts.path.removeprefix("/api/v1/").split("/"):
            case [plural] | ["namespaces", _, plural] if plural in KINDS and "watch" in query:
                self._watch(plural, self._namespace(parts.path), int(query["resourceVersion"][0]))
            case [plural] | ["namespaces", _, plural] if plural in KINDS:
                self._json(self.cluster.list(plural, self._namespace(parts.path)))
            case [plural, name] | ["namespaces", _, plural, name] if plural in KINDS:
                found = self.cluster.get(plural, self._namespace(parts.path), name)
                self._json(found) if found else self._refuse(404, "NotFound", f'{plural} "{name}" not found')
            case _:
                self._refuse(404, "NotFound", "the server could not find the requested resource")

    def _anything_else(self) -> None:
        self.cluster.asked.append(Asked(self.command, urlsplit(self.path).path, {}))
        self.close_connection = True
        self._refuse(405, "MethodNotAllowed", f"{self.command} is not served here")

    do_POST = do_PUT = do_PATCH = do_DELETE = _anything_else  # noqa: N815 – http.server's names

    @staticmethod
    def _namespace(path: str) -> str:
        parts = path.split("/")
        return parts[4] if parts[3] == "namespaces" and len(parts) > 5 else ""

    def _refuse(self, code: int, reason: str, message: str) -> None:
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code}
        self._json({**status, "reason": reason, "message": message}, code)

    def _json(self, body: Object, code: int = 200) -> None:
        encoded = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def _watch(self, plural: str, namespace: str, since: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in self.cluster.events(plural, namespace, since):
            line = json.dumps(event).encode() + b"\n"
            self.wfile.write(b"%x\r\n%b\r\n" % (len(line), line))
        self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # an idle kept-alive connection would keep its thread, and the tests, from ending
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Clients that go away are the normal end here."""


@contextmanager
def serving(cluster: SmallCluster) -> Iterator[str]:
    """Serve ``cluster`` on a free port of loopback; yields the URL."""
    handler = type("Handler", (_Handler,), {"cluster": cluster})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="small API server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        cluster.stop()
        server.shutdown()
        server.server_close()
        thread.join()
