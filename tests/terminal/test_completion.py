"""Tab in the real shells: each sources the printed script and completes as its user types."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.terminal.program import CHECKOUT, Program

BASH = 'PS1="$ "; bind "set bell-style none"; source <(kubetui completion bash); clear\r'
FISH = "function fish_prompt; echo '$ '; end; kubetui completion fish | source; clear\r"
ZSH = "PS1='$ '; autoload -Uz compinit; compinit -u -D; source <(kubetui completion zsh); clear\r"
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], BASH),
    "zsh": (["zsh", "-f", "-i"], ZSH),
    "fish": (["fish", "--no-config", "-i"], FISH),
}
TYPED = [
    ("--pan", "--pane "),
    ("--pane no", "--pane nodes "),
    ("comp", "completion "),
    ("config pr", "config print-default "),
    ("demo --wind", "demo --windows "),
    ("--context aks", "--context aks-prod "),
    ("-n team-0", "-n team-04 "),
    ("--kubeconfig odd-f", "--kubeconfig odd-file "),
]


class Shell(Program):
    """A shell in a terminal, with ``kubetui`` on its PATH."""

    def __init__(self, name: str, environ: dict[str, str]) -> None:
        words, self._setup = SHELLS[name]
        super().__init__((), environ, width=100, height=20, command=[str(shutil.which(words[0])), *words[1:]])

    def ready(self) -> None:
        """Until it has read the script and prompts on an empty screen."""
        self.wait_for_output()
        self.type(f"cd; {self._setup}")
        self.wait_until(lambda: [line for line in self.lines if line] == ["$"], "prompt on an empty screen")

    def completes(self, typed: str, shown: str) -> None:
        """Type, press Tab, and wait for what must stand there; then clear the line."""
        self.type(f"kubetui {typed}\t")
        self.wait_until(lambda: any(line.startswith(f"$ kubetui {shown.rstrip()}") for line in self.lines), repr(shown))
        self.type("x")  # zsh takes the blank back before signs of its own
        self.wait_until(lambda: any(f"kubetui {shown}x" in line for line in self.lines), f"{shown!r} and a blank")
        self.type("\x15")
        self.wait_until(lambda: not any("kubetui" in line for line in self.lines), "an empty line")


@pytest.fixture
def environ(environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "kubetui"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={CHECKOUT} exec {sys.executable} -m kubetui "$@"\n')
    program.chmod(0o755)
    home = Path(environ["HOME"])
    (home / "odd-file").touch()
    (home / ".kube").mkdir()
    contexts = [{"name": "aks-prod", "context": {"cluster": "c", "namespace": "team-04"}}]
    (home / ".kube" / "config").write_text(json.dumps({"contexts": contexts}))
    return {**environ, "PATH": f"{folder}:{environ['PATH']}", "INPUTRC": os.devnull}


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_completes(name: str, environ: dict[str, str]) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    with Shell(name, environ) as shell:
        shell.ready()
        for typed, shown in TYPED:
            shell.completes(typed, shown)
