"""Where the credential of a kubeconfig user comes from: a token, a file, a certificate, a program.

The order among several is client-go's: exec and auth-provider first, then tokenFile, token, username and password;
a client certificate goes along with any of them. Source: k8s.io/client-go/tools/clientcmd/client_config.go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import KubeconfigError, SignInFailed
from kubetui.cluster.exec_plugin import ExecPlugin
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.oidc import OidcTokens
from kubetui.cluster.sign_in import SignIns
from kubetui.cluster.tls import decode_data
from kubetui.cluster.token import Credential, TokenSource

REREAD_S = 60.0
"""How long a file's token or certificate is used before the file is read again, as client-go does."""
_MOST_FILE = 1024 * 1024


def token_source(
    target: Target, clock: Clock, environ: Mapping[str, str], sign_ins: SignIns | None = None
) -> TokenSource:
    """How the target's user signs in. Raises KubeconfigError, SignInFailed."""
    user = target.user
    if user is None:
        return FixedCredential(Credential(), "anonymously")
    source = _bearer_source(target, user, clock, environ, sign_ins)
    certificate = CertificateFiles.of(user, clock)
    return source if certificate is None else WithCertificate(source, certificate)


def _bearer_source(
    target: Target, user: User, clock: Clock, environ: Mapping[str, str], sign_ins: SignIns | None
) -> TokenSource:
    entry = user.entry
    if entry.exec is not None:
        return ExecPlugin(target, user, entry.exec, clock, environ, sign_ins)
    if entry.auth_provider is not None:
        return _auth_provider(user, clock, environ)
    if entry.token_file:
        return TokenFile(user.folder / entry.token_file, clock)
    if entry.token:
        return FixedCredential(Credential(token=entry.token.strip()), "a token in kubeconfig")
    if entry.username or entry.password:
        basic = f"{entry.username or ''}:{entry.password or ''}"
        return FixedCredential(Credential(basic=basic), "user name and password")
    return FixedCredential(Credential(), "anonymously")


def _auth_provider(user: User, clock: Clock, environ: Mapping[str, str]) -> TokenSource:
    provider = user.entry.auth_provider
    if provider is None or provider.name == "oidc":
        return OidcTokens(user, clock, environ)
    advice = {
        "azure": "run: kubelogin convert-kubeconfig -l azurecli",
        "gcp": "install gke-gcloud-auth-plugin and run: gcloud container clusters get-credentials …",
    }.get(provider.name, "get a kubeconfig with an exec plugin")
    answer = f"the auth-provider {provider.name!r} was removed from Kubernetes in 1.26"
    raise SignInFailed(f"sign in as {user.name}", answer, advice)


class FixedCredential:
    """A credential that never changes."""

    def __init__(self, credential: Credential, words: str) -> None:
        self._credential = credential
        self._words = words

    async def credential(self) -> Credential:
        """The same always."""
        return self._credential

    def reject(self, credential: Credential) -> None:
        """There is no other."""

    def describe(self) -> str:
        """In a few words."""
        return self._words


class TokenFile:
    """A bearer token in a file that someone else keeps fresh: ``tokenFile``, a pod's service account."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._token = ""
        self._read_at = float("-inf")

    async def credential(self) -> Credential:
        """The file's token, at most 60 s old. Raises SignInFailed if there is none, and never was."""
        if self._clock.monotonic() - self._read_at >= REREAD_S:
            try:
                self._token = await asyncio.to_thread(self._read)
            except SignInFailed:
                # A file that is being replaced; as client-go does, go on with the token we have.
                if not self._token:
                    raise
            self._read_at = self._clock.monotonic()
        return Credential(token=self._token)

    def reject(self, credential: Credential) -> None:
        """Read the file again."""
        if credential.token == self._token:
            self._read_at = float("-inf")

    def describe(self) -> str:
        """In a few words."""
        return f"token file {self._path}"

    def _read(self) -> str:
        tried = f"read the token file {self._path}"
        try:
            with self._path.open("rb") as file:
                token = file.read(_MOST_FILE).decode().strip()
        except (OSError, ValueError) as error:
            answer = getattr(error, "strerror", None) or "it is not text"
            raise SignInFailed(tried, answer, "check the user's tokenFile in kubeconfig") from None
        if not token:
            raise SignInFailed(tried, "it is empty", "sign in again")
        return token


class CertificateFiles:
    """A client certificate and its key, from kubeconfig's data or from files, which may be renewed."""

    def __init__(self, user: User, clock: Clock) -> None:
        self._user = user
        self._clock = clock
        self._pems: tuple[str, str] | None = None
        self._read_at = float("-inf")

    @staticmethod
    def of(user: User, clock: Clock) -> CertificateFiles | None:
        """None where the user has no certificate."""
        entry = user.entry
        given = entry.client_certificate or entry.client_certificate_data
        return CertificateFiles(user, clock) if given else None

    async def pems(self) -> tuple[str, str]:
        """Certificate and key as PEM; files at most 60 s old. Raises KubeconfigError, SignInFailed."""
        if self._pems is None or (self._in_files and self._clock.monotonic() - self._read_at >= REREAD_S):
            try:
                self._pems = await asyncio.to_thread(self._read)
            except SignInFailed:
                if self._pems is None:
                    raise
            self._read_at = self._clock.monotonic()
        return self._pems

    def forget(self) -> None:
        """The server did not accept it: look again whether it was renewed."""
        self._read_at = float("-inf")

    @property
    def _in_files(self) -> bool:
        entry = self._user.entry
        return not (entry.client_certificate_data and entry.client_key_data)

    def _read(self) -> tuple[str, str]:
        entry = self._user.entry
        return (
            self._one(entry.client_certificate_data, entry.client_certificate, "client-certificate"),
            self._one(entry.client_key_data, entry.client_key, "client-key"),
        )

    def _one(self, data: str | None, file: str | None, what: str) -> str:
        tried = f"sign in as {self._user.name}"
        if data:
            return decode_data(data, tried, f"{what}-data")
        if not file:
            raise KubeconfigError(tried, f"there is no {what}", "a certificate needs its key; get the kubeconfig anew")
        path = self._user.folder / file
        try:
            with path.open("rb") as opened:
                return opened.read(_MOST_FILE).decode()
        except (OSError, ValueError) as error:
            answer = f"{path}: {getattr(error, 'strerror', None) or 'not PEM'}"
            raise SignInFailed(tried, answer, f"check the user's {what} in kubeconfig") from None


class WithCertificate:
    """Another source, and a client certificate along with it."""

    def __init__(self, source: TokenSource, certificate: CertificateFiles) -> None:
        self._source = source
        self._certificate = certificate

    async def credential(self) -> Credential:
        """Both in one; a plugin's own certificate wins."""
        credential = await self._source.credential()
        if credential.client_certificate:
            return credential
        certificate, key = await self._certificate.pems()
        return replace(credential, client_certificate=certificate, client_key=key)

    def reject(self, credential: Credential) -> None:
        """Look for a newer certificate, and a newer token."""
        self._certificate.forget()
        self._source.reject(replace(credential, client_certificate=None, client_key=None))
        self._source.reject(credential)

    def describe(self) -> str:
        """In a few words."""
        words = self._source.describe()
        return "a client certificate" if words == "anonymously" else f"{words} and a client certificate"
