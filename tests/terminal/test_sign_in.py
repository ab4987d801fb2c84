"""Plugins that sign in, on a real terminal: who has the keys when, and what is left behind."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tests.terminal.api_server import SmallCluster
from tests.terminal.conftest import Start

V1 = "client.authentication.k8s.io/v1"
PROMPT = "To sign in, open https://microsoft.com/devicelogin and enter the code F7QK2LXYZ to authenticate."
ANSWER = json.dumps({"apiVersion": V1, "kind": "ExecCredential", "status": {"token": "a-token"}})


@pytest.fixture
def signs_in_by(small_cluster: SmallCluster, environ: dict[str, str], tmp_path: Path) -> Path:
    """The small cluster's kubeconfig, whose user signs in by the program ``plugin`` beside it."""
    path = Path(environ["KUBECONFIG"])
    config = json.loads(path.read_text())
    config["users"][0]["user"] = {
        "exec": {"apiVersion": V1, "command": "./plugin", "interactiveMode": "IfAvailable"},
    }
    path.write_text(json.dumps(config))
    return path


def plugin(kubeconfig: Path, body: str, mode: str = "IfAvailable") -> None:
    path = kubeconfig.with_name("plugin")
    path.write_text(f"#!/bin/sh\n{body}\necho '{ANSWER}'\n")
    path.chmod(0o755)
    kubeconfig.write_text(kubeconfig.read_text().replace("IfAvailable", mode))


def test_a_device_code_is_read_while_the_plugin_waits(signs_in_by: Path, start: Start, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    plugin(signs_in_by, f"echo '{PROMPT}' >&2; cat '{tmp_path / 'gate'}'")
    with start("-A") as program:
        program.wait_for("plugin signs in as reader", "enter the code F7QK2LXYZ", "c copies the code F7QK2LXYZ")
        (tmp_path / "gate").write_text("")
        program.wait_for("Pods all namespaces · 4")
        program.wait_while("F7QK2LXYZ")
        program.type("q")
        assert program.wait_for_end() == 0


def test_a_plugin_that_must_ask_has_the_terminal_and_gives_it_back(signs_in_by: Path, start: Start) -> None:
    plugin(signs_in_by, 'printf "Password: " >&2; read word; test "$word" = "open sesame" || exit 3', mode="Always")
    with start("-A") as program:
        program.wait_for("plugin signs in as reader and has the terminal", "Password:")
        program.type("open sesame\n")
        program.wait_for("Pods all namespaces · 4")
        program.type("j")
        program.type("q")
        assert program.wait_for_end() == 0
        assert program.terminal_settings() == program.terminal_before


def test_an_interrupt_ends_the_plugin_on_the_terminal_and_nothing_else(signs_in_by: Path, start: Start) -> None:
    plugin(signs_in_by, 'printf "Password: " >&2; read word', mode="Always")
    with start("-A") as program:
        program.wait_for("Password:")
        program.type("\x03")
        program.wait_for("not signed in", "^r tries now")
        program.type("\x12")
        program.wait_for("It has to ask on the terminal again", "t gives it the terminal")
        program.type("t")
        program.wait_for("Password:")
        program.type("any\n")
        program.wait_for("Pods all namespaces · 4")
        program.type("q")
        assert program.wait_for_end() == 0


def test_the_person_hands_the_terminal_over(signs_in_by: Path, start: Start) -> None:
    body = 'case "$KUBERNETES_EXEC_INFO" in *\'"interactive": true\'*) printf "Password: " >&2; read word;; '
    plugin(signs_in_by, body + '*) echo "I need a terminal" >&2; sleep 600;; esac')
    with start("-A") as program:
        program.wait_for("I need a terminal", "t gives it the terminal")
        program.type("t")
        program.wait_for("Password:")
        program.type("any\n")
        program.wait_for("Pods all namespaces · 4")
        program.type("q")
        assert program.wait_for_end() == 0


def test_a_netrc_does_not_break_it(small_cluster: SmallCluster, environ: dict[str, str], start: Start) -> None:
    netrc = Path(environ["HOME"]) / ".netrc"
    netrc.write_text("default login somebody password secret\n")
    netrc.chmod(0o600)
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")
        program.type("q")
        program.wait_for_end()


def test_killed_it_leaves_no_file_behind(
    small_cluster: SmallCluster, environ: dict[str, str], start: Start, tmp_path: Path
) -> None:
    environ["TMPDIR"] = str(tmp_path / "tmp")
    (tmp_path / "tmp").mkdir()
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")
        program.interrupt_by_signal(signal.SIGKILL)
        program.process.wait()
    assert os.listdir(tmp_path / "tmp") == []
