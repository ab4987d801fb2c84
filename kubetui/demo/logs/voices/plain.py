"""Applications that write plain text: Java, Python, .NET, nginx, redis, envoy; some with colours."""

from __future__ import annotations

from random import Random

from kubetui.demo.logs.voice import Ending, Said, Speaker, Voice, mixed
from kubetui.demo.logs.voices.formats import (
    apache,
    hexadecimal,
    iso_millis,
    micros,
    milliseconds,
    pod_ip,
    slashed,
    spaced,
)

# --- Java: search, ledger --------------------------------------------------------------------------------------------


def _spring(level: str, rng: Random, moment: float, logger: str, message: str) -> str:
    thread = f"[nio-8080-exec-{rng.randrange(1, 11)}]"
    return f"{iso_millis(moment)} {level:>5} 1 --- {thread} {logger:<40} : {message}"


def _searched(rng: Random, speaker: Speaker, moment: float) -> Said:
    if speaker.app == "ledger":
        posted = f"posted entry={hexadecimal(rng, 12)} amount={rng.randrange(100, 99999) / 100:.2f} EUR took={milliseconds(rng, 9):.0f}ms"
        return _spring("INFO", rng, moment, "c.e.shop.ledger.JournalWriter", posted)
    words = rng.choice(("trail shoes", "Kaffeemühle", "ノート", "bike light", "чайник", "🎧 headphones"))
    return _spring(
        "INFO",
        rng,
        moment,
        "c.e.shop.search.QueryController",
        f'query="{words}" hits={rng.randrange(900)} took={milliseconds(rng, 22):.0f}ms',
    )


def _collected(rng: Random, speaker: Speaker, moment: float) -> Said:
    return f"[{moment % 100_000:.3f}s][info][gc] GC({rng.randrange(9000)}) Pause Young (Normal) (G1 Evacuation Pause) {rng.randrange(300, 420)}M->{rng.randrange(100, 180)}M(512M) {milliseconds(rng, 6):.3f}ms"


def _java_warns(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _spring(
        "WARN",
        rng,
        moment,
        "com.zaxxer.hikari.pool.HikariPool",
        f"HikariPool-1 - Thread starvation or clock leap detected (housekeeper delta={rng.randrange(45, 90)}s).",
    )


def _trace(rng: Random, app: str, head: str) -> tuple[str, ...]:
    package = f"com.example.shop.{app}"
    return (
        head,
        "java.util.concurrent.CompletionException: java.net.SocketTimeoutException: Read timed out",
        f"\tat {package}.index.IndexClient.lambda$query$3(IndexClient.java:{rng.randrange(60, 300)}) ~[classes/:na]",
        "\tat java.base/java.util.concurrent.CompletableFuture$AsyncSupply.run(CompletableFuture.java:1768) ~[na:na]",
        "\tat java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1144) ~[na:na]",
        "\tat java.base/java.lang.Thread.run(Thread.java:1583) ~[na:na]",
        "Caused by: java.net.SocketTimeoutException: Read timed out",
        "\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278) ~[na:na]",
        f"\tat {package}.index.IndexClient.send(IndexClient.java:{rng.randrange(60, 300)}) ~[classes/:na]",
        f"\t... {rng.randrange(3, 30)} common frames omitted",
    )


def _java_fails(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _trace(
        rng,
        speaker.app,
        _spring("ERROR", rng, moment, "o.a.c.c.C.[.[.[/].[dispatcherServlet]", "Servlet.service() threw exception"),
    )


def _java_greets(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        (
            "",
            "  .   ____          _            __ _ _",
            " /\\\\ / ___'_ __ _ _(_)_ __  __ _ \\ \\ \\ \\",
            "( ( )\\___ | '_ | '_| | '_ \\/ _` | \\ \\ \\ \\",
            " \\\\/  ___)| |_)| | | | | || (_| |  ) ) ) )",
            "  '  |____| .__|_| |_|_| |_\\__, | / / / /",
            " =========|_|==============|___/=/_/_/_/",
            "",
        ),
        _spring(
            "INFO", rng, moment + 0.4, "c.e.shop.Application", f"Starting {speaker.app} using Java 21.0.4 with PID 1"
        ),
        _spring(
            "INFO", rng, moment + 2.1, "o.s.b.w.embedded.tomcat.TomcatWebServer", "Tomcat started on port 8080 (http)"
        ),
    )


def _java_dies(rng: Random, speaker: Speaker, moment: float, ending: Ending) -> tuple[Said, ...]:
    if ending.reason == "OOMKilled":
        return (_spring("WARN", rng, moment, "c.e.shop.MemoryWatch", "heap 494 MiB of 512 MiB after full GC"),)
    if ending.exit_code == 0:
        return (_spring("INFO", rng, moment, "o.s.b.w.e.tomcat.GracefulShutdown", "Graceful shutdown complete"),)
    return (
        _trace(rng, speaker.app, _spring("ERROR", rng, moment, "o.s.boot.SpringApplication", "Application run failed")),
        'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space'
        if ending.exit_code == 2
        else "exiting",
    )


JAVA = Voice(
    1.1,
    mixed((82, _searched), (10, _collected), (5, _java_warns), (3, _java_fails)),
    greet=_java_greets,
    die=_java_dies,
)

# --- Python: mailer --------------------------------------------------------------------------------------------------


def _python(level: str, moment: float, logger: str, message: str) -> str:
    return f"{spaced(moment)} {level} [{logger}] {message}"


def _delivered(rng: Random, speaker: Speaker, moment: float) -> Said:
    return _python(
        "INFO",
        moment,
        "mailer.smtp",
        f"delivered <{hexadecimal(rng, 16)}@shop.example.com> in {milliseconds(rng, 180):.0f} ms",
    )


def _python_fails(rng: Random, speaker: Speaker, moment: float) -> Said:
    return (
        _python("ERROR", moment, "mailer.queue", f"job {hexadecimal(rng, 8)} failed, will retry in 30 s"),
        "Traceback (most recent call last):",
        '  File "/app/mailer/queue.py", line 88, in run',
        "    await self._deliver(job)",
        '  File "/app/mailer/smtp.py", line 41, in _deliver',
        "    code, answer = await client.sendmail(job.sender, job.to, job.body)",
        "aiosmtplib.errors.SMTPServerDisconnected: Connection lost",
    )


PYTHON = Voice(0.5, mixed((94, _delivered), (6, _python_fails)))

# --- colours: feed, pricing ------------------------------------------------------------------------------------------

_LEVEL_COLOURS = {"INFO": "36", "WARN": "33", "ERRO": "31", "DEBU": "37"}


def _coloured(rng: Random, speaker: Speaker, moment: float) -> Said:
    """logrus on a terminal that it believes to have."""
    level = rng.choice(("INFO", "INFO", "INFO", "INFO", "DEBU", "WARN", "ERRO"))
    colour = _LEVEL_COLOURS[level]
    key = f"\x1b[{colour}m"
    return f"{key}{level}\x1b[0m[{int(moment) % 10000:04d}] feed item ranked              {key}item\x1b[0m={hexadecimal(rng, 6)} {key}score\x1b[0m={rng.random():.3f}"


def _console(rng: Random, speaker: Speaker, moment: float) -> Said:
    """zerolog's console writer: 256 colours and bold."""
    head, _ = micros(moment)
    return f"\x1b[90m{head[11:]}\x1b[0m \x1b[32m\x1b[1mINF\x1b[0m price updated \x1b[38;5;44msku=\x1b[0m{hexadecimal(rng, 6)} \x1b[38;5;44meur=\x1b[0m{rng.randrange(1, 400)}.{rng.randrange(100):02d}"


COLOURED = Voice(0.8, _coloured)
CONSOLE = Voice(0.6, _console)

# --- web servers and stores ------------------------------------------------------------------------------------------


def _access(rng: Random, speaker: Speaker, moment: float) -> Said:
    status = rng.choice((200, 200, 200, 200, 200, 301, 304, 404, 499, 502))
    return (
        f'{pod_ip(rng)} - - [{apache(moment)}] "GET /api/v1/{rng.choice(("cart", "feed", "search"))}?id={hexadecimal(rng, 6)} HTTP/1.1" '
        f'{status} {rng.randrange(120, 9000)} "-" "okhttp/4.12.0" rt={milliseconds(rng, 0.02):.3f}'
    )


def _nginx_error(rng: Random, speaker: Speaker, moment: float) -> Said:
    return f'{slashed(moment)} [error] 29#29: *{rng.randrange(10**6)} upstream timed out (110: Operation timed out) while reading response header from upstream, client: {pod_ip(rng)}, server: _, upstream: "http://{pod_ip(rng)}:8080/api/v1/feed"'


NGINX = Voice(3.0, mixed((98, _access), (2, _nginx_error)))


def _redis(rng: Random, speaker: Speaker, moment: float) -> Said:
    head, micro = micros(moment)
    when = f"{head[8:10]} {('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')[int(head[5:7]) - 1]} {head[:4]} {head[11:]}.{micro // 1000:03d}"
    child = rng.randrange(100, 30000)
    return (
        f"1:M {when} * 100 changes in 300 seconds. Saving...",
        f"1:M {when} * Background saving started by pid {child}",
        f"{child}:C {when} * DB saved on disk",
        f"1:M {when} * Background saving terminated with success",
    )


REDIS = Voice(1 / 120, _redis)


def _envoy_access(rng: Random, speaker: Speaker, moment: float) -> Said:
    flags = rng.choice(("-", "-", "-", "-", "-", "UF,URX", "UT"))
    status = 200 if flags == "-" else 503
    took = milliseconds(rng, 9)
    return (
        f'[{iso_millis(moment)}] "GET /v1/items/{hexadecimal(rng, 6)} HTTP/1.1" {status} {flags} via_upstream - "-" 0 '
        f'{rng.randrange(90, 4000)} {took:.0f} {took * 0.9:.0f} "-" "go-http-client/1.1" "{hexadecimal(rng, 8)}" "{speaker.app}:8080" '
        f'"{pod_ip(rng)}:8080" inbound|8080|| 127.0.0.6:{rng.randrange(32768, 61000)} {speaker.ip}:8080 {pod_ip(rng)}:{rng.randrange(32768, 61000)} - default'
    )


def _envoy_info(rng: Random, speaker: Speaker, moment: float) -> Said:
    head, micro = micros(moment)
    return f"{head}.{micro:06d}Z\tinfo\txdsproxy\tconnected to delta upstream XDS server: meshd.mesh-system.svc:15012\tid={rng.randrange(400)}"


ENVOY = Voice(1.0, mixed((97, _envoy_access), (3, _envoy_info)))


def _fluent(rng: Random, speaker: Speaker, moment: float) -> Said:
    head, _ = micros(moment)
    when = head.replace("-", "/").replace("T", " ")
    if rng.random() < 0.05:
        return f"\x1b[1m[\x1b[0m{when}\x1b[1m]\x1b[0m [\x1b[93m warn\x1b[0m] [engine] failed to flush chunk '1-{int(moment)}.{rng.randrange(10**9)}.flb', retry in {rng.randrange(6, 60)} seconds"
    return f"\x1b[1m[\x1b[0m{when}\x1b[1m]\x1b[0m [\x1b[92m info\x1b[0m] [input:tail:tail.0] inotify_fs_add(): inode={rng.randrange(10**6)} watch_fd={rng.randrange(900)}"


FLUENT_BIT = Voice(0.1, _fluent)


def _dotnet(rng: Random, speaker: Speaker, moment: float) -> Said:
    level = rng.choice(("info", "info", "info", "info", "warn", "fail"))
    return (
        f"{level}: Shipping.Api.LabelController[{rng.randrange(1, 40)}]",
        f"      Label {hexadecimal(rng, 8).upper()} created for order {rng.randrange(10**6)}",
    )


DOTNET = Voice(0.5, _dotnet)

# --- others ----------------------------------------------------------------------------------------------------------


def _cataloged(rng: Random, speaker: Speaker, moment: float) -> Said:
    name = rng.choice(("Teekanne »Grün«", "雨傘", "Café crème", "Ёлка", "naïve clock"))
    return f"{spaced(moment)} INFO  catalog: product “{name}” synced ✓ ({rng.randrange(2, 90)} variants)"


CATALOG = Voice(0.5, _cataloged)


def _exported(rng: Random, speaker: Speaker, moment: float) -> Said:
    """No time, no level: CSV."""
    return (
        f"{rng.randrange(10**8)};{hexadecimal(rng, 8)};{rng.randrange(1, 9)};{rng.randrange(100, 99999) / 100:.2f};EUR"
    )


EXPORT = Voice(2.0, _exported)


def _migrated(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (
        "INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.",
        "INFO  [alembic.runtime.migration] Will assume transactional DDL.",
        f"INFO  [alembic.runtime.migration] Running upgrade {hexadecimal(rng, 12)} -> {hexadecimal(rng, 12)}, add index",
        "database is up to date",
    )


def _silent(rng: Random, speaker: Speaker, moment: float) -> Said:
    return ""


MIGRATE = Voice(0, _silent, greet=_migrated)
MIGRATE_NOTHING = Voice(0, _silent)


def _progress(rng: Random, speaker: Speaker, moment: float) -> Said:
    return f"{spaced(moment)} INFO {speaker.name}: {rng.randrange(100, 9000)} documents, {rng.randrange(1, 80)} MiB"


def _job_starts(rng: Random, speaker: Speaker, moment: float) -> tuple[Said, ...]:
    return (f"{spaced(moment)} INFO {speaker.name}: starting, --once",)


def _job_ends(rng: Random, speaker: Speaker, moment: float, ending: Ending) -> tuple[Said, ...]:
    word = "done" if ending.exit_code == 0 else f"failed: {ending.reason}"
    return (f"{spaced(moment)} INFO {speaker.name}: {word}",)


JOB = Voice(0.7, _progress, greet=_job_starts, die=_job_ends)
