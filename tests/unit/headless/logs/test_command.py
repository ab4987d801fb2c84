"""``kubetui logs`` into a pipe: the containers' bytes, names in front, everything else on standard error."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass

import pytest

from kubetui.cluster.errors import ClusterError, Forbidden, Overloaded
from kubetui.cluster.session import Session
from kubetui.cluster.transport import Request
from kubetui.headless.logs import command
from kubetui.headless.logs.command_line import asked_of, parse, parser
from kubetui.headless.logs.terminal_text import terminal_text
from kubetui.headless.logs.writer import time_text
from tests.fake_clock import FakeClock
from tests.unit.cluster.logs.cluster_with_logs import ClusterWithLogs

BEFORE = parser().parse_args([])


@dataclass(frozen=True)
class Place:
    session: Session
    namespace: str = "shop"


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.cluster = ClusterWithLogs(self.clock)
        self.closed = False

    def start(self, *arguments: str) -> asyncio.Task[int]:
        given = parse(arguments, BEFORE)
        return asyncio.create_task(command._run(given, self._connect, self._close, {}))

    async def once(self, *arguments: str) -> int:
        """The exit code of reading once."""
        task = self.start(*arguments, "--no-follow")
        await self.clock.advance(90)
        assert task.done()
        assert self.closed
        return task.result()

    async def _connect(self) -> Place:
        return Place(self.cluster.session())

    async def _close(self) -> None:
        self.closed = True


async def test_true_bytes_with_names_in_front(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    bench = Bench()
    container = await bench.cluster.container("web-0")
    await container.write(b"\xff\xfe\x00 raw", b"\x1b[31mred\x1b[0m \x1b]0;title\x07", b"", b"x" * 1_000_000)
    assert await bench.once("web") == command.READ
    out, err = capfdbinary.readouterr()
    assert out == b"".join(b"web-0 app " + line + b"\n" for line in container.written)
    assert err == b""


async def test_no_prefix_and_timestamps(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    bench = Bench()
    container = await bench.cluster.container("web-0")
    await container.write(b"line")
    stamp = time_text(container.runs[0].records[0].time).encode()
    assert await bench.once("web", "--no-prefix", "-t") == command.READ
    assert capfdbinary.readouterr().out == stamp + b" line\n"
    assert len(stamp) == len("2006-01-02T15:04:05.000000000Z")


async def test_namespaces_stand_in_front_where_there_are_several(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    bench = Bench()
    await (await bench.cluster.container("web-0")).write(b"line")
    assert await bench.once("web", "-A") == command.READ
    assert capfdbinary.readouterr().out == b"shop web-0 app line\n"


async def test_json_has_lines_and_marks_as_objects(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    bench = Bench()
    container = await bench.cluster.container("web-0")
    await container.write(b"text")
    task = bench.start("web", "-o", "json")
    await bench.clock.advance(3)
    await container.write(b"\xff")
    await container.restart(137, "OOMKilled")
    await bench.cluster.sync()
    await bench.clock.advance(10)
    task.cancel()
    await asyncio.wait([task])
    first, second, mark = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert first == {
        "time": time_text(container.runs[0].records[0].time),
        "namespace": "shop",
        "pod": "web-0",
        "container": "app",
        "node": "node-1",
        "message": "text",
    }
    assert (second["message"], base64.b64decode(second["bytes"])) == ("\ufffd", b"\xff")
    assert (mark["mark"], mark["exitCode"]) == ("restarted", 137)
    assert "out of memory" in mark["words"]


async def test_marks_and_troubles_go_to_standard_error(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    bench = Bench()
    container = await bench.cluster.container("web-0")
    await container.write(b"before")
    task = bench.start("web")
    await bench.clock.advance(10)
    bench.cluster.model.fault = lambda request: Forbidden(request.tried, "403: no", "ask for a role", status=403)
    bench.cluster.model.break_streams()
    await bench.clock.advance(30)
    bench.cluster.model.fault = lambda request: None
    await bench.clock.advance(60)
    task.cancel()
    await asyncio.wait([task])
    out, err = capfdbinary.readouterr()
    assert out == b"web-0 app before\n"
    told = err.decode().splitlines()
    assert "forbidden: read the log of shop/web-0 app: 403: no – ask for a role" in told[-2]
    assert "reconnected after" in told[-1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nope"], command.NOT_READ, "no pod matches nope in shop"),
        (["deploy/nope"], command.NOT_READ, "find deploy/nope in shop: there is none"),
        (["web", "-c", "nope"], command.NOT_READ, "no pod matches web in shop with a container that matches 'nope'"),
        (["secret/x"], command.WRONG, "known are"),
        (["web", "--previous"], command.NOT_READ, "previous terminated container not found"),
    ],
)
async def test_what_is_not_there_is_said(
    arguments: list[str], code: int, words: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    bench = Bench()
    await bench.cluster.container("web-0")
    assert await bench.once(*arguments) == code
    out, err = capfdbinary.readouterr()
    assert (out, words in err.decode()) == (b"", True)


@pytest.mark.parametrize(
    ("error", "flag", "advice"),
    [
        (None, "-p", "without -p the present one's log is read"),
        (Forbidden("read the log of shop/web-0 app", "403: no", "ask for a role", status=403), "-p", "ask for a role"),
        (Forbidden("read the log of shop/web-0 app", "403: no", "ask for a role", status=403), "-t", "ask for a role"),
        (Overloaded("read the log of shop/web-0 app", "500: proxy error", status=500), "-t", "konnectivity-agent"),
    ],
)
async def test_why_a_log_cannot_be_read_is_said_once_and_soon_with_advice(
    error: ClusterError | None, flag: str, advice: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    bench = Bench()
    await bench.cluster.container("web-0")
    bench.cluster.model.fault = lambda request: error
    task = bench.start("web", flag, "--no-follow")
    await bench.clock.advance(15)
    assert task.done()
    assert task.result() == command.NOT_READ
    out, err = capfdbinary.readouterr()
    (line,) = err.decode().splitlines()
    assert (out, line.count("shop/web-0")) == (b"", 1)
    assert advice in line


@pytest.mark.parametrize("arguments", [["--no-follow"], []])
async def test_many_containers_with_the_same_trouble_are_one_line(
    arguments: list[str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    bench = Bench()
    for number in range(40):
        await bench.cluster.container(f"web-{number:02}")

    def refused(request: Request) -> ClusterError | None:
        pod = request.path.split("/")[6]
        if pod == "web-07":
            return Overloaded(request.tried, "500: no room", status=500)
        return Forbidden(request.tried, f'403: pods "{pod}" is forbidden', "ask for a role", status=403)

    bench.cluster.model.fault = refused
    task = bench.start("web", *arguments)
    await bench.clock.advance(30)
    if not arguments:
        task.cancel()
    await asyncio.wait([task])
    told = capfdbinary.readouterr().err.decode().splitlines()
    (many,) = [line for line in told if "forbidden" in line]
    assert many.startswith("kubetui: 39 containers: ")
    assert 'read the log of …: 403: pods "…" is forbidden – ask for a role' in many
    assert many.endswith("(shop/web-00 app, shop/web-01 app, shop/web-02 app and 36 more)")
    (other,) = [line for line in told if "no room" in line]
    assert "shop/web-07 app" in other


async def test_pods_that_may_not_be_listed_end_reading_once(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    bench = Bench()
    bench.cluster.refuses["pods"] = Forbidden("list pods in shop", "403: no", "ask for a role", status=403)
    assert await bench.once("web") == command.NOT_READ
    assert capfdbinary.readouterr().err == b"kubetui: list pods in shop: 403: no \xe2\x80\x93 ask for a role\n"


async def test_who_is_left_out_is_said_once(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    bench = Bench()
    for number in range(6):
        await bench.cluster.container(f"web-{number}")
    task = bench.start("web", "--max-streams", "1")
    await bench.clock.advance(30)
    task.cancel()
    await asyncio.wait([task])
    told = capfdbinary.readouterr().err.decode().splitlines()
    names = "shop/web-1 app, shop/web-2 app, shop/web-3 app and 2 more"
    assert told == [f"kubetui: one container is followed, 5 not: {names}; --max-streams 6 follows all"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"plain", "plain"),
        (b"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m\x1b[0m"),
        (b"\x1b]0;title\x07", "␛]0;title␇"),
        (b"\x1b[2J\x1b[H", "␛[2J␛[H"),
        (b"\x9b31m", "\ufffd31m"),
        (b"a\rb\x00", "a␍b␀"),
        ("\u202egnp.exe".encode(), "\ufffdgnp.exe"),
    ],
)
def test_on_a_terminal_nothing_but_colours_is_obeyed(line: bytes, shown: str) -> None:
    assert terminal_text(line) == shown
    assert "\x1b" not in terminal_text(line, colours=False)


@pytest.mark.parametrize(
    "arguments",
    [[], ["x", "--since", "2x"], ["x", "--tail", "many"], ["x", "-c", "a(b"], ["x", "--max-streams", "0"], ["x", "y"],
     ["x", "-A", "-n", "shop"], ["x", "-o", "yaml"]],
)  # fmt: skip
def test_wrong_arguments_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(arguments, BEFORE)
    assert end.value.code == 2
    assert "kubetui logs: error:" in capsys.readouterr().err


def test_what_is_asked_for() -> None:
    given = parse(["deploy/web", "--since", "1h30m", "--tail", "20", "-p", "-c", "^app$", "-n", "a", "-n", "b"], BEFORE)
    asked = asked_of(given)
    assert asked.target("own").namespaces == frozenset({"a", "b"})
    options = asked.options
    assert (options.since, options.tail, options.previous, options.follow) == (5400.0, 20, True, False)
    assert asked_of(parse(["web"], BEFORE)).target("").namespaces == frozenset({"default"})
    assert asked_of(parse(["node/x"], BEFORE)).target("own").namespaces is None
    assert asked_of(parse(["web", "--tail", "-1"], BEFORE)).options.tail is None
