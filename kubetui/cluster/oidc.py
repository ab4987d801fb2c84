"""Users with the legacy ``auth-provider: oidc``: an id-token in kubeconfig, renewed with a refresh-token.

The renewal is the ``kubernetes`` package's, imported when it is needed (it costs half a second).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import importlib
import json
import ssl
from collections.abc import Mapping
from typing import Any

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import KubeconfigError, SignInFailed
from kubetui.cluster.kubeconfig import User
from kubetui.cluster.proxy import choose_proxy
from kubetui.cluster.single_flight import SingleFlight
from kubetui.cluster.status_errors import printable
from kubetui.cluster.tls import decode_data
from kubetui.cluster.token import Credential

SKEW_S = 10.0
LIMIT_S = 30.0


class OidcTokens:
    """Implements ``TokenSource``. New tokens are kept in memory; kubeconfig is not written to."""

    def __init__(self, user: User, clock: Clock, environ: Mapping[str, str]) -> None:
        provider = user.entry.auth_provider
        given = provider.config if provider and provider.config else {}
        self._user = user
        self._clock = clock
        self._environ = environ
        self._config = {key: str(value) for key, value in given.items() if value is not None}
        self._token = self._config.get("id-token", "")
        self._refresh_token = self._config.get("refresh-token", "")
        self._flight = SingleFlight(self._renew)

    async def credential(self) -> Credential:
        """The id-token while it lasts, else a new one. Raises SignInFailed, KubeconfigError."""
        ends = token_end(self._token)
        if self._token and (ends is None or self._clock.now() < ends - SKEW_S):
            return Credential(token=self._token, expires_at=ends)
        return await self._flight.result()

    def reject(self, credential: Credential) -> None:
        """The next call renews."""
        if credential.token == self._token and self._refresh_token:
            self._token = ""

    def describe(self) -> str:
        """In a few words."""
        return "OIDC (auth-provider in kubeconfig)"

    async def _renew(self) -> Credential:
        tried = f"renew the OIDC token of {self._user.name}"
        if not self._refresh_token:
            advice = "sign in again, or get a kubeconfig with an exec plugin (kubectl oidc-login)"
            raise SignInFailed(tried, "the id-token has ended and there is no refresh-token", advice)
        for needed in ("idp-issuer-url", "client-id"):
            if needed not in self._config:
                raise KubeconfigError(tried, f"auth-provider.config has no {needed}", "mend the user's entry")
        if not self._config["idp-issuer-url"].startswith("https://"):
            raise KubeconfigError(tried, "idp-issuer-url is no https address", "mend the user's entry")
        answer = await self._ask(tried)
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise SignInFailed(tried, "the identity provider sent no id_token", "sign in again")
        self._token = token
        if isinstance(refreshed := answer.get("refresh_token"), str) and refreshed:
            self._refresh_token = refreshed
        return Credential(token=token, expires_at=token_end(token))

    async def _ask(self, tried: str) -> Any:
        openid = await asyncio.to_thread(importlib.import_module, "kubernetes.aio.config.openid")
        session = await self._session(tried)
        issuer, client = self._config["idp-issuer-url"], self._config["client-id"]

        class Requestor(openid.OpenIDRequestor):  # type: ignore[misc, name-defined]  # the package has no types
            def _client_session(self) -> Any:
                # The package's own checks no certificate where kubeconfig names no CA (the client's secret would go
                # to anybody), reads ~/.netrc, and takes no SOCKS proxy.
                return session

        try:
            async with asyncio.timeout(LIMIT_S), session:
                return await Requestor(client, "", issuer).refresh_token(self._refresh_token)
        except TimeoutError:
            raise SignInFailed(tried, f"no answer within {LIMIT_S:.0f} s", "is the identity provider up?") from None
        except Exception as error:
            # A boundary: the package lets out its own, aiohttp's, KeyError and ValueError. Their texts may quote
            # what was sent, so only known harmless ones are shown.
            words = str(error) if type(error).__name__ == "ConfigException" else type(error).__name__
            raise SignInFailed(tried, f"the identity provider gave none: {printable(words)}", "sign in again") from None

    async def _session(self, tried: str) -> Any:
        """A session to the identity provider; it checks certificates and goes through the environment's proxy."""
        aiohttp = await asyncio.to_thread(importlib.import_module, "aiohttp")
        context = await asyncio.to_thread(self._trust, tried)
        proxy = choose_proxy(self._config["idp-issuer-url"], None, self._environ)
        if proxy is None:
            connector = aiohttp.TCPConnector(ssl=context)
        else:
            from kubetui.cluster.proxy_connector import ProxyConnector

            connector = ProxyConnector(proxy, 1, context)
        secret = f"{self._config['client-id']}:{self._config.get('client-secret', '')}"
        headers = {
            "Accept": "application/json",
            "Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        }
        return aiohttp.ClientSession(headers=headers, connector=connector, raise_for_status=True)

    def _trust(self, tried: str) -> ssl.SSLContext:
        data, file = (
            self._config.get("idp-certificate-authority-data"),
            self._config.get("idp-certificate-authority"),
        )
        try:
            if data:
                pem = decode_data(data, tried, "idp-certificate-authority-data")
                return ssl.create_default_context(cadata=pem)
            return ssl.create_default_context(cafile=str(self._user.folder / file) if file else None)
        except OSError as error:  # ssl.SSLError is one
            answer = f"the identity provider's CA can't be read: {error.strerror or 'not PEM'}"
            raise KubeconfigError(tried, printable(answer), "check idp-certificate-authority") from None


def token_end(token: str) -> float | None:
    """``exp`` of a JSON Web Token, Unix seconds; None where it has none or is no such token. Not verified."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (LookupError, ValueError, TypeError, binascii.Error, RecursionError):
        return None
