"""What log formats share: times, klog's head, addresses, ids."""

from __future__ import annotations

from random import Random

from kubetui.demo.logs.voice import Speaker
from kubetui.demo.moment import rfc3339
from kubetui.demo.tenants import APPS, team

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def micros(moment: float) -> tuple[str, int]:
    """``2026-11-21T12:04:05`` and microseconds: a program looks at the clock a little before its line is written."""
    earlier = moment - 0.00012
    whole = int(earlier)
    return rfc3339(whole)[:-1], int((earlier - whole) * 1_000_000)


def iso_millis(moment: float) -> str:
    """``2026-11-21T12:04:05.123Z``"""
    head, micro = micros(moment)
    return f"{head}.{micro // 1000:03d}Z"


def spaced(moment: float, separator: str = ",") -> str:
    """``2026-11-21 12:04:05,123``"""
    head, micro = micros(moment)
    return f"{head[:10]} {head[11:]}{separator}{micro // 1000:03d}"


def slashed(moment: float) -> str:
    """``2026/11/21 12:04:05``"""
    head, _ = micros(moment)
    return f"{head[:4]}/{head[5:7]}/{head[8:10]} {head[11:]}"


def apache(moment: float) -> str:
    """``21/Nov/2026:12:04:05 +0000``"""
    head, _ = micros(moment)
    return f"{head[8:10]}/{_MONTHS[int(head[5:7]) - 1]}/{head[:4]}:{head[11:]} +0000"


def klog(level: str, moment: float, place: str, words: str) -> str:
    """``I1121 12:04:05.123456       1 proxier.go:805] words``"""
    head, micro = micros(moment)
    return f"{level}{head[5:7]}{head[8:10]} {head[11:]}.{micro:06d}       1 {place}] {words}"


def hexadecimal(rng: Random, digits: int) -> str:
    """Random hexadecimal digits."""
    return f"{rng.getrandbits(digits * 4):0{digits}x}"


def pod_ip(rng: Random) -> str:
    """An address of the cluster's pods."""
    return f"10.244.{rng.randrange(12)}.{rng.randrange(4, 250)}"


def service(rng: Random, speaker: Speaker) -> str:
    """Namespace and name of a tenant's Service: ``team-03/cart``."""
    return f"{team(rng.randrange(max(1, speaker.teams)))}/{APPS[rng.randrange(len(APPS))].name}"


def milliseconds(rng: Random, usual: float) -> float:
    """A duration: mostly near the usual, sometimes much longer."""
    return usual * rng.lognormvariate(0, 0.6)
