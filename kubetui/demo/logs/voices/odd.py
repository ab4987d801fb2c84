"""What makes readers stumble: very long lines, bytes that are no UTF-8, and what a terminal would obey."""

from __future__ import annotations

import base64
from random import Random

from kubetui.demo.logs.voice import Said, Speaker, Voice, mixed
from kubetui.demo.logs.voices.formats import hexadecimal, iso_millis, milliseconds, spaced


def _ranked(rng: Random, speaker: Speaker, moment: float) -> Said:
    """A progress bar, with carriage returns instead of line ends."""
    step = rng.randrange(1, 21)
    return "\r".join(f"scoring: {place * 5:3d}%|{'█' * place:<20}| {place * 50}/1000" for place in range(1, step + 1))


def _features(rng: Random, speaker: Speaker, moment: float) -> Said:
    """One line of more than 16 KiB."""
    values = ",".join(f"{rng.random():.6f}" for _ in range(2600))
    return f'{spaced(moment)} DEBUG ranker.features {{"user":"{hexadecimal(rng, 8)}","vector":[{values}]}}'


def _scored(rng: Random, speaker: Speaker, moment: float) -> Said:
    return f"{spaced(moment)} INFO ranker.score user={hexadecimal(rng, 8)} candidates={rng.randrange(50, 900)} took={milliseconds(rng, 40):.0f}ms"


RANKER = Voice(0.8, mixed((96, _scored), (3, _ranked), (1, _features)))


def _resized(rng: Random, speaker: Speaker, moment: float) -> Said:
    return f"{iso_millis(moment)} INFO  resized {hexadecimal(rng, 12)}.jpg {rng.randrange(800, 4000)}x{rng.randrange(600, 3000)} -> 640x480 in {milliseconds(rng, 60):.0f}ms"


def _thumbnail(rng: Random, speaker: Speaker, moment: float) -> Said:
    """Somebody logs the picture itself."""
    picture = base64.b64encode(rng.randbytes(rng.randrange(9_000, 60_000))).decode()
    return f"{iso_millis(moment)} DEBUG thumbnail data:image/jpeg;base64,{picture}"


IMAGES = Voice(0.6, mixed((199, _resized), (1, _thumbnail)))


def _billed(rng: Random, speaker: Speaker, moment: float) -> Said:
    """Names in Latin-1: not UTF-8."""
    name = rng.choice(("Müller", "Sørensen", "García", "Łukasz", "Özil", "Renée"))
    return f"{spaced(moment)} INFO invoice {rng.randrange(10**6)} for {name} sent".encode("latin-1", "replace")


def _binary(rng: Random, speaker: Speaker, moment: float) -> Said:
    return f"{spaced(moment)} WARN unexpected answer from printer: ".encode() + bytes(
        rng.randrange(256) for _ in range(24)
    ).replace(b"\n", b" ")


INVOICES = Voice(0.4, mixed((96, _billed), (4, _binary)))


def _reviewed(rng: Random, speaker: Speaker, moment: float) -> Said:
    """Customers' words, some with what a terminal would obey and a careless viewer would style."""
    words = rng.choice(
        (
            "great!",
            "arrived late, but ok",
            "très bien 👍🏽",
            "[red]not what I ordered[/red]",
            "[@click=app.quit]free gift[/]",
            "\x1b]0;you have been pwned\x07nice title",
            "\x1b[2J\x1b[Hgone?",
            "five \u202estars\u202c",
            "back\b\b\b\bspace",
            "ใช้ดีมาก",
            "zero\u200bwidth",
            "👩‍👩‍👧‍👦 loves it",
        )
    )
    return f'{iso_millis(moment)} INFO  review product={hexadecimal(rng, 6)} stars={rng.randrange(1, 6)} text="{words}"'


REVIEWS = Voice(0.4, _reviewed)
