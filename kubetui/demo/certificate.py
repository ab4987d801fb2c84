"""A throwaway certificate for 127.0.0.1: kubectl sends tokens over TLS only.

ECDSA on P-256 with plain integers, so that the demo needs no package for it. It signs one certificate, once, for a
server that only this machine can reach; its timing protects nothing and need not be constant.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import ssl
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_LIFETIME = 365 * 24 * 3600
_Point = tuple[int, int] | None
_OIDS = {
    "ecPublicKey": "2a8648ce3d0201",
    "prime256v1": "2a8648ce3d030107",
    "ecdsa-with-SHA256": "2a8648ce3d040302",
    "commonName": "550403",
    "subjectKeyIdentifier": "551d0e",
    "keyUsage": "551d0f",
    "subjectAltName": "551d11",
    "basicConstraints": "551d13",
    "authorityKeyIdentifier": "551d23",
    "extKeyUsage": "551d25",
    "serverAuth": "2b06010505070301",
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A key and its self-signed certificate, both PEM."""

    certificate: str
    """Also what clients trust: ``certificate-authority-data``."""
    key: str = field(repr=False)

    def server_context(self) -> ssl.SSLContext:
        """For the listening side. The key touches the disk for a moment, in a file for this user alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        with tempfile.TemporaryDirectory(prefix="kubetui-demo-") as folder:
            pair = Path(folder, "pair.pem")
            pair.touch(mode=0o600)
            pair.write_text(self.key + self.certificate)
            context.load_cert_chain(pair)
        return context


def self_signed(name: str = "kubetui-demo") -> Certificate:
    """A new key and a certificate for 127.0.0.1 and localhost, valid for a year from yesterday."""
    private = secrets.randbelow(_N - 1) + 1
    public = _uncompressed(_multiply(private, _G))
    body = _to_be_signed(name, public)
    signature = _sequence(*(_integer(part) for part in _sign(private, body)))
    certificate = _sequence(body, _sequence(_oid("ecdsa-with-SHA256")), _bits(signature))
    key = _sequence(
        _integer(1),
        _tlv(0x04, private.to_bytes(32, "big")),
        _tlv(0xA0, _oid("prime256v1")),
        _tlv(0xA1, _bits(public)),
    )
    return Certificate(_pem("CERTIFICATE", certificate), _pem("EC PRIVATE KEY", key))


def _to_be_signed(name: str, public: bytes) -> bytes:
    algorithm = _sequence(_oid("ecdsa-with-SHA256"))
    common_name = _sequence(_tlv(0x31, _sequence(_oid("commonName"), _tlv(0x0C, name.encode()))))
    now = time.time()
    validity = _sequence(_moment(now - 24 * 3600), _moment(now + _LIFETIME))
    key_info = _sequence(_sequence(_oid("ecPublicKey"), _oid("prime256v1")), _bits(public))
    extensions = _tlv(0xA3, _sequence(*_extensions(hashlib.sha256(public).digest()[:20])))
    version = _tlv(0xA0, _integer(2))
    serial = _integer(secrets.randbits(120) + 1)
    return _sequence(version, serial, algorithm, common_name, validity, common_name, key_info, extensions)


def _extensions(key_id: bytes) -> tuple[bytes, ...]:
    names = _sequence(_tlv(0x82, b"localhost"), _tlv(0x87, bytes((127, 0, 0, 1))))
    sign_and_certify = bytes((1, 0b10000110))  # one unused bit; digitalSignature, keyCertSign, cRLSign
    return (
        _extension("basicConstraints", _sequence(_tlv(0x01, b"\xff")), critical=True),
        _extension("keyUsage", _tlv(0x03, sign_and_certify), critical=True),
        _extension("extKeyUsage", _sequence(_oid("serverAuth"))),
        _extension("subjectKeyIdentifier", _tlv(0x04, key_id)),
        _extension("authorityKeyIdentifier", _sequence(_tlv(0x80, key_id))),
        _extension("subjectAltName", names),
    )


def _extension(name: str, value: bytes, *, critical: bool = False) -> bytes:
    return _sequence(_oid(name), *((_tlv(0x01, b"\xff"),) if critical else ()), _tlv(0x04, value))


def _sign(private: int, message: bytes) -> tuple[int, int]:
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    while True:
        nonce = secrets.randbelow(_N - 1) + 1
        point = _multiply(nonce, _G)
        r = point[0] % _N if point is not None else 0
        s = pow(nonce, -1, _N) * (digest + r * private) % _N
        if r and s:
            return r, s


def _multiply(scalar: int, point: _Point) -> _Point:
    result: _Point = None
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _add(one: _Point, other: _Point) -> _Point:
    if one is None:
        return other
    if other is None:
        return one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % _P == 0:
            return None
        slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, _P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, _P)
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P


def _uncompressed(point: _Point) -> bytes:
    if point is None:
        raise AssertionError("a private key below the group's order gives a point")
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def _tlv(tag: int, value: bytes) -> bytes:
    """DER: tag, length, value."""
    size = len(value)
    if size < 0x80:
        return bytes((tag, size)) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + value


def _sequence(*items: bytes) -> bytes:
    return _tlv(0x30, b"".join(items))


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _bits(value: bytes) -> bytes:
    return _tlv(0x03, b"\0" + value)


def _oid(name: str) -> bytes:
    return _tlv(0x06, bytes.fromhex(_OIDS[name]))


def _moment(seconds: float) -> bytes:
    """UTCTime, good until 2049."""
    return _tlv(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime(seconds)).encode())


def _pem(label: str, der: bytes) -> str:
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"
