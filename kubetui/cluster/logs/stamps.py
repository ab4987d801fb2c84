"""The kubelet's time stamp in front of each line: RFC 3339 with nine digits, then a blank, then the line.

``2006-01-02T15:04:05.000000000Z07:00`` in the zone of the node (k8s.io/cri-client ``pkg/logs``): stamps of different
nodes can't be compared as text. Lines of one second share their first 20 bytes, which are read only once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from kubetui.store.logs.entry import NANO

_STAMP: Final = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:)(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)(?: |$)", re.DOTALL)


class Stamps:
    """Reads the stamps of one stream; remembers the second and the zone that it read last."""

    def __init__(self) -> None:
        self._second = b""
        self._zone = b""
        self._base = 0
        self._text_at = 0

    def read(self, lines: Sequence[bytes]) -> tuple[list[int], list[bytes], list[int]]:
        """Times (ns) and texts of ``lines``, and the indexes of those without a stamp: these have the time of the
        line before them (0 at the start) and are left whole.
        """
        times: list[int] = []
        texts: list[bytes] = []
        bare: list[int] = []
        second, zone, base, at = self._second, self._zone, self._base, self._text_at
        for line in lines:
            if line[:20] == second and line[29:at] == zone and (digits := line[20:29]).isdigit():
                times.append(base + int(digits))
                texts.append(line[at:])
                continue
            found = self._slow(line)
            if found is None:
                bare.append(len(times))
                times.append(times[-1] if times else 0)
                texts.append(line)
            else:
                times.append(found[0])
                texts.append(found[1])
                second, zone, base, at = self._second, self._zone, self._base, self._text_at
        return times, texts, bare

    def _slow(self, line: bytes) -> tuple[int, bytes] | None:
        parsed = parse_stamp(line)
        if parsed is None:
            return None
        time, at = parsed
        if line[19:20] == b"." and line[20:29].isdigit() and len(line) >= at and line[at - 1 : at] == b" ":
            self._second, self._zone, self._text_at = line[:20], line[29:at], at
            self._base = time - int(line[20:29])
        return time, line[at:]


def parse_stamp(line: bytes) -> tuple[int, int] | None:
    """(time in ns, where the text starts) of a stamped line; None where it is not stamped."""
    found = _STAMP.match(line)
    if found is None:
        return None
    # Go writes a leap second as :60 never, others may; the second after :59 is near enough.
    seconds = int(found[2])
    text = f"{found[1].decode()}{min(seconds, 59):02}{found[4].decode().upper()}"
    try:
        when = datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
    if seconds > 60:
        return None
    fraction = int((found[3] or b"0").ljust(9, b"0"))
    return (int(when) + (seconds == 60)) * NANO + fraction, found.end()
