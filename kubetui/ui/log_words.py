"""What stands above and below a log: whose lines these are, how the streams do, what is not shown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kubetui.cluster.logs.options import LogOptions
from kubetui.store.logs.sources import LogPhase
from kubetui.store.logs.view import LogFilter
from kubetui.ui.log_time import TimeFormat
from kubetui.ui.state_words import count

SINCE: Final = {
    "1": 60.0, "2": 300.0, "3": 900.0, "4": 1_800.0, "5": 3_600.0, "6": 10_800.0, "7": 43_200.0, "8": 86_400.0,
    "9": None,
}  # fmt: skip
"""Digit to seconds back; None for all that the node holds."""
_LONGEST_NAME: Final = 40
_ORDER: Final = (
    LogPhase.LIVE, LogPhase.OPENING, LogPhase.RECONNECTING, LogPhase.THROTTLED, LogPhase.WAITING, LogPhase.FORBIDDEN,
    LogPhase.ENDED, LogPhase.GONE,
)  # fmt: skip


@dataclass(frozen=True)
class LogFacts:
    """All that the two lines say."""

    name: str
    """Whose logs: ``deploy/coredns``, ``15 marked pods``."""
    place: str
    target: str
    """The target in words: ``deploy/coredns``."""
    options: LogOptions
    pods: int
    settled: bool
    """All pods that were there at the beginning are known."""
    young: bool
    """It began so lately that a log without lines may still have some."""
    phases: Sequence[LogPhase]
    """One for each source."""
    rate: float
    """Lines a second of all sources."""
    follow: bool
    fresh: int | None
    """Entries that came since a pause began; None: none is on."""
    wanted: LogFilter
    level: str
    """The level filter in words; ``""`` for none."""
    matched: int
    """Lines that the filter lets through."""
    progress: float
    """How far a new filter is, 0 to 1."""
    highlights: Sequence[str]
    held: int
    since: str
    """The time of the oldest line held."""
    dropped: int
    left_out: int
    """Containers without a stream for the limit's sake."""
    most_streams: int
    marked: int
    times: TimeFormat


def since_words(seconds: float | None) -> str:
    """``15m``, ``24h``, ``all``."""
    if seconds is None:
        return "all"
    for unit, size in (("h", 3_600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s"


def rate_words(rate: float) -> str:
    """``182 lines/s``, ``0.3 lines/s``."""
    return f"{count(round(rate))} lines/s" if rate >= 10 or not rate else f"{rate:.1f} lines/s"


def heading(facts: LogFacts) -> str:
    """``Logs  deploy/coredns · follow · since 15m · 5 pods, 5 live · 182 lines/s · kube-system``.

    What hides lines stands first: on a narrow screen the end is cut.
    """
    live = sum(phase is LogPhase.LIVE for phase in facts.phases)
    pods = f"{count(facts.pods)} pod{'' if facts.pods == 1 else 's'}, {count(live)} live"
    parts = [facts.name if len(facts.name) <= _LONGEST_NAME else f"{facts.name[: _LONGEST_NAME - 1]}…"]
    if facts.fresh is not None:
        parts.append(f"paused, {count(facts.fresh)} new")
    parts += _filters(facts)
    if facts.fresh is None and facts.follow and facts.options.follow:
        parts.append("follow")
    parts.append("previous containers" if facts.options.previous else f"since {since_words(facts.options.since)}")
    return "Logs  " + " · ".join([*parts, pods, rate_words(facts.rate), facts.place])


def _filters(facts: LogFacts) -> Iterator[str]:
    wanted = facts.wanted
    if wanted.text is not None:
        yield f"only {wanted.text.typed}"
    if facts.level:
        yield facts.level
    if wanted.hidden:
        yield f"{len(wanted.hidden)} hidden"
    if facts.progress < 1:
        yield f"looking, {facts.progress:.0%}"
    elif not wanted.everything:
        yield f"{count(facts.matched)} of {count(facts.held)}"
    yield from (f"highlight {typed}" for typed in facts.highlights)


def status(facts: LogFacts) -> str:
    """``live 4 · reconnecting 1 · 0 dropped · held 41,210 lines since 11:48:02 · UTC``."""
    counted = Counter(facts.phases)
    parts = [f"{phase.value} {count(counted[phase])}" for phase in _ORDER if counted[phase]]
    parts.append(f"{count(facts.dropped)} dropped")
    held = f"held {count(facts.held)} lines"
    parts.append(f"{held} since {facts.since}" if facts.since else held)
    if facts.marked:
        parts.append(f"{facts.marked} marked")
    parts.append("times off" if facts.times is TimeFormat.OFF else facts.times.value)
    return " · ".join(parts)


def notice(facts: LogFacts) -> str:
    """What the limit leaves out, and a filter that gave up; ``""`` where that is nothing."""
    parts = []
    if facts.wanted.text is not None and facts.wanted.text.trouble:
        parts.append(f"▲ {facts.wanted.text.trouble}; what it did not judge is shown · Esc clears the filter")
    if facts.left_out:
        parts.append(
            f"▲ {count(facts.left_out)} containers more are not shown: at most {facts.most_streams} streams open"
            " unasked · + opens 50 more, s names them"
        )
    return "\n".join(parts)


def why_empty(facts: LogFacts) -> str:
    """Why no line is shown."""
    if not facts.settled:
        return f"looking for the pods of {facts.target} …"
    if not facts.pods:
        return f"{facts.target} has no pods in {facts.place}; they will show when there are any"
    if facts.held and not facts.wanted.everything:
        return f"none of the {count(facts.held)} lines held is let through · Esc clears the filter" + _hint(facts)
    if not facts.held and (LogPhase.OPENING in facts.phases or facts.young):
        return f"reading the logs of {count(len(facts.phases))} containers …"
    if LogPhase.WAITING in facts.phases and LogPhase.LIVE not in facts.phases:
        return "the containers wait to be started; s says what for"
    if facts.options.previous:
        return "no container here has run before"
    if facts.options.since is not None:
        return f"no lines in the last {since_words(facts.options.since)} · 9 reads all that the nodes hold"
    return "no lines yet"


def _hint(facts: LogFacts) -> str:
    """Where signs were typed that only mean something in a regular expression."""
    text = facts.wanted.text
    if text is None or text.expression or not set(text.typed) & set("|*+?[]()^$\\"):
        return ""
    return f"\n\nsearched as plain text; /{text.typed}/ is a regular expression"
