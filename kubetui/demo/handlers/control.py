"""``/demo/control``: what a demo can be told while it runs, behind a token of its own.

GET answers the state, POST takes one command as JSON, told apart by ``do``:
``{"do": "incident", "name": "stuck-rollout"}``, ``{"do": "fault", "fault": {"effect": {"kind": "html"}}}``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol, Union, assert_never

import msgspec

from kubetui.demo.access import Gate
from kubetui.demo.call import Answer, Call
from kubetui.demo.clock import Clock, WallClock
from kubetui.demo.faults import Fault, Faults
from kubetui.demo.handlers.health import Health
from kubetui.demo.status import bad_request, method_not_allowed, unauthorized
from kubetui.demo.storage import Storage

PATH = "/demo/control"


class Incidents(Protocol):
    """The scripted incidents that the world can play."""

    @property
    def running(self) -> tuple[str, ...]:
        """Names of those that play."""

    def start(self, name: str) -> None:
        """Begin; ValueError for an unknown name, or one that plays already."""

    def stop(self, name: str) -> None:
        """Let the cluster recover; ValueError for an unknown name, or one that does not play."""


class Command(msgspec.Struct, frozen=True, tag_field="do", forbid_unknown_fields=True):
    """One thing to do."""


class StartIncident(Command, frozen=True, tag="incident"):
    """Play an incident."""

    name: str


class StopIncident(Command, frozen=True, tag="end-incident"):
    """Stop playing it."""

    name: str


class ArmFault(Command, frozen=True, tag="fault"):
    """Spoil the next requests of a shape."""

    fault: Fault


class ClearFaults(Command, frozen=True, tag="clear-faults"):
    """Spoil nothing more."""


class Compact(Command, frozen=True, tag="compact"):
    """Forget the history: old versions and continue tokens are Expired."""


class SetSpeed(Command, frozen=True, tag="speed"):
    """Let the world's time run faster or slower."""

    speed: Annotated[float, msgspec.Meta(gt=0, le=100_000)]


class Refuse(Command, frozen=True, tag="refuse"):
    """Close all connections and refuse new ones for that many real seconds."""

    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)]


class CloseWatches(Command, frozen=True, tag="close-watches"):
    """End all watches cleanly."""


class FailCheck(Command, frozen=True, tag="fail-check"):
    """Let a health check fail."""

    check: str


class PassCheck(Command, frozen=True, tag="pass-check"):
    """Let it pass again."""

    check: str


class ExpireToken(Command, frozen=True, tag="expire-token"):
    """Answer a user 401 from now on."""

    user: str


AnyCommand = (
    StartIncident
    | StopIncident
    | ArmFault
    | ClearFaults
    | Compact
    | SetSpeed
    | Refuse
    | CloseWatches
    | FailCheck
    | PassCheck
    | ExpireToken
)
Commands = Mapping[type[Command], Callable[[Any], None]]
"""More commands, each with what carries it out; that raises ValueError in plain words where it cannot."""


class State(msgspec.Struct, frozen=True):
    """What GET answers."""

    resource_version: int
    now: float
    speed: float
    faults: tuple[Fault, ...]
    failing_checks: tuple[str, ...]
    incidents: tuple[str, ...]
    running_incidents: tuple[str, ...]


class Control:
    """Carries out commands."""

    def __init__(
        self,
        storage: Storage,
        gate: Gate,
        faults: Faults,
        health: Health,
        clock: Clock,
        incidents: Incidents,
        known_incidents: Sequence[str],
        refuse: Callable[[float], None],
        more: Commands | None = None,
    ) -> None:
        """``more``: what the simulation itself can be told."""
        self.token = secrets.token_urlsafe(24)
        self._storage = storage
        self._gate = gate
        self._faults = faults
        self._health = health
        self._clock = clock
        self._incidents = incidents
        self._known_incidents = tuple(known_incidents)
        self._refuse = refuse
        self._more = more or {}
        self._decode = msgspec.json.Decoder(Union[(AnyCommand, *self._more)]).decode

    async def answer(self, call: Call) -> Answer:
        """The state; raises ``ApiError`` 400 in plain words for a command that cannot be carried out."""
        if call.bearer != self.token:
            raise unauthorized()
        if call.method == "POST":
            try:
                self._do(self._decode(await call.read()))
            except (msgspec.MsgspecError, UnicodeError, ValueError) as problem:
                raise bad_request(f"the demo cannot do that: {problem}") from None
        elif call.method != "GET":
            raise method_not_allowed("the demo's control takes GET for its state and POST for a command")
        return Answer(msgspec.json.encode(self._state()))

    def _state(self) -> State:
        return State(
            self._storage.version,
            self._clock.now(),
            self._clock.speed if isinstance(self._clock, WallClock) else 1.0,
            self._faults.armed,
            tuple(sorted(self._health.failing)),
            self._known_incidents,
            self._incidents.running,
        )

    def _do(self, command: Any) -> None:
        carry_out = self._more.get(type(command))
        if carry_out is not None:
            carry_out(command)
            return
        match command:
            case StartIncident(name):
                self._incidents.start(name)
            case StopIncident(name):
                self._incidents.stop(name)
            case SetSpeed(speed):
                self._set_speed(speed)
            case Refuse(seconds):
                self._refuse(seconds)
            case _:
                self._do_at_once(command)

    def _do_at_once(
        self, command: ArmFault | ClearFaults | Compact | CloseWatches | FailCheck | PassCheck | ExpireToken
    ) -> None:
        match command:
            case ArmFault(fault):
                self._faults.arm(fault)
            case ClearFaults():
                self._faults.clear()
            case Compact():
                self._storage.compact()
            case CloseWatches():
                self._storage.close_watches()
            case FailCheck(check):
                self._health.fail(check)
            case PassCheck(check):
                self._health.recover(check)
            case ExpireToken(user):
                self._gate.expire(user, self._clock.now())
            case _:
                assert_never(command)

    def _set_speed(self, speed: float) -> None:
        if not isinstance(self._clock, WallClock):
            raise ValueError("this demo's clock is turned by hand")
        self._clock.speed = speed
