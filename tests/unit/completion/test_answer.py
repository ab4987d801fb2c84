"""What the program answers to a shell that asks what may come next."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.cli import demo_parser, parser
from kubetui.completion.answer import answer
from kubetui.settings.panes import PANES

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kubeconfig with odd names, and settings."""
    contexts = {"aks-prod": "team-04", "my cluster": "", "arn:aws:eks:x": "shop", "it's": "team-01"}
    kubeconfig = {
        "contexts": [
            {"name": name, "context": {"cluster": f"c-{number}", "user": "u", "namespace": namespace}}
            for number, (name, namespace) in enumerate(contexts.items())
        ],
        "clusters": [],
        "users": [],
    }
    (tmp_path / "kubeconfig").write_text(json.dumps(kubeconfig))
    (tmp_path / "config.toml").write_text('[contexts.aks-prod]\nnamespaces = ["team-04", "team-05"]\n')
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    monkeypatch.setenv("KUBETUI_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path


def fish(*words: str) -> list[str]:
    """The values offered behind ``words``; the last is under the cursor."""
    return [line.partition("\t")[0] for line in asked("fish", "--", *words)]


def asked(*question: str) -> list[str]:
    commands = {"demo": demo_parser}
    return answer(parser(), commands, {"incident": lambda given: []}, question).splitlines()


def bash(line: str, breaks: str = " \t\n\"'><=;|&(:@") -> list[str]:
    return asked("bash", breaks, line)


# --- what is offered


def test_commands_first() -> None:
    assert {"demo", "logs", "doctor", "config", "completion"} <= set(fish(""))


def test_options_where_a_dash_was_typed() -> None:
    offered = fish("-")
    assert {"--context", "--namespace", "--pane", "--config", "--version"} <= set(offered)
    assert "demo" not in offered


def test_an_option_is_offered_once_unless_it_may_be_repeated() -> None:
    offered = fish("--pane", "pods", "-n", "team-04", "--no-mouse", "-")
    assert "--pane" not in offered
    assert "--no-mouse" not in offered
    assert "--namespace" in offered


def test_panes() -> None:
    assert fish("--pane", "") == list(PANES)
    assert fish("--pane=") == [f"--pane={pane}" for pane in PANES]


def test_contexts_of_the_kubeconfig() -> None:
    assert fish("--context", "") == ["aks-prod", "my cluster", "arn:aws:eks:x", "it's"]


def test_contexts_of_the_kubeconfig_that_the_line_names(files: Path) -> None:
    other = {"contexts": [{"name": "other", "context": {"cluster": "c"}}]}
    (files / "other").write_text(json.dumps(other))
    assert fish("--kubeconfig", str(files / "other"), "--context", "") == ["other"]


def test_namespaces_that_are_known_here_those_of_the_context_first() -> None:
    assert fish("-n", "") == ["team-04", "shop", "team-01", "team-05"]
    assert fish("--context", "it's", "-n", "")[0] == "team-01"
    assert fish("-n", "team-04", "-n", "") == ["shop", "team-01", "team-05"]


def test_files() -> None:
    assert asked("fish", "--", "--kubeconfig", "") == [":files"]
    assert asked("zsh", "--", "--config=/et") == [":files"]
    assert bash("kubetui --log-file x") == [":files"]


def test_words_behind_a_command() -> None:
    assert fish("config", "") == ["path", "check", "print-default"]
    assert fish("completion", "") == ["bash", "zsh", "fish"]
    assert "--incident" in fish("demo", "-")
    assert "--pane" not in fish("demo", "-")


def test_nothing_behind_the_last_word() -> None:
    assert fish("config", "check", "") == []
    assert fish("--pods", "") == list(fish(""))


def test_a_kubeconfig_that_is_none_offers_nothing(files: Path) -> None:
    (files / "kubeconfig").write_text("{")
    assert fish("--context", "") == []


@given(st.lists(st.text(max_size=8), max_size=5))
def test_no_words_end_it(words: list[str]) -> None:
    fish(*words, "")


# --- in each shell's own form


def test_bash_gets_what_begins_as_was_typed() -> None:
    assert bash("kubetui --pa") == ["--pane"]
    assert bash("kubetui --pane d") == ["daemonsets", "deployments"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("kubetui --context my", ["my\\ cluster"]),
        ("kubetui --context 'my", ["my cluster"]),
        ("kubetui --context it", ["it\\'s"]),
        ("kubetui --context arn:aws:e", ["eks:x"]),
        ("kubetui --context arn:", ["aws:eks:x"]),
        ("kubetui --pane=no", ["nodes"]),
    ],
)
def test_bash_gets_what_replaces_the_rest_of_the_word(line: str, offered: list[str]) -> None:
    assert bash(line) == offered


def test_bash_without_breaks_at_colons_gets_the_whole() -> None:
    assert bash("kubetui --context arn:aws:e", " ") == ["arn:aws:eks:x"]


def test_zsh_gets_colons_escaped() -> None:
    assert "arn\\:aws\\:eks\\:x:cluster c-2" in asked("zsh", "--", "--context", "")


def test_a_question_of_no_known_form_is_answered_with_nothing() -> None:
    assert asked() == asked("tcsh", "x") == asked("bash") == []


def test_asking_loads_nothing_heavy() -> None:
    code = (
        "import sys; from kubetui.cli import main; main(['__complete', 'fish', '--', '--pane', ''])\n"
        "print({'textual', 'rich', 'aiohttp', 'kubernetes', 'yaml', 'msgspec'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert ended.stdout.splitlines()[-1] == "set()", ended.stderr


def test_no_help_lists_the_question() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "kubetui", "--help"], cwd=CHECKOUT, capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert "completion" in ended.stdout
    assert "__complete" not in ended.stdout
