"""``python -m tests.az_options`` writes which options ``az`` knows, from its own help; needs ``az`` on the PATH.

The commands to copy are checked against it, so that the tests need no Azure CLI.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from kubetui.commands.node import MACHINE, POOL
from kubetui.commands.node_pool import NODE_POOL_SECTIONS

DOCUMENT = Path(__file__).parent / "unit" / "commands" / "az_options.json"
ELSEWHERE = {
    "account get-access-token", "account set", "account show", "aks get-credentials", "aks install-cli",
    "aks operation-abort", "aks show", "aks update", "login", "monitor activity-log list", "vm list-usage",
    "vm start", "vmss start",
}  # fmt: skip
"""Those of findings, pages, errors and documents; ``test_az_lines.py`` fails for one that is not here."""
_OPTION = re.compile(r" {4}(?P<names>--?[a-zA-Z][\w-]*(?: --?[\w-]+)*)\s*(?P<required>\[Required])?")


def commands() -> list[str]:
    """All ``az`` commands that are offered or named, without their options."""
    lines = [command.line for section in (MACHINE, POOL, *NODE_POOL_SECTIONS) for command in section.commands]
    found = {re.split(r" (?=[-{])", line)[0].removeprefix("az ") for line in lines if line.startswith("az ")}
    return sorted(found | ELSEWHERE)


def options_of(command: str) -> dict[str, list[list[str]]]:
    """The options of one command, each with its other names; those that must be given apart."""
    found: dict[str, list[list[str]]] = {"required": [], "others": []}
    for line in _az(*command.split(), "--help").splitlines():
        match = _OPTION.match(line)
        if match is not None:
            found["required" if match["required"] else "others"].append(match["names"].split())
    return found


def _az(*words: str) -> str:
    return subprocess.run(["az", *words], capture_output=True, text=True, timeout=120, check=True).stdout


if __name__ == "__main__":
    version = json.loads(_az("version", "-o", "json"))["azure-cli"]
    lines = [f"  {json.dumps(command)}: {json.dumps(options_of(command))}" for command in commands()]
    DOCUMENT.write_text(
        f'{{"azure-cli": "{version}", "commands": {{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8"
    )
    print(DOCUMENT)
