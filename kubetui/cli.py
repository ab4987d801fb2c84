"""Arguments. Nothing heavy at module scope: ``kubetui --version`` answers at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kubetui import __version__
from kubetui.settings.panes import PANES

if TYPE_CHECKING:
    from kubetui.cluster.logs.asked import LogsAsked
    from kubetui.compose import KubeconfigConnector
    from kubetui.demo.command_line import ServeOptions
    from kubetui.settings.settings import Settings

__all__ = ["PANES", "main", "parser"]


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
    parser.add_argument(
        "--pane", choices=PANES, help="the pane to begin with; else the settings', else overview, pods with -n or -A"
    )
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--config", metavar="FILE", help="the settings file; else KUBETUI_CONFIG, the config folder's")
    parser.add_argument("--log-file", metavar="FILE", help="where messages go; else the state folder's kubetui.log")
    parser.add_argument(
        "--no-kubelogin",
        action="store_true",
        help="sign in to AKS by Azure's own library where kubelogin is installed too",
    )
    parser.add_argument("--or-demo", action="store_true", help="open the demo where there is no kubeconfig")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("demo", add_help=False, help="open a simulated AKS cluster; see kubetui demo --help")
    commands.add_parser("logs", add_help=False, help="logs of many containers in one; see kubetui logs --help")
    commands.add_parser(
        "configz", add_help=False, help="how kubelets are configured, and which differ; see kubetui configz --help"
    )
    commands.add_parser("top", add_help=False, help="who uses the CPU and memory; see kubetui top --help")
    doctor = commands.add_parser(
        "doctor",
        help="what stands between this terminal and the cluster, and what to do; "
        "exit code 0: all fine, 1: something to look at, 2: something could not be told",
    )
    doctor.add_argument("-o", "--output", choices=("text", "json"), default="text", help="how it is written")
    # As after logs and top. Without a default: what stands before the command stays where nothing follows it.
    unsaid = argparse.SUPPRESS
    doctor.add_argument("--context", metavar="NAME", default=unsaid, help="the kubeconfig context to use")
    doctor.add_argument("--kubeconfig", metavar="FILE", default=unsaid, help="the kubeconfig file")
    doctor.add_argument("-n", "--namespace", action="append", metavar="NAME", default=unsaid, help="may be repeated")
    config = commands.add_parser("config", help="the settings file: where it is, what is wrong with it, an example")
    config.add_argument("word", choices=("path", "check", "print-default"), help="what to tell")
    completion = commands.add_parser("completion", help="completion of commands, options, contexts by your shell's Tab")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="whose script to print")
    return parser


def demo_parser() -> argparse.ArgumentParser:
    """The command line behind ``kubetui demo``."""
    from kubetui.demo.command_line import parser

    found = parser("kubetui demo")
    found.add_argument("--serve", action="store_true", help="serve alone and print the kubeconfig; ^c ends it")
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse, then run."""
    found = parser()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["__complete"]:
        _complete(found, words[1:])
        return
    parsed, rest = found.parse_known_args(words)
    if parsed.command == "demo":
        _demo(parsed, rest)
    elif parsed.command == "logs":
        _logs(parsed, rest)
    elif parsed.command == "top":
        _top(parsed, rest)
    elif parsed.command == "configz":
        _configz(parsed, rest)
    elif rest:
        found.error(f"unrecognized arguments: {' '.join(rest)}")
    elif parsed.command == "config":
        from kubetui.settings_command import run

        sys.exit(run(parsed.word, parsed.config))
    elif parsed.command == "completion":
        from kubetui.completion.scripts import SCRIPTS

        sys.stdout.write(SCRIPTS[parsed.shell])
    elif parsed.command == "doctor":
        sys.exit(_doctor(parsed))
    else:
        from kubetui.demo.command_line import ServeOptions

        _open(parsed, ServeOptions())


def _complete(found: argparse.ArgumentParser, question: Sequence[str]) -> None:
    """Answer a shell that completes a command line."""
    from kubetui.completion.answer import answer
    from kubetui.completion.candidates import Candidate, Given
    from kubetui.headless.configz.command_line import parser as configz_parser
    from kubetui.headless.logs.command_line import parser as logs_parser
    from kubetui.headless.top.command_line import parser as top_parser

    def incidents(given: Given) -> Iterable[Candidate]:
        from kubetui.demo.incidents.registry import INCIDENTS

        return [Candidate(name) for name in sorted(INCIDENTS)]

    commands = {"demo": demo_parser, "logs": logs_parser, "top": top_parser, "configz": configz_parser}
    sys.stdout.write(answer(found, commands, {"incident": incidents}, question) + "\n")


def _demo(parsed: argparse.Namespace, rest: Sequence[str]) -> None:
    """Open the demo, or with ``--serve`` only serve it."""
    from kubetui.demo.command_line import options_of

    found = demo_parser()
    given = found.parse_args(rest)
    options = options_of(found, given)
    if given.serve:
        from kubetui.demo_cluster import serve_alone

        serve_alone(options)
    else:
        _open(parsed, options)


def _logs(parsed: argparse.Namespace, rest: Sequence[str]) -> None:
    """Open the Logs pane; into a pipe or a file, or with ``-o``, write the lines."""
    from kubetui.headless.logs.command_line import asked_of, parse

    given = parse(rest, parsed)
    if given.output is None and sys.stdout.isatty():
        from kubetui.demo.command_line import ServeOptions

        _open(given, ServeOptions(), asked_of(given))
    else:
        from kubetui.compose import run_logs
        from kubetui.log_file import log_to

        log_to(parsed.log_file, os.environ)
        sys.exit(run_logs(_connector(given), given))


def _open(parsed: argparse.Namespace, demo: ServeOptions, logs: LogsAsked | None = None) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        sys.exit("kubetui: a terminal is needed: standard input and standard error must be one")
    from pathlib import Path

    from kubetui.compose import KubeconfigConnector, run_app
    from kubetui.demo_cluster import DemoCluster
    from kubetui.log_file import log_to
    from kubetui.settings.file import read_settings
    from kubetui.ui.options import Options

    on_demo = parsed.command == "demo"
    read = read_settings(parsed.config, os.environ)
    settings = read.settings
    _tell_process(settings)
    connector = KubeconfigConnector(
        Path(parsed.kubeconfig) if parsed.kubeconfig else None,
        os.environ,
        DemoCluster(demo),
        only_demo=on_demo,
        or_demo=parsed.or_demo,
        no_kubelogin=parsed.no_kubelogin or not settings.kubelogin,
    )
    log_file = log_to(parsed.log_file or settings.log_file or None, os.environ)
    options = Options(
        context=parsed.context,
        namespaces=tuple(parsed.namespace),
        all_namespaces=parsed.all_namespaces or (on_demo and not parsed.namespace),
        logs=logs,
        pane="logs" if logs else parsed.pane or settings.pane or _usual_pane(parsed),
        log_file=str(log_file),
        mouse=settings.mouse and not parsed.no_mouse,
        settings=read,
    )
    run_app(options, connector)


def _usual_pane(parsed: argparse.Namespace) -> str:
    """Who names namespaces wants what runs there; who does not, whether anything is wrong."""
    return "pods" if parsed.namespace or parsed.all_namespaces else "overview"


def _configz(parsed: argparse.Namespace, rest: Sequence[str]) -> None:
    """Write how kubelets are configured."""
    from kubetui.headless.configz.command_line import parse

    given = parse(rest, parsed)
    from kubetui.compose import run_configz
    from kubetui.log_file import log_to

    log_to(parsed.log_file, os.environ)
    sys.exit(run_configz(_connector(given), given))


def _top(parsed: argparse.Namespace, rest: Sequence[str]) -> None:
    """Write who uses what."""
    from kubetui.headless.top.command_line import parse

    given = parse(rest, parsed)
    from kubetui.compose import run_top
    from kubetui.log_file import log_to

    log_to(parsed.log_file, os.environ)
    sys.exit(run_top(_connector(given), given))


def _doctor(parsed: argparse.Namespace) -> int:
    from kubetui.compose import run_doctor
    from kubetui.log_file import log_to

    log_to(parsed.log_file, os.environ)
    return run_doctor(_connector(parsed), parsed.context, frozenset(parsed.namespace) or None, parsed.output)


def _connector(parsed: argparse.Namespace) -> KubeconfigConnector:
    """Sessions for a command without a screen."""
    from pathlib import Path

    from kubetui.compose import KubeconfigConnector
    from kubetui.demo.command_line import ServeOptions
    from kubetui.demo_cluster import DemoCluster

    return KubeconfigConnector(
        Path(parsed.kubeconfig) if parsed.kubeconfig else None,
        os.environ,
        DemoCluster(ServeOptions()),
        or_demo=parsed.or_demo,
        no_kubelogin=parsed.no_kubelogin,
    )


def _tell_process(settings: Settings) -> None:
    """What is as much the terminal's as the person's goes where the terminal's own are: into the environment."""
    if settings.marks != "auto":
        os.environ["KUBETUI_MARKS"] = settings.marks
    os.environ["KUBETUI_TIMES"] = settings.times
