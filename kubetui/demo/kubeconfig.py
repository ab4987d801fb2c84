"""The demo's kubeconfig: one context a user, in a private folder that goes with the demo."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from kubetui.demo.access import User

CLUSTER = "kubetui-demo"
RESOURCE_MANAGER = "kubetui.demo/resource-manager"
"""The cluster's extension that tells a dashboard where the demo's Azure Resource Manager is; kubectl passes it over."""


def context_name(user: User, users: Sequence[User]) -> str:
    """``kubetui-demo`` for the first user, ``kubetui-demo-namespace-reader`` and so on for the others."""
    return CLUSTER if user is users[0] else f"{CLUSTER}-{user.name}"


def kubeconfig(
    server: str, users: Sequence[User], certificate: str = "", resource_manager: tuple[str, str] | None = None
) -> bytes:
    """The file's content: JSON, which is YAML too.

    ``certificate`` is the PEM that clients trust, ``resource_manager`` its own Azure's URL and token.
    """
    cluster: dict[str, Any] = {"server": server}
    if certificate:
        cluster["certificate-authority-data"] = base64.b64encode(certificate.encode()).decode()
    if resource_manager is not None:
        endpoint, token = resource_manager
        cluster["extensions"] = [{"name": RESOURCE_MANAGER, "extension": {"endpoint": endpoint, "token": token}}]
    contexts = []
    for user in users:
        context = {"cluster": CLUSTER, "user": f"{CLUSTER}-{user.name}"}
        if user.home:
            context["namespace"] = user.home
        contexts.append({"name": context_name(user, users), "context": context})
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": CLUSTER, "cluster": cluster}],
        "users": [{"name": f"{CLUSTER}-{user.name}", "user": {"token": user.token}} for user in users],
        "contexts": contexts,
        "current-context": context_name(users[0], users),
        "preferences": {},
    }
    return msgspec.json.format(msgspec.json.encode(config), indent=2) + b"\n"


class KubeconfigFile:
    """Written on entry, 0600 in a folder of its own, and removed on exit."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._folder: Path | None = None

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="kubetui-demo-"))  # 0700, whatever the umask
        path = self._folder / "kubeconfig"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(self._content)
        return path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)  # also when somebody has removed it already
            self._folder = None
