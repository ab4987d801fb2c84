"""A Service and its endpoints in words: how it is reached, how many are ready, why there are none. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubetui.kinds.endpoint import EndpointRow
from kubetui.kinds.service import ServiceRow, selector_words


class EndpointCounts(NamedTuple):
    """How many endpoints take traffic, and how many do not."""

    ready: int = 0
    not_ready: int = 0
    terminating: int = 0


def counted(rows: Iterable[EndpointRow]) -> EndpointCounts:
    """Each endpoint once; one that terminates is nothing else besides."""
    ready = not_ready = terminating = 0
    for row in rows:
        if row.endpoint.terminating:
            terminating += 1
        elif row.endpoint.ready:
            ready += 1
        else:
            not_ready += 1
    return EndpointCounts(ready, not_ready, terminating)


def reached_by(service: ServiceRow) -> list[str]:
    """Type and addresses, ports, and what is unusual: headless, no selector, Local, published while not ready."""
    words = [_address(service)]
    if service.ports:
        words.append(",".join(service.ports))
    if service.type != "ExternalName" and not service.selector:
        words.append("no selector")
    if service.not_ready_too:
        words.append("publishes what is not ready too")
    if service.local:
        words.append("traffic stays on its node")
    return words


def _address(service: ServiceRow) -> str:
    if service.type == "ExternalName":
        return f"ExternalName → {service.external_name}"
    if service.headless:
        return "headless"
    if service.type == "LoadBalancer":
        return f"LoadBalancer {service.address} ← {', '.join(service.public) or '▲ no public address yet'}"
    return f"{service.type} {service.address}"


def count_words(counts: EndpointCounts) -> list[str]:
    """``5 ready``, ``1 not ready``, ``▲ none ready``, ``▲ no endpoints``."""
    words = [f"{counts.ready:,} ready" if counts.ready else "▲ none ready" if any(counts) else "▲ no endpoints"]
    words += [f"{counts.not_ready:,} not ready"] if counts.not_ready else []
    words += [f"{counts.terminating:,} terminating"] if counts.terminating else []
    return words


def why_none(service: ServiceRow) -> str:
    """Why a Service has no endpoints, and what that means for who calls it; a few short lines."""
    return "\n".join(("no endpoints", "", *_reasons(service)))


def _reasons(service: ServiceRow) -> list[str]:
    if service.type == "ExternalName":
        return ["DNS answers with a CNAME:", service.external_name, "clients go there by themselves"]
    refused = "its DNS name has no address" if service.headless else "connections to it are refused"
    if not service.selector:
        return ["it has no selector: somebody else has to make its EndpointSlices,", f"until then {refused}"]
    return [f"no pod with an address in {service.namespace} matches", selector_words(service), f"so {refused}"]
