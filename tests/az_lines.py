"""Lines for ``az``: those that stand in the program's text and the documents, and what is wrong with one.

``unit/commands/az_options.json`` holds az's own commands and options; ``python -m tests.az_options`` writes it.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

CHECKOUT: Final = Path(__file__).parent.parent
_KNOWN: Final[Mapping[str, Any]] = json.loads(
    (CHECKOUT / "tests" / "unit" / "commands" / "az_options.json").read_text(encoding="utf-8")
)["commands"]
PREVIEW: Final = frozenset({"--kube-proxy-config"})
"""Options of the extension aks-preview, which az's own help leaves out; their texts have to name it."""
_PROSE: Final = frozenset({
    "and", "can", "command", "commands", "did", "in", "is", "itself", "knows", "line", "lines", "needs", "not", "or",
    "reads", "says", "too", "waiting", "wants", "where", "writes",
})  # fmt: skip
"""What follows ``az`` where it is a word among others."""
_CALL: Final = re.compile(r"(?<![\w./:-])az (?P<rest>[^\n`'\"()|;]+)")


class AzLine(NamedTuple):
    """One line as it is written, from ``az`` on; ``…`` and words in capitals or braces stand for what is filled in."""

    where: str
    text: str
    among: str
    """The text that it stands in."""


def written() -> Iterator[AzLine]:
    """All lines in texts of the program, in README and docs; those that are put together of parts only in part."""
    for path in sorted((CHECKOUT / "kubetui").rglob("*.py")):
        for text in _texts(path):
            yield from _in(text, path)
    for path in (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))):
        yield from _in(path.read_text(encoding="utf-8"), path)


def _texts(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def _in(text: str, path: Path) -> Iterator[AzLine]:
    for match in _CALL.finditer(text):
        words = match["rest"].split()
        if words and words[0].strip("`,:.").lower() not in _PROSE and words[0] != "X":
            yield AzLine(str(path.relative_to(CHECKOUT)), f"az {' '.join(words)}", text)


def wrong_with_line(line: str) -> str:
    """What ``az`` would not take in a line to copy; ``""`` where it would, and for other programs' lines."""
    words = shlex.split(line)
    return wrong_with(words) if words[:1] == ["az"] else ""


def wrong_with(words: Sequence[str], *, whole: bool = True) -> str:
    """As ``wrong_with_line``, of words. ``whole``: nothing is left to be added."""
    command = _command(words[1:])
    if not command:
        return f"no command of az: {' '.join(words)}"
    known = _KNOWN[command]
    required, names = known["required"], {name for found in (*known["required"], *known["others"]) for name in found}
    used = {word for word in words if re.fullmatch(r"--?[a-zA-Z][\w-]*", word)}
    if strange := used - names:
        return f"az {command} has no {', '.join(sorted(strange))}"
    missing = [found for found in required if not used & set(found)]
    return f"az {command} wants {missing}" if missing and whole else ""


def _command(words: Sequence[str]) -> str:
    """The longest beginning that is a command; ``""`` where none is."""
    beginnings = (" ".join(words[:length]) for length in range(len(words), 0, -1))
    return next((one for one in beginnings if one in _KNOWN), "")


def said(line: AzLine) -> Sequence[str]:
    """The words of a line among others, up to where its sentence goes on."""
    found: list[str] = []
    for word in line.text.split():
        if word in ("and", "then", "or"):
            break
        if word not in PREVIEW or "aks-preview" not in line.among:
            found.append(word.rstrip(",.:)"))
        if word.endswith((",", ":", ".")):
            break
    return found
