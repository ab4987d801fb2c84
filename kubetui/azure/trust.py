"""Whom TLS to Azure trusts: the system's CAs, and those of the bundle that ``az`` is told of, too.

Where a proxy opens TLS, its CA is named in REQUESTS_CA_BUNDLE for ``az`` (which is Python's requests: source of the
names and their order), in SSL_CERT_FILE for kubelogin and OpenSSL. The system's CAs stay trusted beside it, since many
such bundles hold the proxy's CA alone, and not all addresses are opened.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kubetui.cluster.errors import TlsFailed
from kubetui.cluster.status_errors import printable

_BUNDLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_FILE: Final = "SSL_CERT_FILE"


def trusted(environ: Mapping[str, str]) -> ssl.SSLContext:
    """A context for addresses of Azure's; reads files, so call it in a thread.

    Raises TlsFailed for a variable whose file is missing or holds no certificates.
    """
    context = ssl.create_default_context()
    for name in (bundle_variable(environ), _FILE):
        if path := environ.get(name, ""):
            _add(context, name, path)
    # CAs of proxies are seldom as strict as Python 3.13 demands; and one that signed another may be named alone.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.set_alpn_protocols(["http/1.1"])
    return context


def bundle_variable(environ: Mapping[str, str]) -> str:
    """The variable that names a bundle to ``az``; ``""`` where none does."""
    return next((name for name in _BUNDLES if environ.get(name)), "")


def _add(context: ssl.SSLContext, name: str, path: str) -> None:
    try:
        if Path(path).is_dir():  # of files named by hashes, as OpenSSL's c_rehash makes it
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise _unusable(name, path, "holds no certificates") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in it
        raise _unusable(name, path, f"can't be read ({getattr(error, 'strerror', None) or error})") from None


def _unusable(name: str, path: str, why: str) -> TlsFailed:
    words = f"{printable(path)} {why}"
    return TlsFailed(
        f"trust the CAs that {name} names", words, f"mend {name}, or unset it: the system's CAs serve then"
    )
