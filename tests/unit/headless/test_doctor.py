"""What the doctor says of a terminal, of endings, and in which form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kubetui.cli import parser
from kubetui.cluster.kubeconfig import KubeConfig
from kubetui.headless.doctor.line import Line, exit_code, finding, fine, unknown
from kubetui.headless.doctor.report import as_json, summary, text
from kubetui.headless.doctor.terminal import terminal

CHECKOUT = Path(__file__).parents[3]
UTF8 = {"LANG": "C.UTF-8", "TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        ([fine("a", "b")], 0, "all fine"),
        ([fine("a", "b"), unknown("c", "d")], 2, "1 could not be told"),
        ([finding("a", "b", "c"), unknown("c", "d")], 1, "1 to look at, 1 could not be told"),
        ([], 0, "all fine"),
    ],
)
def test_verdicts_add_up(lines: list[Line], code: int, words: str) -> None:
    assert (exit_code(lines), summary(lines)) == (code, words)


def test_lines_hold_no_control_characters_as_text_and_all_bytes_as_json() -> None:
    line = finding("server", "\x1b[31mbad\x1b[0m\nnews", "mend it")
    assert text(line) == "!!  server                bad news\n                          → mend it"
    assert json.loads(as_json("prod", [line]))["lines"] == [
        {"subject": "server", "verdict": "finding", "found": line.found, "advice": "mend it"}
    ]


def said(environ: dict[str, str]) -> dict[str, Line]:
    return {line.subject: line for line in terminal({**UTF8, **environ}, is_terminal=True)}


@pytest.mark.parametrize(
    ("environ", "subject", "words", "to_do"),
    [
        ({"COLORTERM": "truecolor"}, "colours", "16 million", False),
        ({}, "colours", "256", False),
        ({"TERM": "xterm"}, "colours", "16 (xterm)", False),
        ({"TERM": "dumb"}, "colours", "TERM is dumb", True),
        ({"NO_COLOR": "1"}, "colours", "NO_COLOR", False),
        ({}, "characters", "UTF-8", False),
        ({"LANG": "C"}, "characters", "the locale is C", True),
        ({"LC_ALL": "POSIX"}, "characters", "the locale is POSIX", True),
        ({"STY": "1.pts"}, "clipboard", "GNU screen", True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, "clipboard", "Apple", True),
        ({"VTE_VERSION": "6800"}, "clipboard", "VTE", True),
        ({}, "clipboard", "OSC 52", False),
    ],
)
def test_the_terminal_is_judged_by_what_it_says_of_itself(
    environ: dict[str, str], subject: str, words: str, to_do: bool
) -> None:
    line = said(environ)[subject]
    assert words in line.found
    assert (line.verdict.value == "finding") is to_do


def test_where_there_is_no_terminal_nothing_is_judged() -> None:
    (line,) = terminal({}, is_terminal=False)
    assert line.verdict.value == "fine"


def test_it_loads_no_textual() -> None:
    code = "import kubetui.headless.doctor.command, kubetui.compose, sys; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, timeout=60).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ["doctor", "--context", "prod", "--kubeconfig", "kc", "-n", "a", "-n", "b"],
        ["--context", "prod", "--kubeconfig", "kc", "-n", "a", "-n", "b", "doctor"],
        ["--context", "dev", "--kubeconfig", "other", "-n", "c", "doctor", "--context", "prod", "--kubeconfig", "kc",
         "-n", "a", "-n", "b"],
    ],
)  # fmt: skip
def test_which_cluster_may_be_said_before_the_command_and_after_it(words: list[str]) -> None:
    given = parser().parse_args(words)
    assert (given.context, given.kubeconfig, given.namespace) == ("prod", "kc", ["a", "b"])


def test_a_cluster_comes_from_a_file_not_from_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "kc"
    document = {
        "clusters": [{"name": "c", "cluster": {"server": "https://api.example:443"}}],
        "contexts": [{"name": "x", "context": {"cluster": "c"}}],
        "current-context": "x",
    }
    file.write_text(json.dumps(document))
    assert KubeConfig.load(file, {}).context().source == str(file)
