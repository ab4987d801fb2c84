"""The arguments of ``kubetui top``. Cheap to import: the command line is parsed before anything heavy is loaded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

LEVELS = ("nodes", "pods", "containers", "pools", "namespaces", "workloads")
EPILOG = """\
CPU and MEMORY are what kubectl top prints; beside them what was asked for, what is allowed (of nodes: allocatable),
what share of that is used, how old the sample is, and what the numbers mean. A figure that is not known is –, never 0;
a sum that lacks some is ≥. Pods, containers and workloads are those of the context's namespace; namespaces are all,
unless -n names some.

exit codes: 0 told; 1 something could not be read; 2 wrong arguments; 141 the reader went away
"""


def parser() -> argparse.ArgumentParser:
    """The command line behind ``kubetui top``."""
    found = argparse.ArgumentParser(
        prog="kubetui top",
        description="Who uses the CPU and memory.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    found.add_argument("level", nargs="?", choices=LEVELS, default="nodes", help="what the lines stand for; nodes")
    where = found.add_mutually_exclusive_group()
    where.add_argument("-n", "--namespace", action="append", default=[], metavar="NAME", help="may be repeated")
    where.add_argument("-A", "--all-namespaces", action="store_true", help="all namespaces")
    found.add_argument("--sort", choices=("cpu", "memory", "name"), default="cpu", help="the order; cpu, most first")
    found.add_argument("-o", "--output", choices=("text", "json"), default="text", help="how it is written")
    found.add_argument("--context", metavar="NAME", help="the kubeconfig context to use")
    found.add_argument("--kubeconfig", metavar="FILE", help="the kubeconfig file; else KUBECONFIG, ~/.kube/config")
    return found


def parse(arguments: Sequence[str], before: argparse.Namespace) -> argparse.Namespace:
    """``arguments`` parsed, on top of those ``before`` the command; leaves by exit code 2 where they are wrong."""
    given = parser().parse_args(arguments)
    if not (given.namespace or given.all_namespaces):
        given.namespace, given.all_namespaces = before.namespace, before.all_namespaces
    for name, value in vars(before).items():
        if getattr(given, name, None) is None:
            setattr(given, name, value)
    return given
