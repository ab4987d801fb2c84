"""kubeconfig files, with everything embedded so that they may be moved."""

from __future__ import annotations

import base64
from pathlib import Path

import yaml

from tests.cluster.certificates import Certificate

CONTEXT = "real"  # the context's, the cluster's and the user's name in every file


def write(
    path: Path, server: str, authority: Path, *, certificate: Certificate | None = None, token: str | None = None
) -> Path:
    """A kubeconfig for one server with one identity; gives ``path`` back."""
    user: dict[str, str] = {}
    if certificate:
        user["client-certificate-data"] = _encoded(certificate.certificate)
        user["client-key-data"] = _encoded(certificate.key)
    if token:
        user["token"] = token
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CONTEXT,
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
        "clusters": [{"name": CONTEXT, "cluster": _cluster(server, authority)}],
        "users": [{"name": CONTEXT, "user": user}],
    }
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(config))
    return path


def _cluster(server: str, authority: Path) -> dict[str, str]:
    return {"server": server, "certificate-authority-data": _encoded(authority)}


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
