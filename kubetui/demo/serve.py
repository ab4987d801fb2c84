"""The demo's process: a world, a server on it, a kubeconfig for it, until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TextIO

import msgspec

from kubetui.demo.access import standard_users
from kubetui.demo.api_server import ApiServer
from kubetui.demo.certificate import self_signed
from kubetui.demo.clock import Clock, WallClock
from kubetui.demo.command_line import ServeOptions
from kubetui.demo.handlers.control import PATH, Commands, Control, Incidents
from kubetui.demo.kubeconfig import KubeconfigFile, context_name, kubeconfig
from kubetui.demo.options import WorldOptions
from kubetui.demo.ready import Ready
from kubetui.demo.resource_manager import ResourceManager
from kubetui.demo.storage import Storage


def _no_more(_: ApiServer) -> None:
    """Most simulations add nothing to the server."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What lives in the storage, and what the server needs to know of it."""

    run: Callable[[], Coroutine[None, None, None]]
    """Live until cancelled."""
    incidents: Incidents
    known_incidents: tuple[str, ...]
    home: str
    """The namespace of a tenant, for the user who may see one namespace only."""
    connect: Callable[[ApiServer], None] = _no_more
    """Gives the server routes and checks of its own, before it starts."""
    commands: Commands = field(default_factory=dict)
    """What it can be told by control calls, besides what every demo can."""
    azure: ResourceManager | None = None
    """Answers about the machines under the nodes."""


Build = Callable[[Storage, Clock, WorldOptions], Simulation]
"""Registers the resources, puts the first objects, begins the incidents; ValueError for an unknown one."""


class CannotServe(Exception):
    """The options make no cluster, or the port is taken."""


async def main(options: ServeOptions, build: Build) -> None:
    """The process: says on standard output that it is ready, or in one line on standard error why it cannot be."""
    try:
        await serve(options, build, sys.stdout)
    except CannotServe as problem:
        sys.exit(f"the demo cannot be served: {problem}")


async def serve(options: ServeOptions, build: Build, out: TextIO) -> None:
    """Run the demo until a signal, or until standard input closes when the options say so."""
    stop = asyncio.Event()
    with _signals(stop):
        async with _input_watched(stop, watch=options.until_stdin_closes):
            await _run(options, build, out, stop)


async def _run(options: ServeOptions, build: Build, out: TextIO, stop: asyncio.Event) -> None:
    clock = WallClock(options.speed)
    storage = Storage()
    try:
        simulation = build(storage, clock, options.world)
    except ValueError as problem:
        raise CannotServe(str(problem)) from problem
    storage.compact()  # a client cannot have seen the cluster being built
    users = standard_users(simulation.home)
    server = ApiServer(storage, users, clock=clock, random=Random(options.world.seed))  # noqa: S311  jitter
    control = Control(
        storage,
        server.gate,
        server.faults,
        server.health,
        clock,
        simulation.incidents,
        simulation.known_incidents,
        server.refuse_for,
        simulation.commands,
    )
    server.route_open(PATH, control.answer)
    simulation.connect(server)
    certificate = self_signed()
    try:
        await server.start(options.port, certificate.server_context())
    except OSError as problem:
        raise CannotServe(f"port {options.port}: {problem.strerror}") from problem
    try:
        if simulation.azure is not None:
            await simulation.azure.start()
        azure = (simulation.azure.url, simulation.azure.token) if simulation.azure is not None else None
        with KubeconfigFile(kubeconfig(server.url, users, certificate.certificate, azure)) as path:
            ready = Ready(
                server=server.url,
                token=users[0].token,
                kubeconfig=str(path),
                contexts=tuple(context_name(user, users) for user in users),
                control=server.url + PATH,
                control_token=control.token,
                pid=os.getpid(),
                azure=azure[0] if azure else "",
                azure_token=azure[1] if azure else "",
            )
            print(msgspec.json.encode(ready).decode(), file=out, flush=True)
            await _live(simulation, stop)
    finally:
        if simulation.azure is not None:
            await simulation.azure.stop()
        await server.stop()


async def _live(simulation: Simulation, stop: asyncio.Event) -> None:
    """Run the simulation until ``stop``; what it raises ends the demo."""
    life = asyncio.create_task(simulation.run())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((life, stopping), return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            life.result()
    finally:
        life.cancel()
        stopping.cancel()
        await asyncio.gather(life, stopping, return_exceptions=True)


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set the event."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


class _EndOfInput(asyncio.Protocol):
    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def eof_received(self) -> bool:
        self._stop.set()
        return False

    def connection_lost(self, _: Exception | None) -> None:
        self._stop.set()


@asynccontextmanager
async def _input_watched(stop: asyncio.Event, *, watch: bool) -> AsyncIterator[None]:
    """The pipe on standard input closes when the process behind it ends, however it ends."""
    if not watch:
        yield
        return
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: _EndOfInput(stop), sys.stdin)
    try:
        yield
    finally:
        transport.close()
