"""UIDs and container ids: random once, kept as integers, written when asked for."""

from __future__ import annotations

from random import Random

_MASK_256 = (1 << 256) - 1
_SPREAD = 0x9E3779B97F4A7C15F39CC0605CEDC8341082276BF3A27251F86C6A11D0C18E95  # odd, so that ids stay apart


def uid_text(uid: int) -> str:
    """128 bits as a version 4 UUID, the way ``metadata.uid`` looks."""
    digits = f"{uid:032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def uid_of(*names: str) -> int:
    """128 bits that are the same for the same names, apart from the world's own dice."""
    return Random(" ".join(names)).getrandbits(128)  # noqa: S311  a name, no secret


def container_id(uid: int, container: int, restarts: int) -> str:
    """containerd's id of a container's run: another one after each restart."""
    return f"containerd://{(uid + 1) * (_SPREAD + 2 * (container * 4099 + restarts)) & _MASK_256:064x}"


_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"
_PAIRS = tuple(first + second for first in _SUFFIX for second in _SUFFIX)


def suffix(bits: int) -> str:
    """Five of the letters and digits that Kubernetes puts behind generated names (no vowels, no 0, 1, 3)."""
    bits, first = divmod(bits & 0xFFFFFF, 27)
    second, third = divmod(bits, 729)
    return _SUFFIX[first] + _PAIRS[second % 729] + _PAIRS[third]
