"""One container's stream: what was written is what comes out, whatever the way to it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from kubetui.cluster.errors import ApiError, Forbidden, Overloaded, Unauthorized, Unreachable
from kubetui.cluster.logs.options import LogOptions
from kubetui.cluster.transport import Request
from kubetui.store.logs.entry import NANO, MarkKind
from kubetui.store.logs.sources import LogPhase
from tests.unit.cluster.logs.stream_bench import StreamBench


def numbered(first: int, count: int) -> list[bytes]:
    return [b"line %d" % number for number in range(first, first + count)]


async def test_lines_come_as_they_are_written() -> None:
    bench = StreamBench()
    await bench.container.start()
    await bench.container.write(*numbered(0, 3))
    async with bench.running():
        await bench.clock.advance(1)
        assert (bench.lines, bench.phase) == (numbered(0, 3), LogPhase.LIVE)
        await bench.container.write(*numbered(3, 2))
        await bench.clock.advance(1)
        assert bench.lines == numbered(0, 5)
    assert bench.marks == []


async def test_a_cut_in_the_middle_of_a_line_loses_and_repeats_nothing() -> None:
    bench = StreamBench()
    await bench.container.start()
    await bench.container.write(*numbered(0, 5))
    # given a stream that breaks inside the fourth line
    cuts = iter([4 * 38 - 10])
    bench.model.cut_after = lambda: next(cuts, None)
    async with bench.running():
        await bench.clock.advance(0.5)
        assert bench.lines == numbered(0, 3)
        # when it is opened again, and more is written
        await bench.clock.advance(10)
        await bench.container.write(*numbered(5, 2))
        await bench.clock.advance(1)
    # then all is there once, and the view says that it reconnected
    assert bench.lines == bench.container.written
    assert bench.kinds == [MarkKind.RECONNECTED]


async def test_equal_lines_with_equal_stamps_are_counted() -> None:
    bench = StreamBench()
    await bench.container.start()
    at = int(bench.clock.now() * NANO)
    await bench.container.write(b"same", b"same", b"same", time=at)
    async with bench.running():
        await bench.clock.advance(10)
        await bench.container.write(b"same", b"same", time=at)
        await bench.clock.advance(1)
        bench.model.break_streams()
        await bench.container.write(b"same", time=at)
        await bench.container.write(b"other", time=at)
        await bench.clock.advance(30)
    assert bench.lines == [b"same"] * 6 + [b"other"]


async def test_rotation_while_away_is_a_gap_with_its_length() -> None:
    bench = StreamBench()
    await bench.container.start()
    await bench.container.write(*numbered(0, 3))
    async with bench.running():
        await bench.clock.advance(10)
        # given a broken way, lines written meanwhile, and their file rotated away
        bench.model.fault = lambda request: Unreachable(request.tried, "no route")
        bench.model.break_streams()
        await bench.clock.advance(4)
        await bench.container.write(b"lost")
        await bench.container.rotate()
        await bench.clock.advance(10)
        await bench.container.write(b"kept")
        # when the way is free again
        bench.model.fault = lambda request: None
        await bench.clock.advance(60)
        await bench.container.write(b"new")
        await bench.clock.advance(5)
    # then the gap stands where lines are missing, and says for how long
    assert [one if isinstance(one, bytes) else one.kind for one in bench.out] == [
        *numbered(0, 3), MarkKind.GAP, b"kept", b"new",
    ]  # fmt: skip
    assert 23 < bench.marks[0].seconds < 26
    assert "rotated" in bench.marks[0].words


async def test_rotation_of_a_live_stream_is_no_gap() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        for number in range(6):
            await bench.container.write(b"%d" % number)
            await bench.clock.advance(3)
            await bench.container.rotate()
    assert bench.lines == bench.container.written
    assert bench.marks == []


async def test_the_kubelets_four_hour_cut_is_a_clean_end_that_ends_nothing() -> None:
    bench = StreamBench()
    await bench.container.start()
    bench.model.clean = True
    async with bench.running():
        for hour in range(9):
            await bench.container.write(b"hour %d" % hour)
            await bench.clock.advance(1)
            if hour % 4 == 3:
                bench.model.break_streams()
            await bench.clock.advance(3599)
    assert bench.lines == bench.container.written
    assert bench.kinds == [MarkKind.RECONNECTED] * 2


async def test_a_restart_puts_the_old_lines_before_the_mark_and_the_new_behind() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.clock.advance(10)
        await bench.container.write(b"old 1", b"old 2")
        await bench.container.restart(137, "OOMKilled")
        await bench.container.write(b"new 1")
        # the API server's status is late, as it is
        await bench.clock.advance(1.5)
        bench.tell()
        await bench.clock.advance(5)
        await bench.container.write(b"new 2")
        await bench.clock.advance(5)
    assert [one if isinstance(one, bytes) else one.kind for one in bench.out] == [
        b"old 1", b"old 2", MarkKind.RESTARTED, b"new 1", b"new 2",
    ]  # fmt: skip
    assert "exit 137, out of memory" in bench.marks[0].words


async def test_what_the_old_container_said_while_we_were_away_is_read_by_previous() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.clock.advance(10)
        await bench.container.write(b"old 1")
        await bench.clock.advance(1)
        bench.model.fault = lambda request: Overloaded(request.tried, "500: No agent available", status=500)
        bench.model.break_streams()
        await bench.container.write(b"old 2", b"panic: old 3")
        await bench.container.restart()
        await bench.container.write(b"new 1")
        await bench.clock.advance(20)
        assert bench.phase is LogPhase.RECONNECTING
        assert "konnectivity" in bench.sources.state(1).advice
        # when the tunnel is back before the watch has told of the restart
        bench.model.fault = lambda request: None
        await bench.clock.advance(60)
        bench.tell()
        await bench.clock.advance(20)
    assert [one for one in bench.out if isinstance(one, bytes)] == bench.container.written
    assert bench.kinds[-1] is MarkKind.RESTARTED
    assert MarkKind.GAP not in bench.kinds


async def test_a_crash_loop_is_followed_from_run_to_run() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        for run in range(4):
            await bench.container.write(b"run %d" % run)
            await bench.clock.advance(2)
            await bench.container.end(2, waiting="CrashLoopBackOff")
            await bench.clock.advance(1)
            bench.tell()
            await bench.clock.advance(3)
            assert (bench.phase, bench.sources.state(1).reason) == (LogPhase.WAITING, "CrashLoopBackOff")
            assert bench.model.open == 0
            await bench.clock.advance(40)
            await bench.container.start()
            bench.tell()
            await bench.clock.advance(1)
    assert bench.lines == bench.container.written
    assert bench.kinds == [MarkKind.RESTARTED] * 4


async def test_a_restart_that_cannot_be_asked_about_at_once_is_no_gap() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"old")
        await bench.clock.advance(20)
        # given a restart that the watch does not tell, a break, and an API server that answers for logs alone
        await bench.container.restart()
        await bench.container.write(b"new")
        bench.model.fault = lambda request: (
            None if request.path.endswith("/log") else Overloaded(request.tried, "503", status=503)
        )
        bench.model.break_streams()
        await bench.clock.advance(5)
        bench.model.fault = lambda request: None
        await bench.clock.advance(60)
        assert bench.lines == [b"old", b"new"]
        assert bench.kinds == [MarkKind.RESTARTED]


async def test_runs_that_came_and_went_unread_are_a_gap() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"run 0")
        await bench.clock.advance(10)
        bench.model.fault = lambda request: Unreachable(request.tried, "no route")
        bench.model.break_streams()
        for run in range(1, 4):
            await bench.container.restart()
            await bench.container.write(b"run %d" % run)
        await bench.clock.advance(10)
        bench.model.fault = lambda request: None
        bench.tell()
        await bench.clock.advance(60)
    assert [one if isinstance(one, bytes) else one.kind for one in bench.out] == [
        b"run 0", MarkKind.GAP, b"run 2", MarkKind.RESTARTED, b"run 3",
    ]  # fmt: skip


async def test_lines_before_a_restart_are_shown_first() -> None:
    bench = StreamBench(LogOptions(since=900, old_lines=2))
    await bench.container.start()
    await bench.container.write(*numbered(0, 5))
    await bench.container.restart(1)
    await bench.container.write(b"new")
    async with bench.running():
        await bench.clock.advance(2)
    assert bench.lines == [b"line 3", b"line 4", b"new"]
    assert "last 2 lines of the old container above" in bench.marks[0].words


async def test_a_restart_before_what_is_asked_for_is_not_shown() -> None:
    bench = StreamBench(LogOptions(since=60))
    await bench.container.start()
    await bench.container.write(b"old")
    await bench.container.restart(1)
    await bench.clock.advance(300)
    await bench.container.write(b"new")
    async with bench.running():
        await bench.clock.advance(2)
    assert bench.out == [b"new"]


async def test_a_container_that_has_not_started_is_waited_for() -> None:
    bench = StreamBench()
    async with bench.running():
        await bench.clock.advance(40)
        assert (bench.phase, bench.sources.state(1).reason) == (LogPhase.WAITING, "ContainerCreating")
        assert bench.model.asked == []
        await bench.container.start()
        await bench.container.write(b"first")
        bench.tell()
        await bench.clock.advance(1)
    assert bench.lines == [b"first"]


async def test_a_deleted_pod_ends_the_stream_after_its_last_line() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"terminating")
        await bench.clock.advance(1)
        await bench.container.write(b"last")
        await bench.container.end(0, "Completed")
        bench.model.delete()
        bench.tell()
        await bench.clock.advance(5)
        assert bench.task.done()
    assert bench.lines == [b"terminating", b"last"]
    assert bench.kinds == [MarkKind.GONE]
    assert bench.phase is LogPhase.GONE


async def test_a_pod_deleted_while_its_log_could_not_be_read_leaves_a_gap() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"seen")
        await bench.clock.advance(10)
        bench.model.fault = lambda request: Unreachable(request.tried, "no route")
        bench.model.break_streams()
        await bench.clock.advance(14)
        bench.model.delete()
        bench.tell()
        await bench.clock.advance(5)
    assert bench.kinds == [MarkKind.GAP, MarkKind.GONE]
    assert 13 < bench.marks[0].seconds < 16


async def test_a_container_that_is_over_for_good_is_ended_with_its_last_line() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"work")
        await bench.container.write(b"no line end", whole=False)
        await bench.container.end(0, "Completed")
        await bench.clock.advance(1.5)
        bench.tell()
        await bench.clock.advance(10)
        assert bench.phase is LogPhase.ENDED
        assert bench.model.open == 0
    assert bench.lines == [b"work", b"no line end"]
    assert bench.kinds == [MarkKind.ENDED]


async def test_forbidden_names_the_right_and_asks_rarely() -> None:
    bench = StreamBench()
    await bench.container.start()
    asked = []

    def forbid(request: object) -> ApiError:
        asked.append(request)
        return Forbidden("read the log", "403: no", "ask for a role", status=403)

    bench.model.fault = forbid
    async with bench.running():
        await bench.clock.advance(150)
        state = bench.sources.state(1)
    assert (state.phase, state.missing) == (LogPhase.FORBIDDEN, "get pods/log")
    assert len(asked) == 3


async def test_throttling_is_obeyed() -> None:
    bench = StreamBench()
    await bench.container.start()
    asked = []

    def throttle(request: object) -> ApiError:
        asked.append(request)
        return Overloaded("read the log", "429: too many", status=429, retry_after=20.0)

    bench.model.fault = throttle
    async with bench.running():
        await bench.clock.advance(59)
        assert bench.phase is LogPhase.THROTTLED
    assert len(asked) == 3


async def test_a_token_that_ended_is_asked_for_anew_without_a_loss() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"before")
        await bench.clock.advance(10)
        bench.model.fault = lambda request: Unauthorized(request.tried, "401", "run: az login", status=401)
        bench.model.break_streams()
        await bench.container.write(b"meanwhile")
        await bench.clock.advance(20)
        state = bench.sources.state(1)
        assert (state.phase, state.advice) == (LogPhase.RECONNECTING, "run: az login")
        bench.model.fault = lambda request: None
        await bench.clock.advance(40)
    assert bench.lines == [b"before", b"meanwhile"]


async def test_a_silent_container_is_live_though_no_status_has_come() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.clock.advance(3)
        assert bench.phase is LogPhase.LIVE
        await bench.clock.advance(3600)
        assert bench.phase is LogPhase.LIVE
        await bench.container.write(b"at last")
        await bench.clock.advance(1)
    assert bench.lines == [b"at last"]
    assert bench.marks == []


async def test_a_kubelet_that_is_not_reached_is_not_called_live_between_two_failures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = StreamBench()
    await bench.container.start()
    serve, way_is_free = bench.model.stream, asyncio.Event()

    # given an API server that takes three seconds to find that the node is not there
    @asynccontextmanager
    async def stream(request: Request) -> AsyncIterator[Any]:
        if not way_is_free.is_set():
            await bench.clock.sleep(3)
            raise ApiError(request.tried, "500: dial tcp 10.224.0.4:10250: connect: no route to host", status=500)
        async with serve(request) as opened:
            yield opened

    monkeypatch.setattr(bench.model, "stream", stream)
    async with bench.running():
        await bench.clock.advance(90)
        # then from the first failure on it is said to be reconnecting, and why
        phases = [state.phase for state in bench.states]
        broken = bench.states[phases.index(LogPhase.RECONNECTING) :]
        assert len(broken) > 2
        assert {state.phase for state in broken} == {LogPhase.RECONNECTING}
        assert all("no route to host" in state.reason for state in broken)
        assert all("konnectivity-agent" in state.advice for state in broken)
        # when the way is free, then lines come and it is live
        way_is_free.set()
        await bench.container.write(b"back")
        await bench.clock.advance(40)
        assert (bench.lines, bench.phase) == ([b"back"], LogPhase.LIVE)


async def test_a_container_that_never_said_anything_is_live_some_time_after_a_failure() -> None:
    bench = StreamBench()
    await bench.container.start()
    bench.model.fault = lambda request: Unreachable(request.tried, "no route")
    async with bench.running():
        await bench.clock.advance(1)
        assert bench.phase == LogPhase.RECONNECTING
        bench.model.fault = lambda request: None
        await bench.clock.advance(60)
    assert bench.states[-1].phase is LogPhase.LIVE


async def test_a_stream_that_is_dead_without_a_sign_is_found_by_the_last_line() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"heard")
        await bench.clock.advance(5)
        # given a proxy that acknowledges for a peer that is gone
        bench.model.deaf = True
        await bench.container.write(b"unheard")
        await bench.clock.advance(1)
        bench.model.deaf = False
        # when minutes pass
        await bench.clock.advance(400)
    assert bench.lines == [b"heard", b"unheard"]
    assert bench.kinds == [MarkKind.RECONNECTED]


async def test_only_the_tail_is_asked_for_and_the_rest_never_repeated() -> None:
    bench = StreamBench(LogOptions(tail=2))
    await bench.container.start()
    await bench.container.write(*numbered(0, 10))
    async with bench.running():
        await bench.clock.advance(6)
        bench.model.break_streams()
        await bench.container.write(*numbered(10, 2))
        await bench.clock.advance(10)
    assert bench.lines == numbered(8, 4)


async def test_a_long_line_that_began_before_the_time_asked_for_is_not_repeated() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        # given a line in two parts, the first stamped seconds before the next lines
        await bench.container.write(b"a" * 100, whole=False)
        await bench.clock.advance(8)
        await bench.container.write(b"b" * 100)
        await bench.container.write(b"after")
        await bench.clock.advance(2)
        bench.model.break_streams()
        await bench.clock.advance(10)
        await bench.container.write(b"more")
        await bench.clock.advance(2)
    assert bench.lines == [b"a" * 100 + b"b" * 100, b"after", b"more"]


async def test_an_unfinished_line_is_read_whole_after_a_break() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"first")
        await bench.container.write(b"begun ", whole=False)
        await bench.clock.advance(20)
        bench.model.break_streams()
        await bench.clock.advance(20)
        await bench.container.write(b"and finished")
        await bench.clock.advance(2)
    assert bench.lines == [b"first", b"begun and finished"]


async def test_stdout_and_stderr_that_were_stamped_out_of_order_survive_a_break() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        now = int(bench.clock.now() * NANO)
        await bench.container.write(b"err", time=now + 900)
        await bench.container.write(b"out", time=now + 100)
        await bench.clock.advance(6)
        bench.model.break_streams()
        await bench.container.write(b"late", time=now + 50)
        await bench.clock.advance(10)
    assert bench.lines == [b"err", b"out", b"late"]


async def test_stamps_in_the_nodes_own_zone_are_understood() -> None:
    bench = StreamBench(zone="+05:30")
    await bench.container.start()
    await bench.container.write(*numbered(0, 3))
    async with bench.running():
        await bench.clock.advance(6)
        bench.model.break_streams()
        await bench.container.write(*numbered(3, 3))
        await bench.clock.advance(10)
    assert bench.lines == numbered(0, 6)


async def test_words_of_the_kubelet_are_no_line_of_the_container() -> None:
    bench = StreamBench()
    await bench.container.start()
    async with bench.running():
        await bench.container.write(b"line")
        await bench.clock.advance(1)
        # the kubelet's own failure ends up in the body, where it has no stamp
        bench.stream._log.answer.reading.feed(b"failed to create fsnotify watcher: too many open files\n")  # type: ignore[union-attr]  # it is reading
        await bench.clock.advance(1)
    assert bench.lines == [b"line"]
    assert bench.marks[0].words == "the node says: failed to create fsnotify watcher: too many open files"
