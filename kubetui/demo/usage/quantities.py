"""Quantities and durations as Go prints them."""

from __future__ import annotations


def cpu_quantity(nanocores: float) -> str:
    """``12345678n``; whole micro- and millicores and cores with their own suffix."""
    value = int(nanocores)
    if not value:
        return "0"
    for suffix in ("n", "u", "m"):
        if value % 1000:
            return f"{value}{suffix}"
        value //= 1000
    return str(value)


def memory_quantity(size: int) -> str:
    """``52340Ki``; bytes where they are no whole KiB."""
    if not size:
        return "0"
    for suffix in ("", "Ki", "Mi"):
        if size % 1024:
            return f"{size}{suffix}"
        size //= 1024
    return f"{size}Gi"


def duration(seconds: float) -> str:
    """``15.312s``: for what is shorter than a minute."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"
