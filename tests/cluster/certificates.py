"""A certificate authority of its own for each control plane, by the ``openssl`` program."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_DAYS = "3650"  # snapshots of filled clusters keep their authority, so it must outlive them
_SECONDS = 30.0
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")  # RSA keys take a second each

# Spelled out because Python 3.13 refuses authorities and certificates without these (VERIFY_X509_STRICT), and what
# openssl adds by itself differs between its versions.
_ROOT_SETTINGS = """\
[req]
distinguished_name = name
x509_extensions = root
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyCertSign
subjectKeyIdentifier = hash
"""
_LEAF_SETTINGS = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


class OpensslFailed(Exception):
    """``openssl`` is missing or refused; the text says which, and what it printed."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Issues certificates; its files lie in ``folder`` under ``name`` and are made only if absent."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.root = Certificate(folder / f"{name}.crt", folder / f"{name}.key")
        if not self.root.certificate.exists():
            folder.mkdir(parents=True, exist_ok=True)
            settings = folder / f"{name}.cnf"
            settings.write_text(_ROOT_SETTINGS)
            _openssl(
                "req", "-x509", *_KEY, "-keyout", self.root.key, "-out", self.root.certificate,
                "-subj", _subject(name, ()), "-days", _DAYS, "-config", settings,
            )  # fmt: skip

    def issue(
        self, name: str, common_name: str, *, organizations: Sequence[str] = (), alternatives: str = ""
    ) -> Certificate:
        """A certificate for a user (its groups are the organizations) or, with alternatives, for a server.

        ``alternatives`` is openssl's notation, for example ``IP:127.0.0.1,DNS:localhost``.
        """
        made = Certificate(self.folder / f"{name}.crt", self.folder / f"{name}.key")
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        server = f"subjectAltName = {alternatives}\nextendedKeyUsage = serverAuth\n"
        client = "extendedKeyUsage = clientAuth\n"
        extensions.write_text(_LEAF_SETTINGS + (server if alternatives else client))
        _openssl(
            "req", "-new", "-utf8", *_KEY, "-keyout", made.key, "-out", request,
            "-subj", _subject(common_name, organizations),
        )  # fmt: skip
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.root.certificate, "-CAkey", self.root.key,
            "-CAcreateserial", "-days", _DAYS, "-extfile", extensions, "-out", made.certificate,
        )  # fmt: skip
        return made


def signing_key(private: Path, public: Path) -> None:
    """A key pair for signing ServiceAccount tokens; made only if absent."""
    if not public.exists():
        _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", private)
        _openssl("ec", "-in", private, "-pubout", "-out", public)


def _subject(common_name: str, organizations: Sequence[str]) -> str:
    def escaped(value: str) -> str:
        return value.replace("\\", "\\\\").replace("/", "\\/").replace("+", "\\+")

    return "".join(f"/O={escaped(group)}" for group in organizations) + f"/CN={escaped(common_name)}"


def _openssl(*arguments: str | Path) -> None:
    command = ["openssl", *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
    except FileNotFoundError as absent:
        raise OpensslFailed("openssl is not on PATH; the control plane's certificates are made by it") from absent
    if done.returncode:
        raise OpensslFailed(f"{' '.join(command)} failed:\n{done.stderr}")
