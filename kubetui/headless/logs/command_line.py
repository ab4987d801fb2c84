"""The arguments of ``kubetui logs``. Cheap to import: the command line is parsed before anything heavy is loaded."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kubetui.cluster.logs.asked import LogsAsked

EPILOG = """\
TARGET is deploy/NAME, ds/NAME, sts/NAME, rs/NAME, job/NAME, cronjob/NAME, svc/NAME, node/NAME, pod/NAME,
or a regular expression that pods' names must contain; a pod's whole name means that pod.

On a terminal this opens the Logs pane. Into a pipe or a file, or with -o, it writes the lines of all containers
merged by time: the containers' own bytes, pod and container in front. What is not a line (gaps, reconnects,
restarts, whatever cannot be read) goes to standard error, with -o json as objects among the lines.

exit codes: 0 read; 1 something could not be read; 2 wrong arguments; 130 ended by ^c; 141 the reader went away
"""


def parser() -> argparse.ArgumentParser:
    """The command line behind ``kubetui logs``."""
    found = argparse.ArgumentParser(
        prog="kubetui logs",
        description="Logs of many containers in one, in time order.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    found.add_argument("target", nargs="?", default="", metavar="TARGET", help="whose logs; see below")
    found.add_argument("-l", "--selector", default="", metavar="LABELS", help="pods with these labels")
    where = found.add_mutually_exclusive_group()
    where.add_argument("-n", "--namespace", action="append", default=[], metavar="NAME", help="may be repeated")
    where.add_argument("-A", "--all-namespaces", action="store_true", help="all namespaces")
    found.add_argument(
        "-c", "--container", default="", type=_expression, metavar="REGEX", help="containers; init ones and all else"
    )
    found.add_argument("--since", type=_seconds, metavar="AGE", help="lines younger than 15m, 2h, 1h30m, 2d")
    found.add_argument("--tail", type=_count, metavar="LINES", help="the last lines of each container; -1 for all")
    found.add_argument("-p", "--previous", action="store_true", help="the container before the last restart")
    found.add_argument("-f", "--follow", action="store_true", default=True, help="go on with new lines (the default)")
    found.add_argument("--no-follow", dest="follow", action="store_false", help="end with what is there")
    found.add_argument("-t", "--timestamps", action="store_true", help="time stamps in front, UTC, nine digits")
    found.add_argument("--no-prefix", dest="prefix", action="store_false", help="no names in front")
    found.add_argument(
        "--max-streams", type=_streams, default=50, metavar="N", help="containers followed at a time; 50"
    )
    found.add_argument("-o", "--output", choices=("text", "json"), help="write lines, on a terminal too")
    found.add_argument("--context", metavar="NAME", help="the kubeconfig context to use")
    found.add_argument("--kubeconfig", metavar="FILE", help="the kubeconfig file; else KUBECONFIG, ~/.kube/config")
    return found


def parse(arguments: Sequence[str], before: argparse.Namespace) -> argparse.Namespace:
    """``arguments`` parsed, on top of those ``before`` the command; leaves by exit code 2 where they are wrong."""
    found = parser()
    given = found.parse_args(arguments)
    if not given.target and not given.selector:
        found.error("whose logs? name deploy/NAME, pod/NAME, a regular expression over pods' names, or -l LABELS")
    if not (given.namespace or given.all_namespaces):
        given.namespace, given.all_namespaces = before.namespace, before.all_namespaces
    for name, value in vars(before).items():
        if getattr(given, name, None) is None:
            setattr(given, name, value)
    return given


def asked_of(given: argparse.Namespace) -> LogsAsked:
    """What the parsed command line asks for."""
    from kubetui.cluster.logs.asked import LogsAsked
    from kubetui.cluster.logs.options import LogOptions

    options = LogOptions(
        containers=given.container,
        since=given.since,
        tail=given.tail,
        previous=given.previous,
        follow=given.follow and not given.previous,
        most_streams=given.max_streams,
    )
    return LogsAsked(given.target, given.selector, frozenset(given.namespace), given.all_namespaces, options)


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from error
    return text


def _seconds(text: str) -> float:
    from kubetui.kinds.age import parse_duration

    seconds = parse_duration(text)
    if not seconds:
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time; write 90s, 15m, 2h, 1h30m or 2d")
    return float(seconds)


def _count(text: str) -> int | None:
    if not re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of lines")
    return None if text.startswith("-") else int(text)


def _streams(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 99999")
    return int(text)
