"""Resource lists added up exactly and printed as Kubernetes prints quantities: ``1500m``, ``550Mi``, ``2k``.

The rules are those of ``resource.Quantity`` in k8s.io/apimachinery: the first amount that is not zero decides the
notation of a sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

Notation = Literal["decimal", "binary", "exponent"]

_TEN: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIX: Final = {power: suffix for suffix, power in _TEN.items()}
_TWO: Final = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_SHAPE: Final = re.compile(
    r"([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?[0-9]{1,2}))?",
    re.ASCII,
)


class Amount(NamedTuple):
    """An exact number and how it is written."""

    value: Fraction = Fraction(0)
    notation: Notation = "decimal"

    def plus(self, other: Amount) -> Amount:
        """Both together, in the notation of the first that is not zero."""
        return Amount(self.value + other.value, self.notation if self.value else other.notation)

    @property
    def milli(self) -> int:
        """In thousandths, rounded up."""
        return _up(self.value * 1000)

    @property
    def whole(self) -> int:
        """Rounded up."""
        return _up(self.value)

    @property
    def text(self) -> str:
        """As the API server writes it."""
        if not self.value:
            return "0"
        if self.notation == "binary" and abs(self.value) >= 1024:
            return _binary(self.whole)
        return _decimal(self.value, exponent=self.notation == "exponent")


ZERO: Final = Amount()


def parse(quantity: Any) -> Amount:
    """A quantity as it stands in JSON; zero where it is none."""
    return _parse(quantity if isinstance(quantity, str) else str(quantity))


@lru_cache(4096)  # few quantities are in use at a time
def _parse(quantity: str) -> Amount:
    match = _SHAPE.fullmatch(quantity)
    if match is None:
        return ZERO
    number, binary, suffix, exponent = match.groups()
    value = Fraction(number)
    if binary:
        return Amount(value * 1024 ** _TWO.index(binary), "binary")
    if exponent is not None:
        return Amount(value * Fraction(10) ** int(exponent), "exponent")
    return Amount(value * Fraction(10) ** _TEN[suffix or ""])


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _binary(value: int) -> str:
    step = 0
    while step < len(_TWO) - 1 and value % 1024 == 0:
        value, step = value // 1024, step + 1
    return f"{value}{_TWO[step]}"


def _decimal(value: Fraction, *, exponent: bool) -> str:
    mantissa, power = _up(value * 10**9), -9
    while power < 18 and mantissa % 1000 == 0:
        mantissa, power = mantissa // 1000, power + 3
    return f"{mantissa}e{power}" if exponent and power else f"{mantissa}{_SUFFIX[power]}"


Amounts = dict[str, Amount]
"""A resource list."""


def amounts(found: Mapping[str, Any] | None) -> Amounts:
    """A resource list of JSON."""
    return {name: parse(quantity) for name, quantity in (found or {}).items()}


def total(lists: Iterable[Mapping[str, Amount]]) -> Amounts:
    """All together."""
    found: Amounts = {}
    for one in lists:
        for name, amount in one.items():
            found[name] = found.get(name, ZERO).plus(amount)
    return found


def most(*lists: Mapping[str, Amount]) -> Amounts:
    """Of each resource the largest."""
    found: Amounts = {}
    for one in lists:
        for name, amount in one.items():
            if name not in found or amount.value > found[name].value:
                found[name] = amount
    return found
