"""What people type for a figure, in the units that Top's rows have. Each raises ValueError where it is none."""

from __future__ import annotations

from kubetui.kinds.quantity import millicores, nanocores, whole


def cpu_nanocores(text: str) -> float:
    """``500m``, ``0.5``: half a core."""
    return nanocores(text)


def cpu_millicores(text: str) -> float:
    """The same, as requests are kept."""
    return millicores(text)


def memory_bytes(text: str) -> float:
    """``512Mi``, ``1Gi``; ``512mi`` too, since nobody holds Shift down at night."""
    return whole(text[:-2] + text[-2].upper() + "i" if text[-1:].lower() == "i" and len(text) > 2 else text)


def share(text: str) -> float:
    """``90``, ``90%``: nine tenths."""
    return _number(text.removesuffix("%")) / 100


def amount(text: str) -> float:
    """A plain number."""
    return _number(text)


def _number(text: str) -> float:
    if not (text.isascii() and text.replace(".", "", 1).isdecimal() and len(text) < 20):
        raise ValueError(f"not a number: {text[:40]!r}")
    return float(text)
