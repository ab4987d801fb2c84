"""Exec credential plugins: programs such as kubelogin that print a token or a client certificate.

Source of the protocol: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
and k8s.io/client-go/plugin/pkg/client/auth/exec. The dashboard has the terminal, so a plugin runs without it and its
words are shown as they come; it gets the terminal where it declares that it must ask there, or the person says so.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kubetui.cluster.clock import Clock
from kubetui.cluster.entra import entra_advice
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.exec_credential import BadAnswer, exec_info, read_answer
from kubetui.cluster.held_credential import HeldCredential
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import ExecEntry
from kubetui.cluster.process import Outcome, run, run_on_terminal
from kubetui.cluster.sign_in import ATTENDED_S, SILENT_S, Attempt, Declined, SignIns
from kubetui.cluster.status_errors import printable
from kubetui.cluster.token import Credential

SKEW_S = 30.0
"""A token is renewed this long before it ends, so that none ends on its way to the server."""
LEAST_S = 10.0
"""An answer is used at least this long, ended or not: with a wrong clock each request would run the plugin."""
_MODES = ("Never", "IfAvailable", "Always")
"""``interactiveMode``. With IfAvailable it runs without the terminal, which it is given where the person says so:
renewing a token must not take the screen away."""
_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")


class ExecPlugin:
    """Runs a user's plugin when a credential is needed, once for all who wait; implements ``TokenSource``."""

    def __init__(
        self,
        target: Target,
        user: User,
        entry: ExecEntry,
        clock: Clock,
        environ: Mapping[str, str],
        sign_ins: SignIns | None = None,
    ) -> None:
        self._target = target
        self._user = user
        self._entry = entry
        self._clock = clock
        self._environ = environ
        self._sign_ins = sign_ins or SignIns(clock)
        self._held = HeldCredential(self._run, self._lasts_until, self._begin, self._sign_ins, clock)

    async def credential(self) -> Credential:
        """The plugin's last answer while it lasts, else a new one. Raises SignInFailed."""
        return await self._held.credential()

    def reject(self, credential: Credential) -> None:
        """The next call runs the plugin again, if no newer answer has come meanwhile."""
        self._held.reject(credential)

    def describe(self) -> str:
        """In a few words."""
        return f"exec plugin {self._name}"

    @property
    def _name(self) -> str:
        return os.path.basename(self._entry.command)

    @property
    def _tried(self) -> str:
        return f"sign in as {self._user.name} with {self._name}"

    def _begin(self) -> Attempt:
        self._check()
        return self._sign_ins.begin(self._name, self._user.name)

    async def _run(self, attempt: Attempt) -> Credential:
        return self._judge(await self._attempted(attempt), attempt)

    async def _attempted(self, attempt: Attempt) -> Outcome:
        """Run it, without the terminal first unless it must have it."""
        if self._entry.interactive_mode == "Always":
            return await self._on_terminal(attempt)
        command, variables = self._command(), self._variables(interactive=False)
        with self._starting():
            outcome = await run(command, variables, self._sign_ins.patience(attempt), attempt.say)
        if outcome.code is None and attempt.wants_terminal and not attempt.declined:
            return await self._on_terminal(attempt)
        return outcome

    async def _on_terminal(self, attempt: Attempt) -> Outcome:
        lend = self._sign_ins.lend
        if lend is None:
            answer = "it wants to ask on the terminal, and there is none to give it"
            raise SignInFailed(self._tried, answer, self._convert_advice("sign in with kubectl first, or a token"))
        command, variables = self._command(), self._variables(interactive=True)
        attempt.go_on_terminal()
        try:
            async with lend(attempt):
                with self._starting():
                    until = self._sign_ins.long_patience(attempt)
                    return await run_on_terminal(command, variables, until, attempt.decline)
        except Declined:
            attempt.decline()
            return Outcome(None, b"", "")

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """Turns what keeps a program from being started into words."""
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: a null character in an argument
            answer = f"it can't be started: {getattr(error, 'strerror', None) or 'bad arguments'}"
            raise SignInFailed(self._tried, answer, self._missing_advice()) from None

    def _check(self) -> None:
        if self._entry.api_version not in _VERSIONS:
            answer = f"it speaks {self._entry.api_version}; known are v1 and v1beta1"
            raise SignInFailed(self._tried, answer, self._convert_advice("get the kubeconfig anew"))
        if self._entry.interactive_mode not in (None, *_MODES):
            answer = f"interactiveMode is {printable(self._entry.interactive_mode)}"
            raise SignInFailed(self._tried, answer, f"known are {', '.join(_MODES)}; mend the user's exec entry")

    def _command(self) -> list[str]:
        return [self._program(), *(self._entry.args or ())]

    def _program(self) -> str:
        """The program's path: as written, beside the kubeconfig if relative with a slash, else from PATH."""
        command = self._entry.command
        if os.sep in command:
            return os.path.normpath(self._user.folder / command)
        found = shutil.which(command, path=self._environ.get("PATH", os.defpath))
        if found is None:
            raise SignInFailed(self._tried, f"there is no program {command} on PATH", self._missing_advice())
        return found

    def _variables(self, *, interactive: bool) -> dict[str, str]:
        added = {entry.name: entry.value for entry in self._entry.env or ()}
        return {**self._environ, **added, "KUBERNETES_EXEC_INFO": self._info(interactive)}

    def _info(self, interactive: bool) -> str:
        cluster = self._target if self._entry.provide_cluster_info else None
        return exec_info(self._entry.api_version, cluster, self._tried, interactive=interactive)

    def _judge(self, outcome: Outcome, attempt: Attempt) -> Credential:
        said = _last_words(outcome.errors)
        if outcome.code is None:
            raise self._unfinished(attempt, said)
        if outcome.code:
            how = f"it ended with code {outcome.code}" if outcome.code > 0 else f"signal {-outcome.code} ended it"
            raise SignInFailed(self._tried, how + (f": {said}" if said else ""), self._failure_advice(said))
        return self._decode(outcome.output, said)

    def _unfinished(self, attempt: Attempt, said: str) -> SignInFailed:
        """We ended it: the person said so, it asked for one where there is none, or it took too long."""
        words = f": {said}" if said else ""
        if attempt.declined:
            return SignInFailed(self._tried, f"you ended it{words}", "^r asks again")
        if attempt.overdue:
            answer = f"nobody finished it within {ATTENDED_S / 60:.0f} minutes{words}"
            return SignInFailed(self._tried, answer, "^r asks again")
        if attempt.asks:
            advice = self._convert_advice("sign in with it in another terminal first")
            return SignInFailed(self._tried, f"it asks for a sign-in by hand{words}", advice)
        answer = f"it did not end within {SILENT_S:.0f} s{words}"
        return SignInFailed(self._tried, answer, self._failure_advice(said))

    def _decode(self, output: bytes, said: str) -> Credential:
        try:
            return read_answer(output, self._entry.api_version)
        except BadAnswer as error:
            words = str(error) + (f"; it said: {said}" if said else "")
            raise SignInFailed(self._tried, words, self._failure_advice(said)) from None

    def _lasts_until(self, credential: Credential) -> float:
        ends = credential.expires_at
        if ends is None:
            return float("inf")  # as client-go: until the server says 401
        now = self._clock.now()
        return max(ends - SKEW_S if ends - SKEW_S > now else ends, now + LEAST_S)

    def _missing_advice(self) -> str:
        hint = printable(self._entry.install_hint or "")
        if self._name.startswith("kubelogin"):
            hint = hint or "run: az aks install-cli"
        return hint or f"install {self._name}, or correct the user's exec.command in kubeconfig"

    def _failure_advice(self, said: str) -> str:
        if not self._is_azure:
            return entra_advice(said) or f"run it by hand to see more: {self._name} …"
        advice = entra_advice(said) or "run: az login"
        unsure = "AADSTS" in said or "az login" in said or "login" not in (self._entry.args or ())
        if unsure and "convert-kubeconfig" not in advice:
            advice += "; if that is done: kubelogin convert-kubeconfig -l azurecli"
        return advice

    def _convert_advice(self, otherwise: str) -> str:
        if self._is_azure:
            return "run: az login, then kubelogin convert-kubeconfig -l azurecli"
        return otherwise

    @property
    def _is_azure(self) -> bool:
        return self._name.removesuffix(".exe") in ("kubelogin", "az")


def _last_words(errors: str) -> str:
    """What a plugin's standard error comes down to, on one line.

    Entra's own words if there are any, else what calls itself an error, else the end: kubelogin ends its error with
    the HTTP answer and a link.
    """
    if found := re.search(r"AADSTS\d+:[^\"\r\n]*", errors):
        return printable(found[0])
    lines = [words for line in errors.splitlines() if (words := printable(line)) and re.search(r"\w", words)]
    first = next((number for number, line in enumerate(lines) if line.lower().startswith("error")), None)
    return printable(" / ".join(lines[-3:] if first is None else lines[first : first + 2]))
