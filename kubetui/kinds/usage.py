"""What metrics.k8s.io says is in use: a ``usage`` resource list, exactly.

CPU is the mean rate over the sample's window, memory the working set at its timestamp (metrics-server,
``pkg/apis/metrics/v1beta1/types.go``). Sums are taken before rounding, as ``kubectl top`` does.
"""

from __future__ import annotations

from typing import Final

import msgspec

from kubetui.kinds.quantity import Quantity, nanocores, whole
from kubetui.kinds.wire import AmountsWire, Wire, seconds

_MILLI: Final = 1_000_000
_KI: Final = 10
_DIGITS: Final = 15
"""Of kibibytes, with which bytes are surely below the limit of quantities."""
_TIMES: Final = 4096


class SampledWire(Wire):
    """``metadata`` of a sample. metrics-server repeats all the object's labels there: they are passed over."""

    name: str
    namespace: str | None = None


class Usage(msgspec.Struct, frozen=True, gc=False):
    """CPU in nanocores, memory in bytes."""

    cpu: int = 0
    memory: int = 0

    @property
    def millicores(self) -> int:
        """A fraction counts as one whole, as ``kubectl top`` rounds."""
        return -(-self.cpu // _MILLI)


NO_USAGE: Final = Usage()
_times: dict[str, int] = {}


def usage_of(wire: AmountsWire) -> Usage:
    """Of a resource list; what is absent counts 0. Raises msgspec.ValidationError where a quantity is none."""
    cpu, memory = wire.cpu, wire.memory
    try:
        return Usage(0 if cpu is None else nanocores(cpu), 0 if memory is None else _measured_bytes(memory))
    except ValueError as error:
        raise msgspec.ValidationError(str(error)) from error


def sampled_at(text: str | None) -> int:
    """A sample's time as Unix seconds; all pods of a node were sampled at one. Raises msgspec.ValidationError."""
    if text is None:
        return 0
    known = _times.get(text)
    if known is not None:
        return known
    if len(_times) >= _TIMES:
        _times.clear()
    found = _times[text] = seconds(text)
    return found


def _measured_bytes(quantity: Quantity) -> int:
    """As ``whole``, without its memory: measured bytes hardly ever come twice."""
    if isinstance(quantity, str) and quantity[-2:] == "Ki":
        digits = quantity[:-2]
        if len(digits) <= _DIGITS and digits.isdecimal() and digits.isascii():
            return int(digits) << _KI
    return whole(quantity)
