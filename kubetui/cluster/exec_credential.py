"""The ExecCredential: what a plugin is told in KUBERNETES_EXEC_INFO, and what it may answer."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.process import MOST_OUTPUT
from kubetui.cluster.status_errors import printable
from kubetui.cluster.token import Credential


class BadAnswer(Exception):
    """What is wrong with an answer, in words that quote no value of it."""


class _Status(msgspec.Struct, rename="camel"):
    token: str | None = None
    client_certificate_data: str | None = None
    client_key_data: str | None = None
    expiration_timestamp: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class _ExecCredential(msgspec.Struct, rename="camel"):
    api_version: str = ""
    kind: str = ""
    status: _Status | None = None


def exec_info(api_version: str, cluster: Target | None, tried: str, *, interactive: bool) -> str:
    """The value of KUBERNETES_EXEC_INFO; ``cluster`` where the plugin asked for it. Raises SignInFailed."""
    spec: dict[str, object] = {"interactive": interactive}
    if cluster is not None:
        spec["cluster"] = _cluster_info(cluster, tried)
    return json.dumps({"apiVersion": api_version, "kind": "ExecCredential", "spec": spec})


def read_answer(output: bytes, api_version: str) -> Credential:
    """What the plugin printed, as a credential. Raises BadAnswer."""
    if len(output) > MOST_OUTPUT:
        raise BadAnswer("it printed more than 1 MiB")
    if not output.strip():
        raise BadAnswer("it printed nothing")
    try:
        answer = msgspec.json.decode(output, type=_ExecCredential)
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        # msgspec names the place and the types, never a value.
        raise BadAnswer(f"its answer has a wrong shape ({error})") from None
    except msgspec.DecodeError:
        raise BadAnswer("it printed something that is not JSON") from None
    if answer.kind != "ExecCredential":
        raise BadAnswer(f"it printed a {printable(answer.kind) or 'thing'}, not an ExecCredential")
    if answer.api_version != api_version:
        spoken = printable(answer.api_version) or "no version"
        raise BadAnswer(f"it answered in {spoken}, asked was {api_version}")
    return _credential_of(answer.status or _Status())


def _credential_of(status: _Status) -> Credential:
    certificate, key = status.client_certificate_data, status.client_key_data
    if not status.token and not certificate:
        raise BadAnswer("its answer holds neither a token nor a certificate")
    if bool(certificate) != bool(key):
        raise BadAnswer("its answer holds a certificate or a key, but not both")
    ends = status.expiration_timestamp
    return Credential(
        token=status.token or None,
        client_certificate=certificate or None,
        client_key=key or None,
        expires_at=ends.timestamp() if ends else None,
    )


def _cluster_info(target: Target, tried: str) -> dict[str, object]:
    """``spec.cluster`` of the ExecCredential: what the plugin may need to know of the cluster."""
    info: dict[str, object] = {"server": target.server}
    ca = target.ca_data or (_file_base64(target.ca_file, tried) if target.ca_file else None)
    optional = {
        "tls-server-name": target.tls_server_name,
        "insecure-skip-tls-verify": target.insecure_skip_tls_verify,
        "certificate-authority-data": ca,
        "proxy-url": target.proxy_url,
        "disable-compression": target.disable_compression,
        "config": target.exec_config,
    }
    return info | {name: value for name, value in optional.items() if value}


def _file_base64(path: Path, tried: str) -> str:
    try:
        return base64.b64encode(path.read_bytes()).decode()
    except OSError as error:
        raise SignInFailed(tried, f"{path}: {error.strerror}", "check certificate-authority") from None
