"""The ready addresses in EndpointSlices, as ``formatEndpointSlices`` of kubectl lists them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kubetui.insight.describe.reading import NONE, Json, get, items, number, strings, text

SERVICE_NAME: Final = "kubernetes.io/service-name"
_SHOWN: Final = 3


def addresses(slices: Sequence[Json], port: str) -> str:
    """``10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...`` of the port with this name."""
    if not slices:
        return NONE
    found = [one for endpoints in slices for one in _of_slice(endpoints, port)]
    listed = ",".join(found[:_SHOWN])
    return f"{listed} + {len(found) - _SHOWN} more..." if len(found) > _SHOWN else listed


def _of_slice(endpoints: Json, port: str) -> Iterator[str]:
    ready = [one for one in items(endpoints, "endpoints") if get(one, "conditions", "ready") is not False]
    firsts = [strings(one, "addresses")[0] for one in ready if strings(one, "addresses")]
    ports = items(endpoints, "ports")
    if not ports:
        yield from firsts
    for one in ports:
        if text(one, "name") == port:
            yield from (_joined(address, number(one, "port")) for address in firsts)


def _joined(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
