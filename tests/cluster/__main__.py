"""``python -m tests.cluster``: a real control plane at hand, outside of any test."""

from __future__ import annotations

import argparse
import sys

from tests.cluster import binaries
from tests.cluster.detached import Detached, NotUp
from tests.cluster.go_tool import BuildFailed


def main(arguments: list[str]) -> int:
    """Do what the first argument says; 1 where it failed."""
    asked = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[asked.command](asked))
    except (BuildFailed, NotUp, TimeoutError) as failure:
        print(f"tests.cluster {asked.command}: {failure}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build what is missing of the programs, and print their folder")
    for name, text in (("up", "start a control plane that stays, and print its kubeconfig's path"), ("keep", "")):
        command = commands.add_parser(name, help=text) if text else commands.add_parser(name)
        command.add_argument("--nodes", type=int, default=0, help="fake nodes, played by kwok (default: none)")
        command.add_argument("--pods", type=int, default=0, help="running pods on them")
        command.add_argument("--quiet", action="store_true", help="wait until it is at rest, before measuring")
    commands.add_parser("down", help="take it down, leaving nothing")
    commands.add_parser("env", help='for the shell: eval "$(python -m tests.cluster env)"')
    for name in ("up", "keep", "down", "env"):
        commands.choices[name].add_argument("--name", default="default", help="one of several kept at once")
    return parser


def _build(_asked: argparse.Namespace) -> int:
    built = binaries.build(lambda line: print(line, flush=True))
    print(built["etcd"].parent)
    return 0


def _up(asked: argparse.Namespace) -> int:
    detached = Detached(asked.name)
    detached.up(asked.nodes, asked.pods, lambda line: print(line, file=sys.stderr, flush=True), quiet=asked.quiet)
    print(detached.kubeconfig)
    return 0


def _keep(asked: argparse.Namespace) -> int:
    Detached(asked.name).keep(asked.nodes, asked.pods, quiet=asked.quiet)
    return 0


def _down(asked: argparse.Namespace) -> int:
    if not Detached(asked.name).down():
        print(f"no control plane named {asked.name} is up", file=sys.stderr)
    return 0


def _env(asked: argparse.Namespace) -> int:
    detached = Detached(asked.name)
    if not detached.kubeconfig.exists():
        print(f"no control plane named {asked.name} is up: python -m tests.cluster up", file=sys.stderr)
        return 1
    print(f"export KUBECONFIG={detached.kubeconfig}")
    folder = binaries.find()["kubectl"].parent
    print(f'export PATH="{folder}:$PATH"')
    return 0


_COMMANDS = {"build": _build, "up": _up, "keep": _keep, "down": _down, "env": _env}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
