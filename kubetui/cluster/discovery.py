"""Discovery as a Source: the kinds that a server has, read at once and again every five minutes.

Two requests where the server aggregates (Kubernetes 1.26 and later); else one for each group and version. A group
whose API server is down costs that group alone, and says why.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NoReturn, TypeVar, cast

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.discovery_wire import AGGREGATED, Found, read_aggregated, read_groups, read_resources
from kubetui.cluster.errors import ApiError, ClusterError, NotKubernetes, Unauthorized
from kubetui.cluster.source import Event, NotWatched, Page
from kubetui.cluster.transport import Request, Transport
from kubetui.kinds.served_kind import ServedKind
from kubetui.kinds.wire import ConditionWire, Wire

T = TypeVar("T")

log = logging.getLogger(__name__)

REFRESH = 300.0
"""Seconds after which it is read again, while somebody looks; ``^r`` reads it at once."""
AT_ONCE = 4
"""Groups asked at a time, where the server does not aggregate."""
MOST_REASONS = 8
"""Groups that do not answer of which the reason is asked for."""
TRIED = "read what kinds there are"


class _StatusWire(Wire):
    conditions: list[ConditionWire] | None = None


class _ApiServiceWire(Wire):
    status: _StatusWire = msgspec.field(default_factory=_StatusWire)


_api_service = msgspec.json.Decoder(_ApiServiceWire).decode


class Discovery:
    """The API server's discovery, as a Source of kinds."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport, self._clock = transport, clock

    async def page(self, *, limit: int, token: str = "", version: str = "") -> Page[ServedKind]:
        """All kinds, in one page. Raises ClusterError types."""
        found = Found(int(self._clock.now()))
        await _all(self._read(path, found) for path in ("/api", "/apis"))
        rows = list(found.rows(await self._reasons(found)))
        return Page("", "", None, len(rows), iter(rows))

    async def _read(self, path: str, found: Found) -> None:
        request = Request(path, TRIED, accept=f"{AGGREGATED},application/json")
        answer = await self._transport.send(request)
        try:
            if read_aggregated(answer.body, found):
                return
            pairs = read_groups(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotKubernetes(TRIED, f"the answer to {path} is no discovery: {error}") from error
        await self._read_each(pairs, found)

    # --- servers that do not aggregate

    async def _read_each(self, pairs: Sequence[tuple[str, str]], found: Found) -> None:
        """Ask for each group's version, some at a time; put them together in the groups' order."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def ask(pair: tuple[str, str]) -> bytes | None:
            async with limit:
                return await self._resources(*pair)

        bodies = await _all(map(ask, pairs))
        for (group, version), body in zip(pairs, bodies, strict=True):
            try:
                if body is None:
                    raise ValueError("no answer")
                read_resources(body, group, version, found)
            except ValueError as error:  # msgspec's and Unicode's errors too
                log.info("%s: %s/%s: %s", TRIED, group, version, error)
                found.stale.setdefault(group, []).append(version)

    async def _resources(self, group: str, version: str) -> bytes | None:
        """None where this group's API server fails; others' answers are worth having."""
        path = f"/apis/{group}/{version}" if group else f"/api/{version}"
        try:
            return (await self._transport.send(Request(path, TRIED))).body
        except Unauthorized:
            raise
        except (ApiError, NotKubernetes) as error:
            log.info("%s", error)
            return None

    # --- why a group does not answer

    async def _reasons(self, found: Found) -> dict[str, str]:
        stale = list(found.stale.items())[:MOST_REASONS]
        reasons = await _all(self._reason(group, versions) for group, versions in stale)
        return {group: reason for (group, _), reason in zip(stale, reasons, strict=True) if reason}

    async def _reason(self, group: str, versions: Iterable[str]) -> str:
        """What the aggregator says about the group's APIService; ``""`` where it does not tell us."""
        for version in versions:
            name = f"{version}.{group}"
            path = f"/apis/apiregistration.k8s.io/v1/apiservices/{name}"
            try:
                service = _api_service((await self._transport.send(Request(path, f"get APIService {name}"))).body)
            except (ClusterError, ValueError) as error:
                log.info("%s", error)
                continue
            for one in service.status.conditions or ():
                if one.type == "Available" and one.status != "True":
                    return ": ".join(part for part in (one.reason, one.message) if part)
        return ""

    # --- what discovery does not have

    def watch(
        self, version: str, *, seconds: float, initial: bool = False
    ) -> AbstractAsyncContextManager[AsyncIterator[Sequence[Event[ServedKind]]]]:
        """Raises NotWatched on entering."""
        return _NoWatch()

    async def namespaces(self) -> Sequence[str] | None:
        """No Tables."""
        return None

    async def table(self, namespace: str) -> list[ServedKind]:
        """No Tables."""
        return []


class _NoWatch(AbstractAsyncContextManager[AsyncIterator[Sequence[Event[ServedKind]]]]):
    async def __aenter__(self) -> NoReturn:
        raise NotWatched(REFRESH)

    async def __aexit__(self, *raised: object) -> None:
        """Never entered."""


async def _all(asked: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Every answer, or the first error, once none is under way any more."""
    results = await asyncio.gather(*asked, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return cast(list[T], results)
