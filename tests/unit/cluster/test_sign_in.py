"""Sign-ins with a person there: what they see, what they end, when the terminal changes hands."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.exec_plugin import ExecPlugin
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import ExecEntry, UserEntry
from kubetui.cluster.sign_in import MOST_LINES, Attempt, Declined, SignIns
from tests.fake_clock import FakeClock

V1 = "client.authentication.k8s.io/v1"
PROMPT = (
    "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code F7QK2LXYZ."
)


class Person:
    """Looks at the sign-ins of one plugin."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.sign_ins = SignIns(self.clock)
        self.sign_ins.attend(lambda: self.changed.set())
        self.changed = asyncio.Event()

    def plugin(self, body: str, **fields: Any) -> ExecPlugin:
        answer = json.dumps({"apiVersion": V1, "kind": "ExecCredential", "status": {"token": "tok"}})
        (self.folder / "answer").write_text(answer)
        path = self.folder / "plugin"
        path.write_text(f"#!/bin/sh\necho run >> '{self.folder}/runs'\n{body}\ncat '{self.folder}/answer'\n")
        path.chmod(0o755)
        entry = ExecEntry(command="./plugin", api_version=V1, **fields)
        user = User("joe", UserEntry(exec=entry), self.folder)
        environ = {"PATH": os.environ["PATH"]}
        return ExecPlugin(
            Target("prod", "", "https://api.example", user), user, entry, self.clock, environ, self.sign_ins
        )

    def runs(self) -> int:
        return len((self.folder / "runs").read_text().splitlines())

    async def sees(self, true: Callable[[Attempt], bool]) -> Attempt:
        """Until the running attempt looks so."""
        async with asyncio.timeout(20):
            while not (self.sign_ins.running and true(self.sign_ins.running[0])):
                self.changed.clear()
                await self.changed.wait()
        return self.sign_ins.running[0]

    def gate(self) -> Path:
        """A pipe: a plugin that reads it waits until ``open`` is called."""
        os.mkfifo(self.folder / "gate")
        return self.folder / "gate"


@pytest.fixture
async def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


async def test_words_are_seen_while_the_plugin_runs_and_it_then_goes_on(person: Person) -> None:
    gate = person.gate()
    plugin = person.plugin(f"echo '{PROMPT}' >&2; cat '{gate}'")
    waiting = asyncio.ensure_future(plugin.credential())

    seen = await person.sees(lambda attempt: attempt.asks)
    assert (seen.program, seen.account) == ("plugin", "joe")
    assert (seen.code, seen.address) == ("F7QK2LXYZ", "https://microsoft.com/devicelogin")
    assert seen.lines == (PROMPT,)

    await asyncio.to_thread(gate.write_text, "")
    assert (await waiting).token == "tok"
    assert person.sign_ins.running == ()
    assert seen.ended


async def test_a_prompt_that_can_be_read_may_take_as_long_as_a_device_code_lasts(person: Person) -> None:
    waiting = asyncio.ensure_future(person.plugin(f"echo '{PROMPT}' >&2; sleep 600").credential())
    await person.sees(lambda attempt: attempt.asks)
    await person.clock.advance(890)
    assert not waiting.done()
    await person.clock.advance(11)
    with pytest.raises(SignInFailed, match="nobody finished it within 15 minutes"):
        await waiting


async def test_what_nobody_answered_is_not_asked_again_by_itself(person: Person) -> None:
    plugin = person.plugin(f"echo '{PROMPT}' >&2; sleep 600")
    waiting = asyncio.ensure_future(plugin.credential())
    await person.sees(lambda attempt: attempt.asks)
    await person.clock.advance(901)
    for waiter in (waiting, plugin.credential(), plugin.credential()):
        with pytest.raises(SignInFailed, match=r"\^r asks again"):
            await waiter
    assert person.runs() == 1


async def test_the_person_ends_it_and_asks_again_later(person: Person) -> None:
    plugin = person.plugin(f"test -e '{person.folder}/later' || (echo '{PROMPT}' >&2; sleep 600)")
    waiting = asyncio.ensure_future(plugin.credential())
    (await person.sees(lambda attempt: attempt.asks)).decline()
    with pytest.raises(SignInFailed, match="you ended it"):
        await waiting
    with pytest.raises(SignInFailed, match="you ended it"):
        await plugin.credential()
    assert person.runs() == 1

    (person.folder / "later").touch()
    person.sign_ins.again()
    assert (await plugin.credential()).token == "tok"
    assert person.runs() == 2


async def test_a_plugin_that_merely_hangs_has_its_minute_and_is_tried_again(person: Person) -> None:
    plugin = person.plugin("sleep 600")
    for _ in range(2):
        waiting = asyncio.ensure_future(plugin.credential())
        await person.sees(lambda attempt: not attempt.lines)
        await person.clock.advance(61)
        with pytest.raises(SignInFailed, match="did not end within 60 s"):
            await waiting


class Terminal:
    """Lends itself, or not."""

    def __init__(self, *, willing: bool = True) -> None:
        self.willing = willing
        self.lent_to: list[str] = []
        self.given_back = 0

    @asynccontextmanager
    async def lend(self, attempt: Attempt) -> AsyncIterator[None]:
        if not self.willing:
            raise Declined
        self.lent_to.append(attempt.program)
        try:
            yield
        finally:
            self.given_back += 1


async def test_a_plugin_that_must_ask_gets_the_terminal_and_is_told_so(person: Person) -> None:
    terminal = Terminal()
    person.sign_ins.attend(lambda: None, terminal.lend)
    info = person.folder / "info"
    plugin = person.plugin(f'printf "%s" "$KUBERNETES_EXEC_INFO" > {info}', interactive_mode="Always")
    assert (await plugin.credential()).token == "tok"
    assert (terminal.lent_to, terminal.given_back) == (["plugin"], 1)
    assert json.loads(info.read_text())["spec"] == {"interactive": True}


async def test_where_there_is_no_terminal_to_lend_that_is_said(person: Person) -> None:
    with pytest.raises(SignInFailed, match="there is none to give it"):
        await person.plugin("true", interactive_mode="Always").credential()


async def test_the_person_may_refuse_the_terminal(person: Person) -> None:
    person.sign_ins.attend(lambda: None, Terminal(willing=False).lend)
    plugin = person.plugin("true", interactive_mode="Always")
    for _ in range(2):
        with pytest.raises(SignInFailed, match="you ended it"):
            await plugin.credential()
    assert not (person.folder / "runs").exists()


async def test_one_that_fails_on_the_terminal_does_not_take_it_again_by_itself(person: Person) -> None:
    terminal = Terminal()
    person.sign_ins.attend(lambda: None, terminal.lend)
    plugin = person.plugin("exit 3", interactive_mode="Always")
    for _ in range(3):
        with pytest.raises(SignInFailed, match="code 3"):
            await plugin.credential()
    assert (terminal.lent_to, terminal.given_back) == (["plugin"], 1)


async def test_one_that_asks_where_it_can_runs_without_the_terminal_until_the_person_gives_it(person: Person) -> None:
    terminal = Terminal()
    person.sign_ins.attend(lambda: person.changed.set(), terminal.lend)
    body = 'case "$KUBERNETES_EXEC_INFO" in *\'"interactive": true\'*) ;; *) echo "no terminal" >&2; sleep 600;; esac'
    waiting = asyncio.ensure_future(person.plugin(body, interactive_mode="IfAvailable").credential())
    seen = await person.sees(lambda attempt: "no terminal" in attempt.text)
    assert terminal.lent_to == []
    seen.take_terminal()
    assert (await waiting).token == "tok"
    assert (terminal.lent_to, person.runs()) == (["plugin"], 2)


async def test_a_session_that_closes_ends_the_plugin_on_the_terminal_and_gives_it_back(person: Person) -> None:
    terminal = Terminal()
    person.sign_ins.attend(lambda: person.changed.set(), terminal.lend)
    waiting = asyncio.ensure_future(person.plugin("sleep 600", interactive_mode="Always").credential())
    await person.sees(lambda attempt: attempt.on_terminal)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
    assert terminal.given_back == len(terminal.lent_to)
    assert person.sign_ins.running == ()


async def test_an_interactive_mode_that_is_none_is_an_error(person: Person) -> None:
    with pytest.raises(SignInFailed, match="interactiveMode is Sometimes"):
        await person.plugin("true", interactive_mode="Sometimes").credential()


class TestWhatItSaid:
    def attempt(self) -> Attempt:
        return Attempt("kubelogin", "joe", 0.0, lambda: None)

    def test_parts_of_lines_become_lines(self) -> None:
        attempt = self.attempt()
        for part in ("Pass", "word: ", "\nnext", "\r\n"):
            attempt.say(part)
        assert attempt.lines == ("Password: ", "next")

    def test_control_sequences_and_tokens_are_taken_out(self) -> None:
        attempt = self.attempt()
        attempt.say("\x1b[31mred\x1b[0m \x1b]0;title\x07got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln\n")
        assert attempt.lines == ("red got …",)

    def test_a_carriage_return_begins_the_line_anew(self) -> None:
        attempt = self.attempt()
        attempt.say("10 %\r20 %\r100 %\ndone")
        assert attempt.lines == ("100 %", "done")

    def test_it_is_bounded(self) -> None:
        attempt = self.attempt()
        attempt.say("x" * 1_000_000)
        attempt.say("\n" * 1000)
        assert len(attempt.lines) <= MOST_LINES
        attempt.say("y" * 100_000 + "\n")
        assert max(map(len, attempt.lines)) <= 2000

    @pytest.mark.parametrize(
        ("words", "code", "address"),
        [
            (PROMPT, "F7QK2LXYZ", "https://microsoft.com/devicelogin"),
            ("open https://login.microsoft.com/device and enter the code ABC123DEF to", "ABC123DEF",
             "https://login.microsoft.com/device"),
            ("Please visit (https://idp.example/device?user_code=WDJB-MJHT) code: WDJB-MJHT", "WDJB-MJHT",
             "https://idp.example/device?user_code=WDJB-MJHT"),
            ("it ended with code 1", "", ""),
        ],
    )  # fmt: skip
    def test_code_and_address_are_found(self, words: str, code: str, address: str) -> None:
        attempt = self.attempt()
        attempt.say(words)
        assert (attempt.code, attempt.address) == (code, address)
