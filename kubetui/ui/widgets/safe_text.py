"""Text from a cluster made harmless to a terminal: names, messages, annotations and logs are anybody's input.

What could steer a terminal or hide from the reader is replaced by a visible sign. Nothing is read as markup.
"""

from __future__ import annotations

import re

TAB_WIDTH = 8
"""Cells from one tab stop to the next."""

GONE = "\ufffd"
"""Stands for a character that was taken out."""

_SUSPECT = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: among them ESC and the one-character CSI, OSC, DCS, APC
    "\u00ad\u034f\u061c\u180b-\u180f"  # soft hyphen, grapheme joiner, Arabic letter mark, Mongolian selectors
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # zero width, separators, bidi embeddings and isolates
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors: terminals disagree about their width
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"  # interlinear marks, no characters, lone surrogates
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # shorthand, musical, tags
    "]"
)
_DROPPED = frozenset("\u200d\ufe0e\ufe0f")
"""Harmless glue of emoji: taken out without a sign, so that every character keeps a width of its own."""


def safe(text: str) -> str:
    """``text`` without anything a terminal would obey or a reader could not see.

    Controls become their pictures (``␛`` for ESC, ``␊`` for a line feed), tabs the spaces up to the next stop of
    eight, bidirectional and invisible characters ``\N{REPLACEMENT CHARACTER}``. Other characters stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text
    if "\t" in text:
        text = _expand_tabs(text)
    if _SUSPECT.search(text) is None:
        return text
    return _SUSPECT.sub(_sign, text)


def _expand_tabs(text: str) -> str:
    # str.expandtabs starts anew at each line feed, which is no line end here.
    return text.replace("\r", "␍").replace("\n", "␊").expandtabs(TAB_WIDTH)


def _sign(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return "" if character in _DROPPED else GONE
