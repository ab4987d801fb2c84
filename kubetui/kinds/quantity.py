"""Kubernetes quantities as integers: CPU in millicores, memory and storage in bytes.

The grammar and the rounding (a fraction counts as one whole unit) are those of ``k8s.io/apimachinery``'s
``resource.Quantity``: ``100m``, ``2``, ``0.5``, ``1e3``, ``12E6``, ``512Mi``, ``1k``, ``250n``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Quantity = str | int | float
"""As it stands in JSON. The API server writes strings; numbers are allowed in what people apply."""

LIMIT: Final = 2**63 - 1
"""No quantity is larger: the API server keeps int64."""

_TEN: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_TWO: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_SHAPE: Final = re.compile(
    r"([+-]?)(?=\.?[0-9])([0-9]{0,64})(?:\.([0-9]{0,64}))?(?:([numkMGTPE]|[KMGTPE]i)?|[eE]([+-]?[0-9]{1,9}))",
    re.ASCII,
)
_FAR: Final = 100  # powers of ten beyond this differ in nothing: all are over the limit, or round up to one
_REMEMBERED: Final = 4096
_BELOW_LIMIT: Final = 18  # digits of numbers that are surely below ``LIMIT``

_millis: dict[Quantity, int] = {}
_units: dict[Quantity, int] = {}


def millicores(quantity: Quantity) -> int:
    """CPU in millicores, a fraction rounded up: ``"2"`` is 2000, ``"100m"`` 100, ``"1n"`` 1.

    Raises ValueError where the text is no quantity.
    """
    known = _millis.get(quantity)
    return known if known is not None else _remember(_millis, quantity, _scaled(quantity, 3))


def nanocores(quantity: Quantity) -> int:
    """CPU in nanocores, a fraction rounded up: ``"123456789n"`` is 123456789, ``"100m"`` 100000000.

    Raises ValueError where the text is no quantity. Nothing is remembered: measured values hardly ever come twice.
    """
    if isinstance(quantity, str) and quantity[-1:] == "n":
        digits = quantity[:-1]
        if len(digits) <= _BELOW_LIMIT and digits.isdecimal() and digits.isascii():
            return int(digits)
    return _scaled(quantity, 9)


def whole(quantity: Quantity) -> int:
    """Bytes, pods, or any plain count, a fraction rounded up: ``"512Mi"`` is 536870912, ``"1e3"`` 1000.

    Raises ValueError where the text is no quantity.
    """
    known = _units.get(quantity)
    return known if known is not None else _remember(_units, quantity, _scaled(quantity, 0))


def cpu_text(milli: int) -> str:
    """Millicores as ``kubectl top`` prints them: ``125m``."""
    return f"{milli}m"


def memory_text(size: int) -> str:
    """Bytes as ``kubectl top`` prints them, whole mebibytes: ``512Mi``."""
    return f"{size >> 20}Mi"


def request_limit(text: Callable[[int], str], request: int, limit: int) -> str:
    """``250m/500m``, ``256Mi/–``; ``""`` where neither is set (0)."""
    if not request and not limit:
        return ""
    return "/".join(text(value) if value else "–" for value in (request, limit))


def _remember(memory: dict[Quantity, int], quantity: Quantity, value: int) -> int:
    """Few quantities are in use at a time: the memory saves the work and lets rows share one int object."""
    if len(memory) >= _REMEMBERED:
        memory.clear()
    memory[quantity] = value
    return value


def _scaled(quantity: Quantity, power: int) -> int:
    """``quantity * 10**power``, rounded away from zero, at most ``LIMIT``."""
    text = quantity if isinstance(quantity, str) else repr(quantity)
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a Kubernetes quantity: {text[:40]!r}")
    sign, before, after, suffix, exponent = match.groups()
    digits = int((before + (after or "")) or "0")
    power -= len(after or "")
    binary = _TWO.get(suffix or "", 0)
    if not binary:
        power += int(exponent) if exponent else _TEN[suffix or ""]
    value = min(LIMIT, _shift(digits << binary, max(-_FAR, min(_FAR, power))))
    return -value if sign == "-" else value


def _shift(value: int, power: int) -> int:
    if power >= 0:
        return int(value * 10**power)
    return int(-(-value // 10**-power))
