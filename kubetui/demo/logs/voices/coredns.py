"""coredns: the query log (on by coredns-custom), errors of its plugins, its start and its end.

Formats: plugin/log, plugin/errors, plugin/forward, plugin/health, plugin/reload of coredns 1.14.
"""

from __future__ import annotations

from random import Random

from kubetui.demo.logs.voice import Ending, Mood, Said, Speaker, Voice, mixed
from kubetui.demo.logs.voices.formats import hexadecimal, pod_ip, service

UPSTREAM = "168.63.129.16:53"
"""Azure's DNS."""
_OUTSIDE = (
    "acrprod.azurecr.io.",
    "login.microsoftonline.com.",
    "management.azure.com.",
    "westeurope.monitoring.azure.com.",
    "api.stripe.com.",
    "smtp.sendgrid.net.",
    "otel.example.com.",
    "stprodlogs.blob.core.windows.net.",
)


def _inside(rng: Random, speaker: Speaker) -> str:
    namespace, _, name = service(rng, speaker).partition("/")
    return f"{name}.{namespace}.svc.cluster.local."


def _query(rng: Random, client: str, kind: str, name: str, rcode: str, flags: str, size: int, seconds: float) -> str:
    asked = f'"{kind} IN {name} udp {len(name) + 27} false 512"'
    where = f"{client}:{rng.randrange(32768, 61000)} - {rng.randrange(65536)}"
    return f"[INFO] {where} {asked} {rcode} {flags} {size} {seconds:.9f}s"


def _found(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = _inside(rng, speaker)
    kind = rng.choice(("A", "A", "AAAA"))
    size = 2 * len(name) + 38 if kind == "A" else len(name) + 75
    return _query(rng, pod_ip(rng), kind, name, "NOERROR", "qr,aa,rd", size, rng.lognormvariate(-9.0, 0.4))


def _forwarded(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = rng.choice(_OUTSIDE)
    seconds = rng.lognormvariate(-5.5, 0.8)
    return _query(rng, pod_ip(rng), "A", name, "NOERROR", "qr,rd,ra", 2 * len(name) + 60, seconds)


def _searched(rng: Random, speaker: Speaker, moment: float) -> Said:
    """``ndots:5``: an outside name is tried with every search domain first."""
    namespace, client, name = service(rng, speaker).partition("/")[0], pod_ip(rng), rng.choice(_OUTSIDE)
    domains = (f"{namespace}.svc.cluster.local.", "svc.cluster.local.", "cluster.local.")
    return tuple(
        _query(
            rng,
            client,
            kind,
            name + domain,
            "NXDOMAIN",
            "qr,aa,rd",
            len(name + domain) + 120,
            0.00008 + rng.random() / 8000,
        )
        for domain in domains
        for kind in ("A", "AAAA")
    )


def _pointer(rng: Random, speaker: Speaker, moment: float) -> Said:
    last = pod_ip(rng).split(".")
    name = ".".join(reversed(last)) + ".in-addr.arpa."
    return _query(rng, pod_ip(rng), "PTR", name, "NXDOMAIN", "qr,aa,rd", len(name) + 110, 0.00009 + rng.random() / 9000)


def _timeout(rng: Random, speaker: Speaker, moment: float) -> Said:
    name, client = rng.choice(_OUTSIDE), pod_ip(rng)
    error = f"[ERROR] plugin/errors: 2 {name} A: read udp {speaker.ip}:{rng.randrange(32768, 61000)}->{UPSTREAM}: i/o timeout"
    return error, _query(rng, client, "A", name, "SERVFAIL", "qr,rd,ra", len(name) + 17, 2.0 + rng.random() / 500)


def _no_proxies(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = rng.choice(_OUTSIDE)
    return f"[ERROR] plugin/errors: 2 {name} AAAA: no healthy proxies"


def _greet(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        ".:53",
        f"[INFO] plugin/reload: Running configuration SHA512 = {hexadecimal(Random(1), 128)}",  # noqa: S311 - no secret
        "CoreDNS-1.14.3",
        "linux/amd64, go1.25.3, 5e1e4a0",
    )


def _part(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        "[INFO] SIGTERM: Shutting down servers then terminating",
        "[INFO] plugin/health: Going into lameduck mode for 5s",
    )


def _die(rng: Random, speaker: Speaker, moment: float, ending: Ending) -> tuple[Said, ...]:
    if ending.words:
        return (ending.words,)
    if ending.reason == "OOMKilled":
        return ()
    return ("[INFO] SIGTERM: Shutting down servers then terminating",)


def _nothing(rng: Random, speaker: Speaker, moment: float) -> Said:
    return ""


COREDNS = Voice(
    4.0,
    mixed((60, _found), (22, _forwarded), (9, _searched), (3, _pointer)),
    greet=_greet,
    part=_part,
    die=_die,
    moods={
        "upstream-silent": Mood(3.0, mixed((9, _timeout), (1, _no_proxies))),
        "config-broken": Mood(0, _nothing, instead=True, newcomers=True),
    },
)
