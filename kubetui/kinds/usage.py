"""What metrics.k8s.io says is in use: a ``usage`` resource list, exactly.

CPU is the mean rate over the sample's window, memory the working set at its timestamp (metrics-server,
``pkg/apis/metrics/v1beta1/types.go``). Sums are taken before rounding, as ``kubectl top`` does.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from kubetui.kinds.quantity import Quantity, nanocores, whole
from kubetui.kinds.wire import AmountsWire, amount

_MILLI: Final = 1_000_000
_KI: Final = 10


class Usage(NamedTuple):
    """CPU in nanocores, memory in bytes."""

    cpu: int = 0
    memory: int = 0

    @property
    def millicores(self) -> int:
        """A fraction counts as one whole, as ``kubectl top`` rounds."""
        return -(-self.cpu // _MILLI)

    def plus(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(self.cpu + other.cpu, self.memory + other.memory)

    def minus(self, other: Usage) -> Usage:
        """This without that."""
        return Usage(self.cpu - other.cpu, self.memory - other.memory)


NO_USAGE: Final = Usage()


def usage_of(wire: AmountsWire) -> Usage:
    """Of a resource list; what is absent counts 0. Raises msgspec.ValidationError where a quantity is none."""
    return Usage(amount(nanocores, wire.cpu), amount(_measured_bytes, wire.memory))


def _measured_bytes(quantity: Quantity) -> int:
    """As ``whole``, without its memory: measured bytes hardly ever come twice."""
    if isinstance(quantity, str) and quantity.endswith("Ki") and quantity[:-2].isdecimal() and quantity.isascii():
        return int(quantity[:-2]) << _KI
    return whole(quantity)
