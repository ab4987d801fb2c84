"""What the demo can be asked to be: declared once, for its command line and for the process that starts it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """The size and the liveliness of the simulated cluster."""

    nodes: int = 12
    pods: int = 300
    changes: float = 1.0
    """Changes of objects a second, beyond what incidents and heartbeats bring."""
    seed: int = 1
    """The same seed gives the same cluster."""
    speed: float = 1.0
    """The world's seconds per real second."""
    incidents: tuple[str, ...] = ()
    """Played from the start."""
    windows: bool = False
    """With a pool of Windows nodes."""

    def arguments(self) -> tuple[str, ...]:
        """The command line that ``read_options`` turns back into these options."""
        numbers = (
            *("--nodes", str(self.nodes), "--pods", str(self.pods), "--changes", str(self.changes)),
            *("--seed", str(self.seed), "--speed", str(self.speed)),
        )
        incidents = (word for name in self.incidents for word in ("--incident", name))
        return (*numbers, *incidents, *(("--windows",) if self.windows else ()))


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How the demo's process runs."""

    world: DemoOptions
    port: int
    """0 for any free one."""
    until_stdin_closes: bool
    """End when whoever started the process is gone."""


def read_options(arguments: Sequence[str]) -> ServeOptions:
    """Parse ``python -m kubetui.demo``'s command line; exits with a message for a bad one."""
    default = DemoOptions()
    parser = argparse.ArgumentParser(
        prog="python -m kubetui.demo", description="Serve a simulated AKS cluster on 127.0.0.1."
    )
    parser.add_argument("--nodes", type=_count, default=default.nodes, help="nodes, over all pools")
    parser.add_argument("--pods", type=_count, default=default.pods, help="pods, system pods included")
    parser.add_argument("--changes", type=_rate, default=default.changes, help="changes of objects a second")
    parser.add_argument("--seed", type=int, default=default.seed, help="the same seed gives the same cluster")
    parser.add_argument("--speed", type=_speed, default=default.speed, help="how fast its time runs")
    parser.add_argument("--incident", action="append", default=[], help="an incident to play; may be repeated")
    parser.add_argument("--windows", action="store_true", help="add a pool of Windows nodes")
    parser.add_argument("--port", type=_port, default=0, help="0 for any free port")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input is closed")
    given = parser.parse_args(arguments)
    world = DemoOptions(
        given.nodes, given.pods, given.changes, given.seed, given.speed, tuple(given.incident), given.windows
    )
    return ServeOptions(world, given.port, given.until_stdin_closes)


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text}")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"must be 0 or more, not {text}")
    return value


def _speed(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"must be more than 0, not {text}")
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value < 65536:
        raise argparse.ArgumentTypeError(f"must be from 0 to 65535, not {text}")
    return value
