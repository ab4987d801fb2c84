"""The arguments of ``kubetui configz``. Cheap to import: the command line is parsed before anything heavy is loaded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

EPILOG = """\
Without NODE all nodes are asked, four at a time. text: variants, and with one NODE its fields; json and yaml: each
node's own answer. --diff: what is not as the majority of its node pool, or of one NODE's fields those that differ from
its pool, from what AKS sets, or from the upstream defaults.

exit codes: 0 all read (with --diff: and alike); 1 with --diff: something differs; 2 something could not be read, or
wrong arguments; 130 ended by ^c; 141 the reader went away
"""


def parser() -> argparse.ArgumentParser:
    """The command line behind ``kubetui configz``."""
    found = argparse.ArgumentParser(
        prog="kubetui configz",
        description="The running configuration of kubelets, and which nodes differ.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    found.add_argument("nodes", nargs="*", default=[], metavar="NODE", help="these nodes; else all")
    found.add_argument(
        "--pool", action="append", default=[], metavar="NAME", help="nodes of this pool; may be repeated"
    )
    found.add_argument("--diff", action="store_true", help="only what differs")
    found.add_argument(
        "-o", "--output", choices=("text", "json", "yaml"), default="text", help="how it is written; text"
    )
    found.add_argument("--context", metavar="NAME", help="the kubeconfig context to use")
    found.add_argument("--kubeconfig", metavar="FILE", help="the kubeconfig file; else KUBECONFIG, ~/.kube/config")
    return found


def parse(arguments: Sequence[str], before: argparse.Namespace) -> argparse.Namespace:
    """``arguments`` parsed, on top of those ``before`` the command; leaves by exit code 2 where they are wrong."""
    given = parser().parse_args(arguments)
    for name, value in vars(before).items():
        if getattr(given, name, None) is None:
            setattr(given, name, value)
    return given
