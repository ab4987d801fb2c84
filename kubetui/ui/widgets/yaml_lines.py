"""YAML coloured line by line: key, string, number, comment. It never fails and needs no neighbouring line.

Text inside block scalars is coloured as if it were YAML; that is the price of looking at visible lines only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kubetui.ui.widgets.line_source import Span, TextStyle

LONGEST = 2_000
"""Longer lines are data, not structure: they stay plain."""

_KEY = re.compile(
    r"""(?P<indent>[ ]*(?:-[ ]+)*)
        (?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'\[\]{},&*!|>%@`-][^#:]*?|[^\s#:'"]+?)
        (?P<colon>[ ]*:)(?=\s|$)""",
    re.VERBOSE,
)
_ITEM = re.compile(r"[ ]*(?:-[ ]+)+|[ ]*-$")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_QUOTED = re.compile(r"""\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*)(?:\.\d+)?(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+|\.inf|\.nan|true|false|null|~")


def yaml_spans(line: str) -> Sequence[Span]:
    """The line in spans whose texts together are the line."""
    if len(line) > LONGEST:
        return (Span(line),)
    if line.lstrip().startswith("#"):
        return (Span(line, "comment"),)
    if line in ("---", "..."):
        return (Span(line, "dim"),)
    key = _KEY.match(line)
    if key is None:
        item = _ITEM.match(line)
        start = item.end() if item is not None else 0
        return tuple(span for span in (Span(line[:start], "dim"), *_value(line[start:])) if span.text)
    spans = (
        Span(key["indent"]),
        Span(key["key"], "key"),
        Span(key["colon"], "dim"),
        *_value(line[key.end() :]),
    )
    return tuple(span for span in spans if span.text)


def _value(text: str) -> tuple[Span, ...]:
    quoted = _QUOTED.match(text)
    end = quoted.end() if quoted is not None else 0
    comment = _COMMENT.search(text, end)
    value, rest = (text[: comment.start()], text[comment.start() :]) if comment is not None else (text, "")
    style: TextStyle = "string" if quoted is not None else _scalar_style(value.strip())
    return (Span(value, style), Span(rest, "comment"))


def _scalar_style(value: str) -> TextStyle:
    if not value:
        return ""
    return "number" if _NUMBER.fullmatch(value) else "string"
