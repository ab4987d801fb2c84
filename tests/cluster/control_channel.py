"""How another process tells a keeper what to inflict on its cluster: one request and one answer a connection.

A socket in the cluster's own folder, which only its owner may enter; messages are one line of JSON.
"""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

_SECONDS = 300.0  # a drain, or a start after it
_MOST = 65_536

Inflict = Callable[[str, Sequence[str]], str]


class Failed(Exception):
    """The keeper could not do it; the text is its own."""


class ControlChannel:
    """The keeper's end."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(8)

    def close(self) -> None:
        """End ``serve``, wherever it runs."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def serve(self, inflict: Inflict) -> None:
        """Answer requests one after the other, until ``close`` or a signal that ends the process."""
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # it is closed
            with connection:
                connection.settimeout(_SECONDS)
                try:
                    _answer(connection, inflict)
                except OSError:
                    continue  # who asked is gone


def ask(path: Path, verb: str, words: Sequence[str]) -> str:
    """Let a keeper do it and give its words; raises ``Failed``, ``OSError`` where none listens."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_SECONDS)
        connection.connect(str(path))
        connection.sendall(json.dumps({"verb": verb, "words": list(words)}).encode() + b"\n")
        with connection.makefile("r", encoding="utf-8") as answer:
            told = json.loads(answer.readline())
    if "failed" in told:
        raise Failed(told["failed"])
    return str(told["did"])


def _answer(connection: socket.socket, inflict: Inflict) -> None:
    with connection.makefile("rb") as request:
        line = request.readline(_MOST)
    if not line:
        return  # who asked is gone
    try:
        asked = json.loads(line)
        told = {"did": inflict(asked["verb"], asked["words"])}
    except subprocess.CalledProcessError as refused:
        told = {"failed": refused.stderr or str(refused)}
    # Whatever went wrong is for the person who asked: the cluster is kept all the same.
    except Exception as failure:
        told = {"failed": str(failure) or repr(failure)}
    connection.sendall(json.dumps(told).encode() + b"\n")
