"""The content: the same for the same instant, whoever asks and whenever; since, tail, limits, rotation."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from kubetui.demo.entries.pod import PodEntry
from kubetui.demo.logs.line import SECOND
from kubetui.demo.logs.tape import MOST_BYTES, Tape, TapeFull
from tests.demo.machines import Machine, lines, log_path, machine

STAMP = re.compile(rb"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z ")


def nanoseconds(line: bytes) -> int:
    """Of a line's timestamp."""
    found = STAMP.match(line)
    assert found, line[:60]
    seconds = datetime.strptime(found[1].decode(), "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp()
    return int(seconds) * SECOND + int(found[2])


async def read(demo: Machine, pod: PodEntry, **query: object) -> list[bytes]:
    served = await demo.get(log_path(pod, timestamps="true", **query))
    assert served.status == 200, served.raw
    return served.raw.split(b"\n")[:-1]


async def test_any_part_of_a_log_is_a_part_of_the_whole() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        whole = await read(demo, pod, sinceSeconds=3600)
        assert len(whole) > 5000
        assert (await read(demo, pod, tailLines=777)) == whole[-777:]
        middle = nanoseconds(whole[len(whole) // 2])
        text = datetime.fromtimestamp(middle // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        later = [line for line in whole if nanoseconds(line) >= middle // SECOND * SECOND]
        assert (await read(demo, pod, sinceTime=f"{text}.999999999Z")) == later, "sinceTime is cut to its second"


async def test_a_log_is_the_same_when_it_is_read_again_later() -> None:
    async with machine() as demo:
        pods = [demo.pod("kube-system", name) for name in ("coredns-[^a]", "kube-proxy-", "konnectivity-agent-[^a]")]
        first = [await read(demo, pod, sinceSeconds=1200) for pod in pods]
        demo.lived.pass_time(97)
        demo.machinery.script.forget()
        again = [await read(demo, pod, sinceSeconds=1297) for pod in pods]
        for before, after in zip(first, again, strict=True):
            assert after[: len(before)] == before


async def test_the_same_seed_writes_the_same_logs() -> None:
    async with machine() as one, machine() as two:
        for name in ("kube-proxy-", "coredns-[^a]"):
            assert await read(one, one.pod("kube-system", name), tailLines=50) == await read(
                two, two.pod("kube-system", name), tailLines=50
            )


async def test_timestamps_are_not_older_than_asked_and_some_are_equal_or_out_of_order() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        stamps = [nanoseconds(line) for line in await read(demo, pod, sinceSeconds=7200)]
        assert min(stamps) >= int(demo.clock.now() - 7200) * SECOND
        steps = [later - earlier for earlier, later in pairwise(stamps)]
        assert 0 in steps
        assert min(steps) < 0
        assert min(steps) > -SECOND


async def test_without_timestamps_the_same_lines_come_bare() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        stamped = await read(demo, pod, tailLines=30)
        bare = (await demo.get(log_path(pod, tailLines=30))).raw.split(b"\n")[:-1]
        assert [line.split(b" ", 1)[1] for line in stamped] == bare


@pytest.mark.parametrize("limit", [1, 10, 1000])
async def test_limit_bytes_cuts_within_a_line(limit: int) -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        whole = (await demo.get(log_path(pod, tailLines=100))).raw
        assert (await demo.get(log_path(pod, tailLines=100, limitBytes=limit))).raw == whole[:limit]


async def test_no_tail_is_nothing() -> None:
    async with machine() as demo:
        assert (await demo.get(log_path(demo.pod("kube-system", "kube-proxy-"), tailLines=0))).raw == b""


async def test_a_container_that_runs_long_has_been_rotated_and_serves_the_newest_file_only() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "coredns-[^a]")
        whole = await read(demo, pod)
        size = sum(len(line) + 10 for line in whole)
        assert size < 60_000_000
        assert nanoseconds(whole[0]) > pod.started * SECOND


async def test_lines_above_16_kib_are_joined_and_count_as_records_in_a_tail() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("mute-log", pod=pod.name)
        await demo.tell("write-log", pod=pod.name, lines=["short", "L" * 40_000])
        demo.lived.pass_time(1)
        short, long = await read(demo, pod, tailLines=4)
        assert STAMP.sub(b"", short) == b"short"
        assert STAMP.sub(b"", long) == b"L" * 40_000
        (part,) = await read(demo, pod, tailLines=2)
        assert STAMP.sub(b"", part) == b"L" * (40_000 - 16_384), "the tail begins within the line"


async def test_the_formats_are_those_of_the_components() -> None:
    patterns = {
        ("kube-system", "coredns-[^a]", "coredns"): rb'^\[INFO\] [\d.]+:\d+ - \d+ "A+ IN \S+ udp \d+ false 512" \w+ ',
        ("kube-system", "kube-proxy-", "kube-proxy"): rb"^[IWE]\d{4} [\d:.]{15}       1 \w+\.go:\d+\] ",
        ("kube-system", "azure-ip-masq", "azure-ip-masq-agent"): rb"\] using config: \{\"nonMasqueradeCIDRs\"",
        ("kube-system", "csi-azuredisk", "azuredisk"): rb"GRPC call: /csi\.v1\.",
        ("team-00", "checkout-", "checkout"): rb'^\{"level":"info","ts":"',
        ("team-00", "checkout-", "mesh-proxy"): rb'^\[\S+Z\] "GET ',
        ("team-00", "search-", "search"): rb"^\tat .*\.java:\d+\)",
    }  # fmt: skip
    async with machine() as demo:
        for (namespace, name, container), pattern in patterns.items():
            text = (await demo.get(log_path(demo.pod(namespace, name), container=container, tailLines=2000))).raw
            assert re.search(pattern, text, re.MULTILINE), (name, text[:300])


async def test_exact_lines_come_as_they_were_written_whatever_their_bytes() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("mute-log", pod=pod.name)
        demo.lived.pass_time(1)
        texts = ["", "tab\there", "\x1b[31mred\x1b[0m", "\xff\xfe not utf-8", "twice", "twice"]
        await demo.tell("write-log", pod=pod.name, lines=texts, encoding="latin-1", same_instant=True)
        demo.lived.pass_time(1)
        got = await read(demo, pod, tailLines=len(texts))
        assert [STAMP.sub(b"", line) for line in got] == [text.encode("latin-1") for text in texts]
        assert len({nanoseconds(line) for line in got}) == 1


async def test_a_rotated_log_begins_anew() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("write-log", pod=pod.name, lines=["before"])
        demo.lived.pass_time(2)
        await demo.tell("rotate-log", pod=pod.name)
        await demo.tell("write-log", pod=pod.name, lines=["after"])
        demo.lived.pass_time(2)
        got = b"\n".join(await read(demo, pod, tailLines=1000))
        assert b" after" in got
        assert b" before" not in got


async def test_a_skewed_clock_stamps_from_then_on() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("mute-log", pod=pod.name)
        await demo.tell("write-log", pod=pod.name, lines=["true"])
        demo.lived.pass_time(1)
        await demo.tell("skew-clock", pod=pod.name, seconds=-30)
        await demo.tell("write-log", pod=pod.name, lines=["behind"])
        demo.lived.pass_time(1)
        true, behind = await read(demo, pod, tailLines=2)
        assert nanoseconds(behind) - nanoseconds(true) == pytest.approx(-29 * SECOND, abs=SECOND // 100)


async def test_a_flood_is_numbered_without_gaps_at_its_pace() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("mute-log", pod=pod.name)
        await demo.tell("flood-log", pod=pod.name, rate=5000, size=120)
        demo.lived.pass_time(3)
        await demo.tell("flood-log", pod=pod.name, rate=10, size=80)
        demo.lived.pass_time(1)
        got = [line for line in await read(demo, pod, sinceSeconds=5) if b"flood" in line]
        numbers = [int(re.search(rb"seq=(\d+)", line)[1]) for line in got]  # type: ignore[index]  # all have one
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) in (15_010, 15_011), "the request itself takes a moment"
        assert len(got[0]) == 120 + len("2026-11-21T12:04:05.123456789Z ")


async def test_a_fast_flood_is_rotated_by_its_size() -> None:
    async with machine() as demo:
        pod = demo.pod("kube-system", "kube-proxy-")
        await demo.tell("flood-log", pod=pod.name, rate=20_000, size=1000)
        demo.lived.pass_time(25, step=25)
        (first,) = await lines_of(demo, pod, 1)
        assert int(first.partition(b"seq=")[2][:10]) > 20_000 * 10


async def lines_of(demo: Machine, pod: PodEntry, count: int) -> list[bytes]:
    """The first lines of the newest file."""
    async with demo.follow(log_path(pod)) as content:
        return await lines(content, count)


async def test_what_control_cannot_do_is_said() -> None:
    async with machine() as demo:
        missing = await demo.tell("write-log", pod="nobody-*", lines=["x"])
        assert (missing.status, missing.json["reason"]) == (400, "BadRequest")
        assert "there is no pod */nobody-*" in missing.json["message"]
        unknown = await demo.tell("sing")
        assert unknown.status == 400


def test_a_tape_is_bounded() -> None:
    tape = Tape()
    tape.write(0, [b"x" * (MOST_BYTES - 1)])
    with pytest.raises(TapeFull, match="no more than"):
        tape.write(0, [b"two"])
