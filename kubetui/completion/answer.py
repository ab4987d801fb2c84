"""``kubetui __complete``: a shell's question answered in the shell's own form.

The answer is ``:files`` where the names of files are wanted, else a line for each candidate.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence

from kubetui.completion.candidates import Candidate, Offered, Parsers, Source, offered
from kubetui.completion.sources import contexts, namespaces
from kubetui.completion.words import Typed, split

FILES = ":files"
WORD = "__complete"
"""What the scripts call the program with. No person types it, so that no help lists it."""


def answer(
    main: argparse.ArgumentParser,
    commands: Mapping[str, Callable[[], argparse.ArgumentParser]],
    sources: Mapping[str, Source],
    arguments: Sequence[str],
) -> str:
    """The answer to ``bash BREAKS LINE``, ``zsh -- WORDS…`` or ``fish -- WORDS…``; the last word is the cursor's."""
    shell, *rest = arguments or ("",)
    parsers = Parsers(main, commands, {"context": contexts, "namespace": namespaces, **sources})
    if shell == "bash" and len(rest) == 2:
        typed = split(rest[1])
        return _for_bash(offered(parsers, typed.words[1:], typed.current), typed, rest[0])
    if shell in ("zsh", "fish") and len(rest) >= 2:
        *words, current = rest[1:]
        found = offered(parsers, words, current)
        return FILES if found.files else "\n".join(_LINES[shell](found.candidates))
    return ""


def _for_bash(found: Offered, typed: Typed, breaks: str) -> str:
    """bash replaces what stands behind the last break (``:``, ``=``) of the word, and quotes nothing by itself."""
    if found.files:
        return FILES
    kept = max((typed.current.rfind(sign) + 1 for sign in breaks if sign in ":=@"), default=0)
    values = [one.value for one in found.candidates if one.value.startswith(typed.current)]
    return "\n".join(value[kept:] if typed.quote else _escaped(value[kept:]) for value in values)


def _escaped(value: str) -> str:
    """A value with a backslash before what a shell would read otherwise: quotes could not be typed on."""
    return "".join(one if shlex.quote(one) == one else f"\\{one}" for one in value)


def _for_zsh(candidates: Iterable[Candidate]) -> list[str]:
    escaped = [(one.value.replace("\\", "\\\\").replace(":", "\\:"), one.help) for one in candidates]
    return [f"{value}:{told}" if told else value for value, told in escaped]


def _for_fish(candidates: Iterable[Candidate]) -> list[str]:
    return [f"{one.value}\t{one.help}" if one.help else one.value for one in candidates]


_LINES = {"zsh": _for_zsh, "fish": _for_fish}
