"""A log line for a terminal: its colours are kept, everything else that a terminal would obey is shown instead."""

from __future__ import annotations

import re
from typing import Final

from kubetui.ui.widgets.safe_text import safe

_SGR: Final = re.compile(r"(\x1b\[[0-9;:]*m)")
RESET: Final = "\x1b[0m"


def terminal_text(line: bytes, *, colours: bool = True) -> str:
    """``line`` as it may be written to a terminal. Without ``colours`` they are left out."""
    text = line.decode("utf-8", "replace")
    if "\x1b" not in text:
        return safe(text)
    parts = _SGR.split(text)
    kept = [part if index % 2 else safe(part) for index, part in enumerate(parts) if colours or not index % 2]
    return "".join(kept) + (RESET if colours and len(parts) > 1 else "")
