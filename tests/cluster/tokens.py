"""ServiceAccount tokens signed by the test itself, since the API server grants none shorter than ten minutes."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.cluster.control_plane import ControlPlane

_ISSUER = "https://kubernetes.default.svc"
_SECONDS = 30.0
_LENIENCE = 60  # seconds
_HALF = 32  # bytes of each number of a P-256 signature


def short_token(plane: ControlPlane, namespace: str, account: str, seconds: float) -> str:
    """A token that the API server takes for that many seconds from now (none or fewer: expired already).

    It remembers a token that it accepted for ten seconds, beyond the token's end too. The token itself names an end
    one minute earlier, since the server is lenient by that for clocks that differ.
    """
    made = plane.admin.get(f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}")
    now = int(time.time())
    end = now + int(seconds) - _LENIENCE
    claims = {
        "iss": _ISSUER,
        "aud": [_ISSUER],
        "sub": f"system:serviceaccount:{namespace}:{account}",
        "iat": min(now, end) - 60,
        "nbf": min(now, end) - 60,
        "exp": end,
        "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": account, "uid": made["metadata"]["uid"]}},
    }
    signed = f"{_part({'alg': 'ES256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_encoded(_signature(signed.encode(), plane.folder / 'pki' / 'sa.key'))}"


def make_account(plane: ControlPlane, namespace: str, account: str) -> None:
    """A ServiceAccount; where it exists it is made anew, and no token of the old one is valid any more."""
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts"
    existing = {found["metadata"]["name"] for found in plane.admin.get(path)["items"]}
    if account in existing:
        plane.admin.delete(f"{path}/{account}")
    plane.admin.post(path, {"metadata": {"name": account}})


def _signature(content: bytes, key: Path) -> bytes:
    command = ["openssl", "dgst", "-sha256", "-sign", str(key)]
    done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=True)
    return b"".join(number.to_bytes(_HALF, "big") for number in _numbers(done.stdout))


def _numbers(der: bytes) -> tuple[int, int]:
    """The two INTEGERs of a SEQUENCE; all lengths are below 128 for this curve."""
    first_end = 4 + der[3]
    first = int.from_bytes(der[4:first_end], "big")
    second = int.from_bytes(der[first_end + 2 : first_end + 2 + der[first_end + 1]], "big")
    return first, second


def _part(claims: dict[str, Any]) -> str:
    return _encoded(json.dumps(claims, separators=(",", ":")).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
