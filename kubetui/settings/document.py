"""The settings file with every field explained, as ``kubetui config print-default`` writes it, and its document."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from kubetui.settings.fields import FIELDS, Field

_WIDTH = 100


def default_file() -> str:
    """Every field commented out with its explanation and an example, so that the file changes nothing as it is."""
    lines = ["# The settings of kubetui. Every line is optional; what is commented out is an example.", ""]
    for part in FIELDS:
        lines += [f"# {line}" for line in wrap(part.help, _WIDTH)]
        lines.append(f"# Default: {part.default}.{_choices(part)}")
        lines += [f"#{line}" for line in part.example.splitlines()]
        lines.append("")
    return "\n".join(lines)


def field_rows() -> Iterable[str]:
    """The rows of the document's table."""
    for part in FIELDS:
        yield f"| {_code(part.path)} | {_SHAPES[part.shape]} | {_plain(part.default)} | {_escaped(part.help)} |"


def _choices(part: Field) -> str:
    if part.choices:
        return f" One of {', '.join(part.choices)}."
    return f" From {part.lowest} to {part.highest}." if part.highest else ""


_SHAPES = {
    "text": "text",
    "flag": "`true` or `false`",
    "number": "whole number",
    "texts": "list of texts",
    "text or texts": "text, or list of texts",
    "numbers by name": "names with whole numbers",
}


def _code(text: str) -> str:
    return f"`{text}`"


def _plain(default: str) -> str:
    return f"`{default}`" if default.startswith(('"', "t", "f")) and " " not in default else _escaped(default)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")
