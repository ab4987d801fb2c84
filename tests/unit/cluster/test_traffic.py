"""What the program costs the server, counted."""

from __future__ import annotations

from kubetui.cluster.traffic import Traffic
from tests.fake_clock import FakeClock


async def test_requests_per_minute_is_a_window_that_slides() -> None:
    clock = FakeClock()
    traffic = Traffic(clock)
    for _ in range(3):
        traffic.asked("GET /a")
    await clock.advance(30)
    traffic.asked("GET /b")
    assert traffic.requests_per_minute() == 4
    await clock.advance(30)
    assert traffic.requests_per_minute() == 1
    await clock.advance(30)
    assert traffic.requests_per_minute() == 0


async def test_the_window_holds_at_any_rate_without_growing() -> None:
    clock = FakeClock()
    traffic = Traffic(clock)
    for _ in range(200):
        for _ in range(5):
            traffic.asked("GET /a")
        await clock.advance(1)
    assert traffic.requests_per_minute() in (295, 300)
    assert len(traffic._seconds) <= 61


def test_each_shape_has_its_counts() -> None:
    traffic = Traffic(FakeClock())
    traffic.asked("GET /a")
    traffic.answered("GET /a", 200, 0.2)
    traffic.received("GET /a", 100)
    traffic.asked("GET /a")
    traffic.answered("GET /a", 429, 0.4)
    traffic.asked("GET /b")
    traffic.failed("GET /b")
    counts = traffic.shapes()["GET /a"]
    assert (counts.requests, counts.failures, counts.throttled, counts.received) == (2, 1, 1, 100)
    assert (counts.last_latency, round(counts.mean_latency, 3)) == (0.4, 0.3)
    assert (traffic.throttled, traffic.received_bytes) == (1, 100)
    assert traffic.shapes()["GET /b"].failures == 1


def test_shapes_beyond_a_bound_are_counted_together() -> None:
    traffic = Traffic(FakeClock())
    for index in range(1000):
        traffic.asked(f"GET /{index}")
    assert len(traffic.shapes()) == 257
    assert sum(counts.requests for counts in traffic.shapes().values()) == 1000
