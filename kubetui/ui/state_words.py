"""A store's state in words: what the pane, the header and the banner say. Pure."""

from __future__ import annotations

from typing import NamedTuple

from kubetui.store.state import Phase, SyncState


class StateWords(NamedTuple):
    """One word or two, whether they need a look, and the sentence behind them."""

    word: str
    calm: bool
    """False: the banner shows ``sentence``."""
    sentence: str = ""


def count(number: int) -> str:
    """With thousands set apart: ``33,000``."""
    return f"{number:,}"


def span(seconds: float) -> str:
    """A short length of time, coarse: ``14s``, ``3m``, ``2h``, ``4d``."""
    whole = max(0, int(seconds))
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if whole >= 2 * size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def words_for(state: SyncState, now: float) -> StateWords:
    """What to say about ``state`` at ``now`` (Unix seconds)."""
    if state.phase is Phase.LIVE:
        return _live(state)
    if state.phase is Phase.SYNCING:
        return StateWords(_syncing(state), calm=True)
    if state.phase is Phase.STALE:
        age = span(now - state.since) if state.since is not None else ""
        why = state.word or "reconnecting"
        return StateWords(f"stale {age} – {why}".replace("  ", " "), False, _sentence(state, now))
    if state.phase is Phase.FORBIDDEN:
        return StateWords(f"forbidden: {state.missing}", False, _sentence(state, now))
    if state.phase in (Phase.FAILED, Phase.NOT_INSTALLED):
        word = (state.word or "no connection") if state.phase is Phase.FAILED else state.phase.value
        return StateWords(word, False, _sentence(state, now))
    return StateWords(state.phase.value, calm=True)


def _live(state: SyncState) -> StateWords:
    if state.unreadable:
        gap = f"{count(state.unreadable)} objects could not be read and are not shown; the log file names them"
        return StateWords("live, with gaps", False, gap)
    if state.missing:
        return StateWords("polled", False, state.reason)
    return StateWords("live", calm=True)


def _syncing(state: SyncState) -> str:
    if state.total is None:
        return f"syncing {count(state.held)}" if state.held else "syncing"
    return f"syncing {count(state.held)}/~{count(state.total)}"


def _sentence(state: SyncState, now: float) -> str:
    parts = [state.reason]
    if state.advice:
        parts.append(state.advice)
    if state.next_try is not None:
        wait = state.next_try - now
        parts.append(f"next try in {span(wait)}, ^r tries now" if wait >= 1 else "trying now")
    return " · ".join(part for part in parts if part)
