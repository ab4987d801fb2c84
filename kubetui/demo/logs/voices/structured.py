"""Applications that write JSON or logfmt."""

from __future__ import annotations

import json
from random import Random

from kubetui.demo.logs.voice import Ending, Mood, Said, Speaker, Voice, mixed
from kubetui.demo.logs.voices.formats import hexadecimal, iso_millis, milliseconds, pod_ip, spaced

_PATHS = (
    "/v1/orders",
    "/v1/orders/{}",
    "/v1/cart/{}/items",
    "/v1/products/{}",
    "/v1/sessions",
    "/healthz",
    "/v1/quote",
)
_METHODS = ("GET", "GET", "GET", "POST", "PUT", "DELETE")
_DEPENDENCIES = ("ledger", "cart", "pricing", "stock", "auth")


def _path(rng: Random) -> str:
    return rng.choice(_PATHS).format(hexadecimal(rng, 6))


def _dump(fields: dict[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


# --- zap: checkout, notify, invoices ---------------------------------------------------------------------------------


def _zap(level: str, moment: float, logger: str, message: str, **fields: object) -> str:
    return _dump({"level": level, "ts": iso_millis(moment), "logger": logger, "msg": message, **fields})


def _served(rng: Random, speaker: Speaker, moment: float) -> Said:
    status = rng.choice((200, 200, 200, 200, 201, 204, 304, 404))
    return _zap(
        "info",
        moment,
        "http",
        "request served",
        method=rng.choice(_METHODS),
        path=_path(rng),
        status=status,
        duration_ms=round(milliseconds(rng, 14), 2),
        trace_id=hexadecimal(rng, 32),
        remote=pod_ip(rng),
    )


def _slow(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = rng.choice(_DEPENDENCIES)
    return _zap(
        "warn",
        moment,
        "client",
        "slow upstream",
        upstream=name,
        duration_ms=round(900 + milliseconds(rng, 700)),
        attempt=rng.randrange(1, 3),
        trace_id=hexadecimal(rng, 32),
    )


def _failed(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = rng.choice(_DEPENDENCIES)
    error = f'Post "http://{name}.{speaker.namespace}.svc.cluster.local:8080/v1/charge": context deadline exceeded'
    return _zap("error", moment, "client", "call failed", upstream=name, error=error, trace_id=hexadecimal(rng, 32))


def _debugged(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _zap("debug", moment, "cache", "hit", key=f"price:{hexadecimal(rng, 8)}", ttl_s=rng.randrange(30))


def _zap_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    version = speaker.image.rpartition(":")[2]
    return (
        _zap("info", moment, "main", f"starting {speaker.app}", version=version, go="go1.25.3"),
        _zap("info", moment + 0.1, "main", "configuration loaded", path="/etc/app/app.yaml"),
        _zap("info", moment + 0.6, "http", "listening", address=":8080"),
    )


def _zap_parts(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (_zap("info", moment, "main", "received SIGTERM, draining", connections=rng.randrange(1, 40)),)


def _panic(rng: Random, speaker: Speaker, moment: float, ending: Ending) -> tuple[Said, ...]:
    if ending.reason == "OOMKilled":
        return (
            _zap(
                "warn", moment, "runtime", "memory close to the limit", heap_mib=497, limit_mib=512, gc_cpu_percent=81
            ),
        )
    if ending.exit_code == 0:
        return (_zap("info", moment, "main", "bye"),)
    routine = rng.randrange(40, 900)
    return (
        _zap("error", moment, "http", "handler panicked", path=_path(rng), trace_id=hexadecimal(rng, 32)),
        (
            "panic: runtime error: invalid memory address or nil pointer dereference",
            f"[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x{hexadecimal(rng, 6)}]",
            "",
            f"goroutine {routine} [running]:",
            f"example.com/shop/{speaker.app}/internal/api.(*Handler).Quote(0x0, {{0x1b2c3d8, 0xc000{hexadecimal(rng, 6)}}})",
            f"\t/src/internal/api/handler.go:{rng.randrange(40, 400)} +0x2e",
            "net/http.HandlerFunc.ServeHTTP(0xc0001a2000?, {0x1b2e0f0?, 0xc000450000?}, 0x0?)",
            "\t/usr/local/go/src/net/http/server.go:2294 +0x29",
            "created by net/http.(*Server).Serve in goroutine 1",
            "\t/usr/local/go/src/net/http/server.go:3493 +0x485",
        ),
    )


def _not_found(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = f"{rng.choice(_DEPENDENCIES)}.{speaker.namespace}.svc.cluster.local"
    error = f"dial tcp: lookup {name} on 10.0.0.10:53: read udp {speaker.ip}:{rng.randrange(32768, 61000)}->10.0.0.10:53: i/o timeout"
    return _zap("error", moment, "client", "call failed", upstream=name.partition(".")[0], error=error)


def _outside_not_found(rng: Random, speaker: Speaker, moment: float) -> Said:
    error = "dial tcp: lookup api.stripe.com on 10.0.0.10:53: server misbehaving"
    return _zap("error", moment, "payments", "charge failed", error=error, trace_id=hexadecimal(rng, 32))


def _not_ready(rng: Random, speaker: Speaker, moment: float) -> Said:
    return (
        _zap(
            "error",
            moment,
            "health",
            "dependency is not reachable",
            dependency="ledger-v2",
            error=f"dial tcp: lookup ledger-v2.{speaker.namespace}.svc.cluster.local on 10.0.0.10:53: no such host",
        ),
        _zap("warn", moment, "http", "not ready", path="/ready", status=503),
    )


MOODS = {
    "dns-gone": Mood(0.5, _not_found),
    "upstream-silent": Mood(0.15, _outside_not_found),
    "dependency-down": Mood(0.4, _not_ready),
}
ZAP = Voice(
    1.2,
    mixed((80, _served), (12, _debugged), (6, _slow), (2, _failed)),
    greet=_zap_greets,
    part=_zap_parts,
    die=_panic,
    moods=MOODS,
)

# --- pino: auth ------------------------------------------------------------------------------------------------------


def _pino(level: int, speaker: Speaker, moment: float, message: str, **fields: object) -> str:
    head: dict[str, object] = {"level": level, "time": int(moment * 1000), "pid": 1, "hostname": speaker.pod}
    return _dump({**head, **fields, "msg": message})


def _signed_in(rng: Random, speaker: Speaker, moment: float) -> Said:
    user = rng.choice(("zoë", "søren", "李雷", "müller", "ana", "иван"))
    return _pino(
        30,
        speaker,
        moment,
        "signed in",
        user=f"{user}@example.com",
        reqId=hexadecimal(rng, 12),
        ms=rng.randrange(3, 90),
    )


def _denied(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _pino(40, speaker, moment, "invalid credentials", reqId=hexadecimal(rng, 12), attempts=rng.randrange(1, 6))


def _jwks(rng: Random, speaker: Speaker, moment: float) -> Said:
    error = {
        "type": "FetchError",
        "message": "request to https://login.microsoftonline.com/common/discovery/v2.0/keys failed, reason: connect ETIMEDOUT",
        "stack": "FetchError: request failed\n    at ClientRequest.<anonymous> (/app/node_modules/node-fetch/lib/index.js:1491:11)\n    at processTicksAndRejections (node:internal/process/task_queues:82:21)",
    }
    return _pino(50, speaker, moment, "cannot refresh keys", err=error)


PINO = Voice(0.9, mixed((90, _signed_in), (8, _denied), (2, _jwks)))

# --- logfmt: cart, ingest, stock -------------------------------------------------------------------------------------


def _logfmt(level: str, moment: float, message: str, **fields: object) -> str:
    words = " ".join(f'{key}="{value}"' if " " in str(value) else f"{key}={value}" for key, value in fields.items())
    return f'ts={iso_millis(moment)} level={level} msg="{message}" {words}'.rstrip()


def _updated(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _logfmt(
        "info",
        moment,
        "cart updated",
        cart=hexadecimal(rng, 8),
        items=rng.randrange(1, 12),
        took=f"{milliseconds(rng, 4):.2f}ms",
    )


def _evicted(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _logfmt("debug", moment, "cache evicted", keys=rng.randrange(1, 900), reason=rng.choice(("ttl", "size")))


def _retried(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _logfmt(
        "warn", moment, "retrying", upstream="pricing", attempt=rng.randrange(2, 5), err="503 Service Unavailable"
    )


def _conflict(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _logfmt(
        "error",
        moment,
        "write conflict",
        cart=hexadecimal(rng, 8),
        err="could not serialize access due to concurrent update",
    )


def _logfmt_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        _logfmt("info", moment, f"{speaker.app} starting", version=speaker.image.rpartition(":")[2]),
        _logfmt("info", moment + 0.2, "connected", database=f"{speaker.app}-db:5432"),
    )


LOGFMT = Voice(
    1.5,
    mixed((75, _updated), (15, _evicted), (8, _retried), (2, _conflict)),
    greet=_logfmt_greets,
    moods={
        "dns-gone": Mood(
            0.4,
            lambda rng, speaker, moment: _logfmt(
                "error", moment, "lookup failed", host=f"pricing.{speaker.namespace}", err="i/o timeout"
            ),
        ),
    },
)


def _tabbed(rng: Random, speaker: Speaker, moment: float) -> Said:
    """Columns by tabs."""
    columns = (
        spaced(moment, "."),
        "INFO",
        f"partition={rng.randrange(12)}",
        f"offset={int(moment * 10)}",
        f"lag={rng.randrange(400)}",
        "ok",
    )
    return "\t".join(columns)


TABBED = Voice(2.0, _tabbed)
