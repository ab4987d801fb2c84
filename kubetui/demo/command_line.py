"""The command line of the demo's process: read by it, written by the program that starts it."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from kubetui.demo.options import WorldOptions

INCIDENTS = (
    "coredns-crash-loop", "coredns-upstream", "image-pull-failure", "instance-never-joins", "konnectivity-down",
    "metrics-server-down", "node-not-ready", "node-pressure", "pool-upgrade", "scale-out", "spot-eviction",
    "stuck-rollout", "vm-deallocated",
)  # fmt: skip
"""Their names, for the help alone: loading the incidents themselves takes longer than printing it."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How the demo runs."""

    world: WorldOptions = field(default_factory=WorldOptions)
    speed: float = 1.0
    """The world's seconds per real second."""
    port: int = 0
    """0 for any free one."""
    until_stdin_closes: bool = False
    """End when whoever started the process is gone."""

    def arguments(self) -> tuple[str, ...]:
        """The command line that ``read_options`` turns back into these options."""
        world = self.world
        numbers = {
            "nodes": world.nodes,
            "pods": world.pods,
            "changes": world.changes,
            "seed": world.seed,
            "speed": self.speed,
            "port": self.port,
        }
        words = [f"--{name}={value}" for name, value in numbers.items()]
        words += [f"--incident={name}" for name in world.incidents]
        words += ["--windows"] if world.windows else []
        words += ["--every-kind"] if world.every_kind else []
        return (*words, *(["--until-stdin-closes"] if self.until_stdin_closes else []))


def read_options(arguments: Sequence[str]) -> ServeOptions:
    """Parse the command line; exits with a message for a bad one."""
    found = parser()
    return options_of(found, found.parse_args(arguments))


def options_of(parser: argparse.ArgumentParser, given: argparse.Namespace) -> ServeOptions:
    """What was given, as options; exits with a message where it can't be."""
    try:
        world = WorldOptions(
            nodes=given.nodes,
            pods=given.pods,
            changes=given.changes,
            seed=given.seed,
            windows=given.windows,
            every_kind=given.every_kind,
            incidents=tuple(given.incident),
        )
    except ValueError as problem:
        parser.error(str(problem))
    return ServeOptions(world, given.speed, given.port, given.until_stdin_closes)


def parser(prog: str = "python -m kubetui.demo") -> argparse.ArgumentParser:
    """The options, for a program called ``prog``."""
    default = ServeOptions()
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Serve a simulated AKS cluster on 127.0.0.1.",
        epilog="\n  ".join(("incidents:", *INCIDENTS)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--nodes", type=int, default=default.world.nodes, help="in all Linux pools together")
    parser.add_argument("--pods", type=int, default=default.world.pods, help="at the start, system pods included")
    parser.add_argument("--changes", type=float, default=default.world.changes, help="changes of pods a second")
    parser.add_argument("--seed", type=int, default=default.world.seed, help="the same seed makes the same world")
    parser.add_argument("--windows", action="store_true", help="add a pool of Windows nodes")
    words = "add pools of Karpenter, of single VMs and of a Flexible scale set"
    parser.add_argument("--every-kind", action="store_true", help=words)
    words = "an incident to begin with; may be repeated"
    parser.add_argument("--incident", action="append", default=[], metavar="NAME", help=words)
    parser.add_argument("--speed", type=_speed, default=default.speed, help="how fast its time runs")
    parser.add_argument("--port", type=_port, default=default.port, help="0 for any free port")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input is closed")
    return parser


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
