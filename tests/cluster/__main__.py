"""``python -m tests.cluster``: a real cluster at hand, outside of any test.

``up`` starts a control plane; ``--nodes`` and ``--pods`` fill it with played ones, ``--real`` gives it one real node.
"""

from __future__ import annotations

import argparse
import sys

from tests.cluster.binaries import NotBuilt, find
from tests.cluster.control_channel import Failed
from tests.cluster.detached import Detached, NotUp
from tests.cluster.faults import FAULTS
from tests.cluster.go_tool import BuildFailed
from tests.cluster.programs import KUBERNETES
from tests.cluster.real import requirements
from tests.cluster.wanted import NoSuchRelease, Wanted, release


def main(arguments: list[str]) -> int:
    """Do what the first argument says; 1 where it failed."""
    asked = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[asked.command](asked))
    except (BuildFailed, Failed, NoSuchRelease, NotBuilt, NotUp, OSError, requirements.CannotRun) as failure:
        print(f"tests.cluster {asked.command}: {failure}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__, formatter_class=formatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="build what is missing of the programs, and print their folder")
    commands.add_parser("packages", help="print the Debian packages that a real node needs and this machine lacks")
    commands.add_parser("up", help="start a cluster that stays, and print its kubeconfig's path")
    commands.add_parser("keep", help=argparse.SUPPRESS)
    commands.add_parser("down", help="take it down, leaving nothing")
    commands.add_parser("env", help='for the shell: eval "$(python -m tests.cluster env)"')
    _add_fault(commands.add_parser("fault", help="let something go wrong", formatter_class=formatter))
    for name in ("build", "up", "keep"):
        command = commands.choices[name]
        command.add_argument("--real", action="store_true", help="with one real node (needs root)")
        command.add_argument("--kubernetes", metavar="1.N[.N]", default=KUBERNETES, help=f"else {KUBERNETES}")
    for name in ("up", "keep"):
        command = commands.choices[name]
        command.add_argument("--nodes", type=int, default=0, help="fake nodes, played by kwok (default: none)")
        command.add_argument("--pods", type=int, default=0, help="running pods on them")
        command.add_argument("--quiet", action="store_true", help="wait until it is at rest, before measuring")
    for name in ("up", "keep", "down", "env"):
        commands.choices[name].add_argument("--name", default="default", help="one of several kept at once")
    return parser


def _add_fault(command: argparse.ArgumentParser) -> None:
    verbs = [(f"{verb} {fault.words}".rstrip(), fault.text) for verb, fault in FAULTS.items()]
    command.description = "\n".join(["verbs:", *(f"  {usage:40} {text}" for usage, text in verbs)])
    command.add_argument("name", metavar="NAME", help="the cluster's (default, unless it was given one)")
    command.add_argument("verb", metavar="VERB", choices=FAULTS, help="one of the above")
    command.add_argument("words", metavar="WORD", nargs="*", help="what the verb takes")


def _wanted(asked: argparse.Namespace) -> Wanted:
    nodes, pods = getattr(asked, "nodes", 0), getattr(asked, "pods", 0)
    if asked.real:
        if nodes or pods:
            raise NotUp("--real has one real node and no played ones: leave out --nodes and --pods")
        requirements.check()
    return Wanted(nodes, pods, asked.real, release(asked.kubernetes))


def _build(asked: argparse.Namespace) -> int:
    wanted = Wanted(real=asked.real, kubernetes=release(asked.kubernetes))
    print(wanted.build(lambda line: print(line, flush=True))["etcd"].parent)
    return 0


def _packages(_asked: argparse.Namespace) -> int:
    print(" ".join(requirements.packages()))
    return 0


def _up(asked: argparse.Namespace) -> int:
    detached = Detached(asked.name)
    detached.up(_wanted(asked), lambda line: print(line, file=sys.stderr, flush=True), quiet=asked.quiet)
    print(detached.kubeconfig)
    return 0


def _keep(asked: argparse.Namespace) -> int:
    Detached(asked.name).keep(_wanted(asked), quiet=asked.quiet)
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
    print(f'export PATH="{find()["kubectl"].parent}:$PATH"')
    return 0


def _fault(asked: argparse.Namespace) -> int:
    print(Detached(asked.name).inflict(asked.verb, asked.words))
    return 0


_COMMANDS = {
    "build": _build,
    "packages": _packages,
    "up": _up,
    "keep": _keep,
    "down": _down,
    "env": _env,
    "fault": _fault,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
