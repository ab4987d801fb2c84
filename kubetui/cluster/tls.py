"""SSL contexts: whom we trust, and the certificate we show.

Key material is not left on disk: Python's ssl takes the client's certificate from a file only, so it goes through
memory that looks like a file (Linux), or a file of mode 0600 that is unlinked at once.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kubetui.cluster.errors import KubeconfigError, SignInFailed
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.token import Credential


class TlsContexts:
    """The context for one target; built anew when the client certificate changes or after ``forget``."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._built: tuple[str | None, str | None, ssl.SSLContext] | None = None
        self._lock = asyncio.Lock()

    async def context(self, credential: Credential) -> ssl.SSLContext | None:
        """The context to use now; None for a plain http server. Raises KubeconfigError, SignInFailed."""
        if not self._target.server.startswith("https:"):
            return None
        async with self._lock:
            wanted = (credential.client_certificate, credential.client_key)
            if self._built is None or self._built[:2] != wanted:
                # In a thread: reading the system's CAs takes tens of milliseconds.
                self._built = (*wanted, await asyncio.to_thread(build_context, self._target, credential))
            return self._built[2]

    def forget(self) -> None:
        """The server's certificate was not accepted: read the CA again next time, it may have been renewed."""
        self._built = None


def build_context(target: Target, credential: Credential) -> ssl.SSLContext:
    """A context for ``target``. Raises KubeconfigError for the CA, SignInFailed for the client's certificate."""
    context = _trusting(target)
    # Python 3.13 turns X509_STRICT on; some clusters' CAs lack the Authority Key Identifier and would fail, though
    # client-go, which does not demand it, and so kubectl accept them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    # client-go takes every certificate of the CA file as an anchor, an intermediate one too.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.set_alpn_protocols(["http/1.1"])
    if target.insecure_skip_tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if credential.client_certificate:
        _show_certificate(context, credential.client_certificate, credential.client_key or "")
    return context


def decode_data(text: str, tried: str, what: str) -> str:
    """The PEM in a ``…-data`` field of kubeconfig (base64). Raises KubeconfigError that names the field."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise KubeconfigError(tried, f"{what} is not base64 of PEM", "get the kubeconfig anew") from None


def _trusting(target: Target) -> ssl.SSLContext:
    tried = f"trust the CA of cluster {target.cluster or target.context}"
    if target.insecure_skip_tls_verify:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if target.ca_data:
            return _anchored(decode_data(target.ca_data, tried, "certificate-authority-data"))
        if target.ca_file:
            return _anchored(target.ca_file.read_text(encoding="utf-8"))
        return ssl.create_default_context()
    except ssl.SSLError:
        where = target.ca_file if target.ca_file and not target.ca_data else "certificate-authority-data"
        raise KubeconfigError(tried, f"{where} holds no certificate", "get the kubeconfig anew") from None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        answer = f"{target.ca_file}: {getattr(error, 'strerror', None) or 'not PEM'}"
        raise KubeconfigError(tried, answer, "check certificate-authority") from None


def _anchored(pem: str) -> ssl.SSLContext:
    # An empty text would mean the system's CAs to ssl: a damaged kubeconfig must not widen the trust.
    if not pem.strip():
        raise ssl.SSLError("empty")
    return ssl.create_default_context(cadata=pem)


class _KeyIsEncrypted(Exception):
    pass


def _no_password() -> str:
    # Without this OpenSSL would ask for the password on the terminal that the dashboard draws on.
    raise _KeyIsEncrypted


def _show_certificate(context: ssl.SSLContext, certificate: str, key: str) -> None:
    tried = "load the client certificate"
    if not key:
        raise SignInFailed(tried, "there is no key for it", "get the kubeconfig anew")
    try:
        with _as_file(f"{certificate.rstrip()}\n{key.strip()}\n".encode()) as path:
            context.load_cert_chain(path, password=_no_password)
    except _KeyIsEncrypted:
        advice = "store it without a password: openssl pkey -in key.pem -out plain.pem"
        raise SignInFailed(tried, "its key is encrypted", advice) from None
    except ssl.SSLError as error:
        mismatch = error.reason == "KEY_VALUES_MISMATCH"
        answer = "its key belongs to another certificate" if mismatch else "certificate or key is not PEM"
        raise SignInFailed(tried, answer, "get the kubeconfig anew") from None
    except OSError as error:
        raise SignInFailed(tried, error.strerror or "it can't be handed to the TLS library") from None
    except UnicodeEncodeError:
        raise SignInFailed(tried, "certificate or key is not PEM", "get the kubeconfig anew") from None


@contextmanager
def _as_file(content: bytes) -> Iterator[str]:
    """A path that reads as ``content`` and is gone afterwards."""
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        descriptor = os.memfd_create("kubetui", os.MFD_CLOEXEC)
        try:
            _write_all(descriptor, content)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    descriptor, path = tempfile.mkstemp(prefix="kubetui-")  # mode 0600
    try:
        try:
            _write_all(descriptor, content)
        finally:
            os.close(descriptor)
        yield path
    finally:
        os.unlink(path)


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
