"""Configz and Top, the whole program in a pseudo-terminal, on a demo with disturbed kubelets and metrics-server."""

from __future__ import annotations

import json
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.terminal.conftest import Start
from tests.terminal.program import CHECKOUT, Program

Tell = Callable[..., None]
USED = re.compile(r"aks-\S+ +\d+m +\d+ %")
"""A node's row with its CPU."""
ENOUGH = 30
"""Seconds that the demo takes at most to start, to answer and to end."""


@pytest.fixture
def tell(environ: dict[str, str]) -> Iterator[Tell]:
    """A demo that is served, in ``KUBECONFIG``; and its control calls: ``tell("incident", name=…)``."""
    command = [sys.executable, "-m", "kubetui", "demo", "--serve", "--nodes", "9", "--pods", "120"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        try:
            said = "".join(process.stdout.readline() for _ in range(4))
            url, token = re.search(r"POST (\S+)", said), re.search(r"Authorization: Bearer (\S+)", said)
            path = re.search(r"export KUBECONFIG=(\S+)", said)
            assert url is not None, said
            assert token is not None, said
            assert path is not None, said
            environ["KUBECONFIG"] = path[1].strip("'\"")

            def told(do: str, **more: Any) -> None:
                # The demo's certificate is its own, new each time.
                context = ssl._create_unverified_context()
                body = json.dumps({"do": do, **more}).encode()
                headers = {"Authorization": f"Bearer {token[1]}", "Content-Type": "application/json"}
                with urlopen(Request(url[1], body, headers), context=context, timeout=ENOUGH) as answer:
                    assert answer.status == 200

            yield told
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(ENOUGH)


def ended(program: Program) -> None:
    program.type("q")
    assert program.wait_for_end() == 0


@pytest.mark.usefixtures("tell")
def test_variants_are_found_compared_and_searched(start: Start) -> None:
    with start(pane="pods", width=160) as program:
        program.wait_for("live")
        program.type("7")
        # Given that all kubelets answered, and some of them drifted
        program.wait_for("Configz", "drifted in", "variants", "other configuration", patience=60)
        assert "◆" in program.text

        # When two variants are marked and compared, they stand side by side, what differs first
        program.type(" j ")
        program.wait_for("2 marked, d compares")
        program.type("d")
        program.wait_for("AKS SETS", "differ ·")
        first = program.lines[next(n for n, line in enumerate(program.lines) if "FIELD" in line) + 1]
        assert "◆" in first
        program.type("\x1b")
        program.wait_for("variants")

        # When somebody asks who has maxPods 30, those and no others are left
        total = re.search(r"(\d+) of \1 nodes", program.text)
        assert total is not None
        program.type("/maxPods 110\r")
        program.wait_for("filter maxPods 110")
        program.type("\x1b")
        program.wait_while("filter maxPods")
        program.type("/maxPods 7\r")
        program.wait_for("no node's configuration matches")
        program.type("\x1b")
        program.wait_for("other configuration")
        ended(program)


def test_asking_can_be_stopped_while_kubelets_are_silent(tell: Tell, start: Start) -> None:
    tell("trouble-kubelet", never=True)
    with start(pane="pods") as program:
        program.wait_for("live")
        program.type("7")
        program.wait_for("Configz 0 of", "Esc stops")
        program.type("\x1b")
        program.wait_for("stopped, ^r asks all")

        # When they are well again, ^r asks the rest
        tell("trouble-kubelet")
        program.type("\x12")
        program.wait_for("variants", patience=60)
        assert re.search(r"(\d+) of \1 nodes", program.text)
        ended(program)


def test_top_falls_back_to_the_kubelets_while_metrics_server_is_down(tell: Tell, start: Start) -> None:
    with start(pane="pods") as program:
        program.wait_for("live")
        program.type("8")
        program.wait_for("Top nodes", "all use", "Mi")
        program.wait_until(lambda: bool(USED.search(program.text)), "what a node uses")

        # When metrics-server goes, the pane says so, and who looks still sees what nodes use
        tell("incident", name="metrics-server-down")
        program.type("\x12")
        program.wait_for("no metrics API", "kubectl top and the autoscalers are blind", patience=90)
        program.wait_for("kubelets' stats/summary")
        program.wait_until(lambda: bool(USED.search(program.text)), "what a node uses")

        # When it is back, its samples are what is shown
        tell("end-incident", name="metrics-server-down")
        program.type("\x12")
        program.wait_while("kubelets' stats/summary")
        program.wait_for("all use")
        ended(program)
