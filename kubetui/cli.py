"""Arguments. Nothing heavy at module scope: ``kubetui --version`` answers at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from kubetui import __version__


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="kubetui",
        description="A live terminal dashboard for Kubernetes, Azure Kubernetes Service first. It changes nothing.",
    )
    parser.add_argument("--version", action="version", version=f"kubetui {__version__}")
    parser.add_argument("--context", metavar="NAME", help="the kubeconfig context to use")
    parser.add_argument("--kubeconfig", metavar="FILE", help="the kubeconfig file; else KUBECONFIG, ~/.kube/config")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "-n", "--namespace", action="append", default=[], metavar="NAME", help="a namespace; may be repeated"
    )
    where.add_argument("-A", "--all-namespaces", action="store_true", help="all namespaces")
    parser.add_argument("--pane", choices=("nodes", "pods"), default="pods", help="the pane to begin with")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--log-file", metavar="FILE", help="where messages go; else the state folder's kubetui.log")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse, then run."""
    parsed = parser().parse_args(arguments)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        sys.exit("kubetui: a terminal is needed: standard input and standard error must be one")
    from pathlib import Path

    from kubetui.compose import run_app
    from kubetui.log_file import log_to
    from kubetui.ui.options import Options

    log_file = log_to(parsed.log_file, os.environ)
    options = Options(
        context=parsed.context,
        namespaces=tuple(parsed.namespace),
        all_namespaces=parsed.all_namespaces,
        pane=parsed.pane,
        log_file=str(log_file),
        mouse=not parsed.no_mouse,
    )
    run_app(options, Path(parsed.kubeconfig) if parsed.kubeconfig else None, os.environ)
