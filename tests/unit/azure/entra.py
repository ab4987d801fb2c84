"""Microsoft Entra as far as signing in goes: device codes, refresh tokens, client secrets, over TLS on loopback."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.unit.cluster.api_server_double import Tls, serving

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "80faf920-1908-4b52-b5ef-a8e7bedfc67a"
PROMPT = (
    "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code F7QK2LXYZ to "
    "authenticate."
)


@dataclass
class Entra:
    """What it was asked, and whether the person has come by."""

    authority: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    signed_in: bool = False
    error: str = ""
    lifetime: int = 3600
    interval: int = 0
    token: str = ""
    """What it gives out; ``""``: ``token-1``, ``token-2`` and so on."""
    count: int = 0

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.endswith("/openid-configuration"):
            root = f"https://{self.authority}/{TENANT}"
            return web.json_response(
                {
                    "token_endpoint": f"{root}/oauth2/v2.0/token",
                    "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                    "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                    "issuer": f"{root}/v2.0",
                }
            )
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if request.path.endswith("/devicecode"):
            return web.json_response(
                {
                    "device_code": "the-device",
                    "user_code": "F7QK2LXYZ",
                    "verification_uri": "https://microsoft.com/devicelogin",
                    "expires_in": 900,
                    "interval": self.interval,
                    "message": PROMPT,
                }
            )
        return self._token(form)

    def _token(self, form: dict[str, str]) -> web.Response:
        if self.error:
            return web.json_response({"error": "invalid_grant", "error_description": self.error}, status=400)
        if "device_code" in form and not self.signed_in:
            return web.json_response({"error": "authorization_pending", "error_description": "wait"}, status=400)
        self.count += 1
        claims = {"oid": "o", "tid": TENANT, "sub": "s", "preferred_username": "joe@example", "aud": CLIENT,
                  "iss": f"https://{self.authority}/{TENANT}/v2.0", "exp": int(time.time()) + 3600,
                  "iat": int(time.time())}  # fmt: skip
        info = base64.urlsafe_b64encode(json.dumps({"uid": "o", "utid": TENANT}).encode()).decode()
        return web.json_response(
            {
                "token_type": "Bearer",
                "access_token": self.token or f"token-{self.count}",
                "refresh_token": "refresh",
                "expires_in": self.lifetime,
                "scope": form.get("scope", ""),
                "id_token": ".".join(_part(part) for part in ({"alg": "none"}, claims)) + ".",
                "client_info": info,
            }
        )


def _part(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@asynccontextmanager
async def entra(tls: Tls) -> AsyncIterator[Entra]:
    """It runs, and its CA has to be trusted through REQUESTS_CA_BUNDLE."""
    made = Entra()
    async with serving(made.answer, tls.server_context()) as server:
        made.authority = f"127.0.0.1:{server.port}"
        yield made
