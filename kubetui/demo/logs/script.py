"""What a run writes, at any time: a function of container, time and what happened, the same whoever asks and when."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from kubetui.demo.logs.line import SECOND, Line
from kubetui.demo.logs.moods import Interval, Moods
from kubetui.demo.logs.run import Run
from kubetui.demo.logs.tape import Tape
from kubetui.demo.logs.voice import Ending, Mood, Said, Say, Speaker, Voice

_UTTERANCES = 12
"""About how many a slot has: the unit in which a log is computed."""
_SHORTEST, _LONGEST = SECOND // 4, 3600 * SECOND
_BATCH_LINES = 1000
"""Of a flood, computed in one go: a millisecond."""
_CACHED_SLOTS = 2048
_BURST = 40_000
"""Nanoseconds between lines that are written together, at most."""
_DAY = 86_400.0

VoiceOf = Callable[[Speaker], Voice]
SpeakerOf = Callable[[Run], Speaker]


class Script:
    """Recomputes any part of any log."""

    def __init__(
        self, seed: int, speaker: SpeakerOf, voice: VoiceOf, moods: Moods, words: Callable[[Run], str]
    ) -> None:
        """``words``: what a run has to say about its end, where an incident knows."""
        self._seed = seed
        self._words = words
        self._speaker = speaker
        self._voice = voice
        self._moods = moods
        self.tapes: dict[tuple[int, int], Tape] = {}
        """What control wrote, by pod's uid and the container's place."""
        self._slots: OrderedDict[tuple[int, int, int, int, int], list[Line]] = OrderedDict()

    def speaker(self, run: Run) -> Speaker:
        """Who writes."""
        return self._speaker(run)

    def forget(self) -> None:
        """What was computed may be otherwise now: a clock was set."""
        self._slots.clear()

    def voice(self, run: Run) -> Voice:
        """How it writes."""
        return self._voice(self._speaker(run))

    def tape(self, run: Run) -> Tape | None:
        """What control did to this container's log, if it did."""
        return self.tapes.get((run.pod.uid, run.place))

    def batches(self, run: Run, first: int, until: int) -> Iterator[Sequence[Line]]:
        """Lines with ``first <= at < until`` in order, some at a time; with the last words, where the run has ended."""
        voice = self.voice(run)
        moment = max(first, run.begin)
        end = until if run.end is None else min(until, run.end)
        while moment < end:
            following = min(end, self._step(run, voice, moment))
            yield self._window(run, voice, moment, following)
            moment = following
        if run.end is not None and first <= run.end < until:
            yield self._end(run, voice)

    def before(self, run: Run, until: int) -> int:
        """The beginning of the batch that ends at ``until``, for those who read backwards."""
        slot = slot_length(self.voice(run))
        moment = (until - 1) // slot * slot
        tape = self.tape(run)
        fastest = tape.fastest(moment, until) if tape else 0
        if fastest:
            moment = max(moment, until - int(_BATCH_LINES / fastest * SECOND) - 1)
        return max(moment, run.begin)

    def _step(self, run: Run, voice: Voice, moment: int) -> int:
        slot = slot_length(voice)
        following = (moment // slot + 1) * slot
        tape = self.tape(run)
        fastest = tape.fastest(moment, following) if tape else 0
        return min(following, moment + int(_BATCH_LINES / fastest * SECOND) + 1) if fastest else following

    def next_line(self, run: Run, moment: int) -> int:
        """When something is written next, as far as is known now; at most a slot ahead."""
        voice = self.voice(run)
        tape = self.tape(run)
        if tape and (tape.fastest(moment, moment + 1) or (tape.lines and tape.lines[-1].at >= moment)):
            return moment
        following = self._step(run, voice, moment)
        window = self._window(run, voice, max(moment, run.begin), following)
        return window[0].at if window else following

    # --- one window ----------------------------------------------------------------------------------------------

    def _window(self, run: Run, voice: Voice, first: int, until: int) -> list[Line]:
        tape = self.tape(run)
        own = self._own(run, voice, first, until)
        if tape is None:
            return own
        if tape.silences:
            own = [line for line in own if not tape.silent(line.at)]
        written = tape.written(first, until)
        lines = sorted([*own, *written], key=_moment) if own and written else own or written
        if tape.skews:
            lines = [Line(line.at, line.stamp + tape.offset(line.at), line.text) for line in lines]
        return lines

    def _own(self, run: Run, voice: Voice, first: int, until: int) -> list[Line]:
        """What the program writes by itself."""
        speaker = self._speaker(run)
        moods = [
            (interval, voice.moods[interval.name])
            for interval in self._moods.of(speaker, first, until)
            if interval.name in voice.moods and _touches(interval, voice.moods[interval.name], run)
        ]
        lines = self._slot(run, voice, speaker, -1, voice.rate, voice.say, first, until)
        for interval, mood in moods:
            if mood.instead:
                lines = [line for line in lines if not _within(interval, line.at)]
        for interval, mood in moods:
            about = replace(speaker, node=interval.node, node_ip=interval.node_ip) if interval.node else speaker
            more = self._slot(run, voice, about, interval.number, mood.rate, mood.say, first, until)
            lines = [*lines, *(line for line in more if _within(interval, line.at))]
        muted = any(mood.instead and _within(interval, run.begin) for interval, mood in moods)
        greeting = [] if muted else self._greeting(run, voice, speaker)
        if greeting and first <= greeting[-1].at and greeting[0].at < until:
            lines = [*(line for line in greeting if first <= line.at < until), *lines]
        if run.stop is not None and first <= run.stop + SECOND and run.stop < until:
            said = voice.part(self._rng(run, -3, 0), speaker, run.stop / SECOND)
            lines = [*lines, *(line for line in _spoken(said, run.stop) if first <= line.at < until)]
        return sorted(lines, key=_moment)

    def _greeting(self, run: Run, voice: Voice, speaker: Speaker) -> list[Line]:
        said = voice.greet(self._rng(run, -2, 0), speaker, run.begin / SECOND)
        return _spoken(said, run.begin + 20_000_000, apart=37_000_000)

    def _end(self, run: Run, voice: Voice) -> list[Line]:
        """The last words: all written at the very end of the run."""
        assert run.end is not None
        assert run.ended is not None
        tape = self.tape(run)
        speaker = self._speaker(run)
        ending = Ending(run.ended.exit_code, run.ended.reason, self._words(run))
        said = voice.die(self._rng(run, -4, 0), speaker, run.end / SECOND, ending)
        offset = tape.offset(run.end) if tape else 0
        lines = _spoken(said, run.end - 4_000_000)
        return [Line(run.end, min(line.stamp, run.end - 1) + offset, line.text) for line in lines]

    # --- slots ---------------------------------------------------------------------------------------------------

    def _slot(
        self,
        run: Run,
        voice: Voice,
        speaker: Speaker,
        layer: int,
        rate: float,
        say: Say,
        first: int,
        until: int,
    ) -> list[Line]:
        """Lines of one layer (the usual one, or a mood's) between two moments that may span slots of its own."""
        if rate <= 0:
            return []
        length = _length(rate)
        found: list[Line] = []
        for number in range(first // length, -(-until // length)):
            key = (*run.same, layer, number)
            lines = self._slots.get(key)
            if lines is None:
                lines = self._make_slot(run, voice, speaker, layer, rate, say, number, length)
                self._slots[key] = lines
                if len(self._slots) > _CACHED_SLOTS:
                    self._slots.popitem(last=False)
            if lines and (lines[0].at < first or lines[-1].at >= until):
                found.extend(line for line in lines if first <= line.at < until)
            else:
                found.extend(lines)
        return found

    def _make_slot(
        self,
        run: Run,
        voice: Voice,
        speaker: Speaker,
        layer: int,
        rate: float,
        say: Say,
        number: int,
        length: int,
    ) -> list[Line]:
        begin, end = number * length, (number + 1) * length
        rng = self._rng(run, layer, number)
        busy = busyness(begin / SECOND) if voice.busy else 1.0
        lines: list[Line] = []
        at = begin
        for moment in _moments(rng, rate * busy, length, steady=voice.steady and layer < 0, phase=run.pod.uid):
            at = max(at + 1, begin + moment)
            if at >= end:
                break
            tape = self.tape(run)
            clock = at + (tape.offset(at) if tape and tape.skews else 0)
            said = say(rng, speaker, clock / SECOND)
            spoken = _utterance(rng, said, at, end)
            lines += spoken
            at = spoken[-1].at
        return lines

    def _rng(self, run: Run, layer: int, number: int) -> Random:
        uid, place, restarts = run.same
        key = ((uid * 1_000_003 + place * 8191 + restarts) << 64) + ((layer + 8) << 52) + number + self._seed
        return Random(key)  # noqa: S311 - a simulation, no secrets


def _moments(rng: Random, rate: float, length: int, *, steady: bool, phase: int) -> list[int]:
    """Within a slot."""
    if steady:
        period = int(SECOND / rate)
        return list(range(phase % period, length, period))
    count = int(rate * length / SECOND + rng.random())
    return sorted(rng.randrange(length) for _ in range(count))


def _touches(interval: Interval, mood: Mood, run: Run) -> bool:
    return not mood.newcomers or _within(interval, run.begin)


def _within(interval: Interval, at: int) -> bool:
    return interval.begin <= at and (interval.end is None or at < interval.end)


def _moment(line: Line) -> int:
    return line.at


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _utterance(rng: Random, said: Said, at: int, end: int) -> list[Line]:
    """One or several lines; of several some have the same timestamp, and few are a little out of order."""
    if not isinstance(said, tuple):
        return [Line(at, at, _bytes(said))]
    lines = []
    stamp = at
    for text in said:
        lines.append(Line(at, stamp, _bytes(text)))
        chance = rng.random()
        at = min(end - 1, at + 400 + int(chance * _BURST))
        if chance < 0.02:  # standard output and standard error are stamped by two threads
            stamp = at - 3000
        elif chance > 0.2:
            stamp = at
    return lines


def _spoken(said: Sequence[Said], at: int, apart: int = 120_000) -> list[Line]:
    lines = []
    for text in said:
        for part in text if isinstance(text, tuple) else (text,):
            lines.append(Line(at, at, _bytes(part)))
            at += 9_000
        at += apart
    return lines


def _length(rate: float) -> int:
    return min(_LONGEST, max(_SHORTEST, int(_UTTERANCES / rate * SECOND)))


def slot_length(voice: Voice) -> int:
    """Nanoseconds in which a program writes a dozen times, at most an hour."""
    return _length(voice.rate) if voice.rate > 0 else _LONGEST


def busyness(moment: float) -> float:
    """How much there is to do: more by day (UTC) than by night, on average 1."""
    return 1.0 + 0.35 * math.sin((moment / _DAY - 0.3) * 2 * math.pi) + 0.08 * math.sin(moment / 347.0)
