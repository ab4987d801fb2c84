"""What may come next on a command line, read off its parsers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple


class Candidate(NamedTuple):
    """A word that may come next, and what it is."""

    value: str
    help: str = ""


class Offered(NamedTuple):
    """The words that may come next; or the names of files, which the shell knows best."""

    candidates: tuple[Candidate, ...] = ()
    files: bool = False


Given = Mapping[str, tuple[str, ...]]
"""Option's destination to the values that stand before the cursor."""
Source = Callable[[Given], Iterable[Candidate]]
"""Values that no parser knows: contexts, namespaces."""

_FILE: Final = "FILE"
"""The metavar of options that take a file's name."""


class Parsers(NamedTuple):
    """The program's parser, those of commands that have one of their own, and where values come from."""

    main: argparse.ArgumentParser
    commands: Mapping[str, Callable[[], argparse.ArgumentParser]]
    sources: Mapping[str, Source]
    """Option's destination to its values."""


def offered(parsers: Parsers, words: Sequence[str], current: str) -> Offered:
    """What may stand where ``current`` begins, behind ``words`` (without the program's own name)."""
    state = _State(parsers)
    for word in words:
        state.take(word)
    option, equals, _value = current.partition("=")
    if state.pending is not None:
        return state.values(state.pending)
    if equals and option in state.options and _takes_value(state.options[option]) and not state.positional_only:
        found = state.values(state.options[option])
        return Offered(tuple(Candidate(f"{option}={one.value}", one.help) for one in found.candidates), found.files)
    if current.startswith("-") and not state.positional_only:
        return Offered(tuple(state.new_options()))
    return state.positionals()


class _State:
    """What was typed, as far as it was read."""

    def __init__(self, parsers: Parsers) -> None:
        self._parsers = parsers
        self._given: dict[str, tuple[str, ...]] = {}
        self._enter(parsers.main)
        self.positional_only = False

    def _enter(self, parser: argparse.ArgumentParser) -> None:
        actions = parser._actions  # noqa: SLF001 - argparse has no public way to its own declarations
        self.options = {name: action for action in actions for name in action.option_strings}
        self._waiting = [action for action in actions if not action.option_strings]
        self.pending: argparse.Action | None = None

    def take(self, word: str) -> None:
        """Read one word that stands before the cursor."""
        if self.pending is not None:
            self._note(self.pending, word)
            self.pending = None
        elif word == "--" and not self.positional_only:
            self.positional_only = True
        elif word.startswith("-") and len(word) > 1 and not self.positional_only:
            self._take_option(word)
        elif self._waiting:
            self._take_positional(self._waiting.pop(0), word)

    def _take_option(self, word: str) -> None:
        name, equals, value = word.partition("=")
        action = self.options.get(name)
        if action is None:
            return
        if equals:
            self._note(action, value)
        elif _takes_value(action):
            self.pending = action
        else:
            self._note(action, "")

    def _take_positional(self, action: argparse.Action, word: str) -> None:
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - see above
            own = self._parsers.commands.get(word)
            parser = own() if own is not None else action.choices.get(word)
            if parser is not None:
                self._enter(parser)
        else:
            self._note(action, word)

    def _note(self, action: argparse.Action, value: str) -> None:
        self._given[action.dest] = (*self._given.get(action.dest, ()), value)

    def values(self, action: argparse.Action) -> Offered:
        """What an option or a positional may be."""
        if action.choices is not None:
            return Offered(tuple(_choices(action)))
        source = self._parsers.sources.get(action.dest)
        if source is not None:
            return Offered(tuple(source(self._given)))
        return Offered(files=action.metavar == _FILE)

    def new_options(self) -> Iterable[Candidate]:
        """The options that may still be given; of several names the longest."""
        for action in dict.fromkeys(self.options.values()):
            again = isinstance(action, argparse._AppendAction)  # noqa: SLF001 - see above
            if action.help != argparse.SUPPRESS and (again or action.dest not in self._given):
                yield Candidate(max(action.option_strings, key=len), _one_line(action.help))

    def positionals(self) -> Offered:
        """What the next positional may be."""
        return self.values(self._waiting[0]) if self._waiting else Offered()


def _takes_value(action: argparse.Action) -> bool:
    return action.nargs != 0


def _choices(action: argparse.Action) -> Iterable[Candidate]:
    helps = {choice.dest: _one_line(choice.help) for choice in getattr(action, "_choices_actions", ())}
    return [Candidate(str(choice), helps.get(str(choice), "")) for choice in action.choices or ()]


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
