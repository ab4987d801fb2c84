"""Exec plugins, as real programs: what they get, what they may answer, and how they fail."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.exec_plugin import ExecPlugin
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import EnvEntry, ExecEntry, UserEntry
from tests.fake_clock import FakeClock

V1 = "client.authentication.k8s.io/v1"
V1BETA1 = "client.authentication.k8s.io/v1beta1"
PATH = {"PATH": os.environ["PATH"]}


def answer(token: str | None = "tok", version: str = V1, **status: Any) -> str:
    full = {key: value for key, value in {"token": token, **status}.items() if value is not None}
    return json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": full})


class Bench:
    """Scripts in a folder, and plugins that run them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()

    def script(self, body: str, name: str = "plugin") -> str:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return f"./{name}"

    def prints(self, text: str, before: str = "") -> str:
        (self.folder / "answer").write_text(text)
        return self.script(f"{before}\ncat '{self.folder}/answer'")

    def plugin(self, command: str, environ: dict[str, str] | None = None, **fields: Any) -> ExecPlugin:
        entry = ExecEntry(command=command, **{"api_version": V1, **fields})
        user = User("joe", UserEntry(exec=entry), self.folder)
        target = Target(
            "prod", "default", "https://api.example:443", user, ca_data="Q0E=", exec_config={"audience": "x"}
        )
        return ExecPlugin(target, user, entry, self.clock, environ or PATH)

    def runs(self) -> int:
        log = self.folder / "runs"
        return len(log.read_text().splitlines()) if log.exists() else 0

    @property
    def counting(self) -> str:
        return f"echo run >> '{self.folder}/runs'"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def until(true: Callable[[], bool]) -> None:
    """Wait for another process; bounded, and as quick as it is."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 – a file written by another process gives no event
            await asyncio.sleep(0.005)


async def failure(credential: Awaitable[object]) -> SignInFailed:
    with pytest.raises(SignInFailed) as caught:
        await credential
    return caught.value


class TestSuccess:
    @pytest.mark.parametrize("version", [V1, V1BETA1])
    async def test_a_token_is_taken_in_both_versions(self, bench: Bench, version: str) -> None:
        plugin = bench.plugin(bench.prints(answer("tok", version)), api_version=version)
        assert (await plugin.credential()).token == "tok"

    async def test_it_gets_arguments_variables_and_the_exec_info(self, bench: Bench) -> None:
        saved = bench.folder / "saved"
        script = bench.prints(answer(), before=f'printf "%s\\n" "$1" "$GREETING" "$KUBERNETES_EXEC_INFO" > {saved}')
        plugin = bench.plugin(script, args=["two words"], env=[EnvEntry("GREETING", "hello")])
        await plugin.credential()
        first, second, info = saved.read_text().splitlines()
        assert (first, second) == ("two words", "hello")
        assert json.loads(info) == {"apiVersion": V1, "kind": "ExecCredential", "spec": {"interactive": False}}

    async def test_it_learns_of_the_cluster_where_it_asks(self, bench: Bench) -> None:
        saved = bench.folder / "saved"
        script = bench.prints(answer(), before=f'printf "%s" "$KUBERNETES_EXEC_INFO" > {saved}')
        await bench.plugin(script, provide_cluster_info=True).credential()
        assert json.loads(saved.read_text())["spec"]["cluster"] == {
            "server": "https://api.example:443",
            "certificate-authority-data": "Q0E=",
            "config": {"audience": "x"},
        }

    async def test_nothing_can_be_asked_on_the_terminal(self, bench: Bench) -> None:
        saved = bench.folder / "saved"
        script = bench.prints(
            answer(), before=f"(read line && echo got $line || echo closed; (: < /dev/tty) 2>&1 || echo none) > {saved}"
        )
        await bench.plugin(script).credential()
        assert saved.read_text().startswith("closed")
        assert saved.read_text().rstrip().endswith("none")

    async def test_a_bare_name_is_found_on_path(self, bench: Bench) -> None:
        bench.script(f"cat '{bench.folder}/answer'", name="my-plugin")
        (bench.folder / "answer").write_text(answer())
        environ = {"PATH": f"{bench.folder}{os.pathsep}{PATH['PATH']}"}
        assert (await bench.plugin("my-plugin", environ).credential()).token == "tok"

    async def test_a_certificate_is_taken(self, bench: Bench) -> None:
        plugin = bench.plugin(bench.prints(answer(None, clientCertificateData="CERT", clientKeyData="KEY")))
        credential = await plugin.credential()
        assert (credential.token, credential.client_certificate, credential.client_key) == (None, "CERT", "KEY")


class TestKeeping:
    def ending_in(self, bench: Bench, seconds: float) -> str:
        end = datetime.fromtimestamp(bench.clock.now() + seconds, UTC).isoformat().replace("+00:00", "Z")
        return bench.prints(answer(expirationTimestamp=end), before=bench.counting)

    async def test_an_answer_is_kept_until_shortly_before_it_ends(self, bench: Bench) -> None:
        plugin = bench.plugin(self.ending_in(bench, 600))
        await plugin.credential()
        bench.clock.jump(569)
        await plugin.credential()
        assert bench.runs() == 1
        bench.clock.jump(2)
        await plugin.credential()
        assert bench.runs() == 2

    async def test_without_an_end_it_is_kept_until_rejected(self, bench: Bench) -> None:
        plugin = bench.plugin(bench.prints(answer(), before=bench.counting))
        first = await plugin.credential()
        bench.clock.jump(1e9)
        assert await plugin.credential() is first
        plugin.reject(first)
        await plugin.credential()
        assert bench.runs() == 2

    async def test_a_late_rejection_of_an_old_answer_runs_nothing(self, bench: Bench) -> None:
        plugin = bench.plugin(bench.prints(answer("old"), before=bench.counting))
        old = await plugin.credential()
        (bench.folder / "answer").write_text(answer("new"))
        plugin.reject(old)
        await plugin.credential()
        plugin.reject(old)
        assert (await plugin.credential()).token == "new"
        assert bench.runs() == 2

    async def test_an_answer_that_has_ended_by_our_clock_does_not_run_it_for_each_request(self, bench: Bench) -> None:
        plugin = bench.plugin(self.ending_in(bench, -3600))
        await plugin.credential()
        await plugin.credential()
        assert bench.runs() == 1


class TestSingleFlight:
    async def test_many_who_wait_share_one_run(self, bench: Bench) -> None:
        plugin = bench.plugin(bench.prints(answer(), before=bench.counting))
        credentials = await asyncio.gather(*(plugin.credential() for _ in range(20)))
        assert {credential.token for credential in credentials} == {"tok"}
        assert bench.runs() == 1

    async def test_one_who_gives_up_leaves_the_run_to_the_others(self, bench: Bench) -> None:
        gate = bench.folder / "gate"
        os.mkfifo(gate)
        plugin = bench.plugin(bench.prints(answer(), before=f"{bench.counting}; cat '{gate}'"))
        first, second = (asyncio.ensure_future(plugin.credential()) for _ in range(2))
        await until(lambda: bench.runs() == 1)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await asyncio.to_thread(gate.write_text, "")
        assert (await second).token == "tok"
        assert first.cancelled()
        assert bench.runs() == 1

    async def test_the_last_one_who_gives_up_ends_the_program(self, bench: Bench) -> None:
        pid_file = bench.folder / "pid"
        plugin = bench.plugin(bench.script(f"echo $$ > '{pid_file}'; sleep 600"))
        waiter = asyncio.ensure_future(plugin.credential())
        await until(lambda: pid_file.exists() and pid_file.read_text().endswith("\n"))
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)
        await until(lambda: not alive(int(pid_file.read_text())))

    async def test_a_failure_reaches_all_who_wait_and_the_next_asks_anew(self, bench: Bench) -> None:
        plugin = bench.plugin(bench.script(f"{bench.counting}; exit 3"))
        results = await asyncio.gather(*(plugin.credential() for _ in range(3)), return_exceptions=True)
        assert all(isinstance(result, SignInFailed) for result in results)
        assert bench.runs() == 1
        await failure(plugin.credential())
        assert bench.runs() == 2


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A killed child of ours is a zombie until it is reaped; so is an orphan until init looks.
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


class TestFailure:
    async def test_it_shows_what_the_plugin_said(self, bench: Bench) -> None:
        plugin = bench.plugin(
            bench.script("echo noise; printf '\\033[31mAADSTS700082: expired\\033[0m\\n' >&2; exit 1")
        )
        error = await failure(plugin.credential())
        assert error.tried == "sign in as joe with plugin"
        assert error.answer == "it ended with code 1: AADSTS700082: expired"

    async def test_much_output_keeps_its_end_only(self, bench: Bench) -> None:
        body = "i=0; while [ $i -lt 20000 ]; do echo 'line of noise' >&2; i=$((i+1)); done; echo the end >&2; exit 1"
        error = await failure(bench.plugin(bench.script(body)).credential())
        assert error.answer.endswith("the end")
        assert len(error.answer) < 400

    async def test_endless_output_is_cut_off(self, bench: Bench) -> None:
        error = await failure(bench.plugin(bench.script("head -c 3000000 /dev/zero")).credential())
        assert "more than 1 MiB" in error.answer

    async def test_a_token_in_its_words_is_not_shown(self, bench: Bench) -> None:
        token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
        error = await failure(bench.plugin(bench.script(f"echo got {token} >&2; exit 1")).credential())
        assert token not in str(error)

    @pytest.mark.parametrize(
        ("printed", "words"),
        [
            ("", "printed nothing"),
            ("hello", "not JSON"),
            ("[]", "wrong shape"),
            ('{"kind": "Pod", "apiVersion": "v1"}', "printed a Pod"),
            (answer(version=V1BETA1), "answered in client.authentication.k8s.io/v1beta1"),
            (answer(None), "neither a token nor a certificate"),
            (answer(None, clientCertificateData="x"), "not both"),
            (answer(token=["s3cret"]), "wrong shape"),  # type: ignore[arg-type]  # a plugin's mistake
            (answer(expirationTimestamp="s3cret"), "wrong shape"),
            (answer(expirationTimestamp="2030-01-01T00:00:00"), "wrong shape"),
            ('{"status": null, "kind": "ExecCredential", "apiVersion": "' + V1 + '"}', "neither"),
        ],
    )
    async def test_an_answer_of_a_wrong_kind_says_what_is_wrong(self, bench: Bench, printed: str, words: str) -> None:
        error = await failure(bench.plugin(bench.prints(printed)).credential())
        assert words in error.answer
        assert "s3cret" not in str(error)

    async def test_a_missing_program_gives_its_install_hint(self, bench: Bench) -> None:
        error = await failure(bench.plugin("no-such-plugin", install_hint="brew install it\n").credential())
        assert "no program no-such-plugin on PATH" in error.answer
        assert error.advice == "brew install it"

    async def test_a_missing_kubelogin_is_known(self, bench: Bench) -> None:
        error = await failure(bench.plugin("kubelogin", {"PATH": str(bench.folder)}).credential())
        assert "az aks install-cli" in error.advice

    async def test_a_failing_kubelogin_says_az_login(self, bench: Bench) -> None:
        bench.script("echo 'AADSTS50173: revoked' >&2; exit 1", name="kubelogin")
        plugin = bench.plugin("./kubelogin", args=["get-token", "--login", "azurecli"])
        error = await failure(plugin.credential())
        assert "az login" in error.advice
        assert "kubelogin convert-kubeconfig -l azurecli" in error.advice

    async def test_a_program_that_is_none_is_an_error_of_ours(self, bench: Bench) -> None:
        (bench.folder / "text").write_text("not executable")
        assert "can't be started" in (await failure(bench.plugin("./text").credential())).answer
        assert "can't be started" in (await failure(bench.plugin("./absent").credential())).answer
        assert (
            "can't be started" in (await failure(bench.plugin(bench.script("true"), args=["\0"]).credential())).answer
        )

    @pytest.mark.parametrize(
        "fields", [{"api_version": "client.authentication.k8s.io/v1alpha1"}, {"interactive_mode": "Always"}]
    )
    async def test_what_can_not_work_is_not_run(self, bench: Bench, fields: dict[str, Any]) -> None:
        await failure(bench.plugin(bench.prints(answer(), before=bench.counting), **fields).credential())
        assert bench.runs() == 0

    async def test_a_hanging_plugin_is_ended_with_its_children(self, bench: Bench) -> None:
        pids = bench.folder / "pids"
        script = bench.script(f"echo waiting for you >&2; sleep 600 & echo $! $$ > '{pids}'; wait")
        waiter = asyncio.ensure_future(bench.plugin(script).credential())
        await until(lambda: pids.exists() and pids.read_text().endswith("\n"))
        await bench.clock.advance(59)
        assert not waiter.done()
        await bench.clock.advance(2)
        error = await failure(waiter)
        assert error.answer.startswith("it did not end within 60 s")
        for pid in pids.read_text().split():
            await until(lambda pid=int(pid): not alive(pid))  # type: ignore[misc]  # a bound default

    async def test_a_child_that_keeps_the_pipes_open_counts_as_hanging(self, bench: Bench) -> None:
        pid = bench.folder / "pid"
        script = bench.prints(answer(), before=f"sleep 600 & echo $! > '{pid}'")
        waiter = asyncio.ensure_future(bench.plugin(script).credential())
        await until(lambda: pid.exists() and pid.read_text().endswith("\n"))
        await bench.clock.advance(61)
        await failure(waiter)
        await until(lambda: not alive(int(pid.read_text())))

    async def test_a_prompt_to_sign_in_by_hand_ends_it_at_once(self, bench: Bench) -> None:
        words = "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code X"
        bench.script(f"echo '{words}' >&2; sleep 600", name="kubelogin")
        error = await failure(bench.plugin("./kubelogin", args=["get-token"]).credential())
        assert "asks for a sign-in by hand" in error.answer
        assert "kubelogin convert-kubeconfig -l azurecli" in error.advice


async def test_it_runs_under_the_machines_clock_too(bench: Bench) -> None:
    bench.clock = SystemClock()  # type: ignore[assignment]  # any clock does
    assert (await bench.plugin(bench.prints(answer())).credential()).token == "tok"


def test_it_shows_no_secret(bench: Bench) -> None:
    plugin = bench.plugin("x", args=["s3cret"], env=[EnvEntry("A", "s3cret")])
    assert "s3cret" not in repr(plugin) + plugin.describe() + repr(plugin._entry) + repr(plugin._user)
    assert base64.b64encode(b"s3cret").decode() not in repr(plugin._target)
