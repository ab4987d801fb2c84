"""Exec credential plugins: programs such as kubelogin that print a token or a client certificate.

Source of the protocol: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
and k8s.io/client-go/plugin/pkg/client/auth/exec. A plugin never gets the terminal: the dashboard has it.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from kubetui.cluster.clock import Clock
from kubetui.cluster.errors import SignInFailed
from kubetui.cluster.kubeconfig import Target, User
from kubetui.cluster.kubeconfig_file import ExecEntry
from kubetui.cluster.process import MOST_OUTPUT, Outcome, run
from kubetui.cluster.single_flight import SingleFlight
from kubetui.cluster.status_errors import printable
from kubetui.cluster.token import Credential

LIMIT_S = 60.0
"""How long a plugin may take; ``az`` needs 1 to 3 s, behind a slow proxy 20."""
SKEW_S = 30.0
"""A token is renewed this long before it ends, so that none ends on its way to the server."""
LEAST_S = 10.0
"""An answer is used at least this long, ended or not: with a wrong clock each request would run the plugin."""
_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")


class _Status(msgspec.Struct, rename="camel"):
    token: str | None = None
    client_certificate_data: str | None = None
    client_key_data: str | None = None
    expiration_timestamp: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class _ExecCredential(msgspec.Struct, rename="camel"):
    api_version: str = ""
    kind: str = ""
    status: _Status | None = None


class ExecPlugin:
    """Runs a user's plugin when a credential is needed, once for all who wait; implements ``TokenSource``."""

    def __init__(
        self,
        target: Target,
        user: User,
        entry: ExecEntry,
        clock: Clock,
        environ: Mapping[str, str],
        limit: float = LIMIT_S,
    ) -> None:
        self._target = target
        self._user = user
        self._entry = entry
        self._clock = clock
        self._environ = environ
        self._limit = limit
        self._held: Credential | None = None
        self._good_until = 0.0
        self._flight = SingleFlight(self._run)

    async def credential(self) -> Credential:
        """The plugin's last answer while it lasts, else a new one. Raises SignInFailed."""
        if self._held is not None and self._clock.now() < self._good_until:
            return self._held
        return await self._flight.result()

    def reject(self, credential: Credential) -> None:
        """The next call runs the plugin again, if no newer answer has come meanwhile."""
        if credential == self._held:
            self._held = None

    def describe(self) -> str:
        """In a few words."""
        return f"exec plugin {self._name}"

    @property
    def _name(self) -> str:
        return os.path.basename(self._entry.command)

    @property
    def _tried(self) -> str:
        return f"sign in as {self._user.name} with {self._name}"

    async def _run(self) -> Credential:
        self._check()
        command = [self._program(), *(self._entry.args or ())]
        try:
            outcome = await run(command, self._variables(), self._limit, self._clock, _asks_for_a_person)
        except (OSError, ValueError) as error:  # ValueError: a null character in an argument
            answer = f"it can't be started: {getattr(error, 'strerror', None) or 'bad arguments'}"
            raise SignInFailed(self._tried, answer, self._missing_advice()) from None
        credential = self._judge(outcome)
        self._held = credential
        self._good_until = self._lasts_until(credential.expires_at)
        return credential

    def _check(self) -> None:
        if self._entry.api_version not in _VERSIONS:
            answer = f"it speaks {self._entry.api_version}; known are v1 and v1beta1"
            raise SignInFailed(self._tried, answer, self._convert_advice("get the kubeconfig anew"))
        if self._entry.interactive_mode == "Always":
            answer = "it wants to ask on the terminal (interactiveMode Always), which kubetui draws on"
            raise SignInFailed(self._tried, answer, self._convert_advice("sign in with kubectl first, or a token"))

    def _program(self) -> str:
        """The program's path: as written, beside the kubeconfig if relative with a slash, else from PATH."""
        command = self._entry.command
        if os.sep in command:
            return os.path.normpath(self._user.folder / command)
        found = shutil.which(command, path=self._environ.get("PATH", os.defpath))
        if found is None:
            raise SignInFailed(self._tried, f"there is no program {command} on PATH", self._missing_advice())
        return found

    def _variables(self) -> dict[str, str]:
        added = {entry.name: entry.value for entry in self._entry.env or ()}
        return {**self._environ, **added, "KUBERNETES_EXEC_INFO": json.dumps(self._info())}

    def _info(self) -> dict[str, object]:
        spec: dict[str, object] = {"interactive": False}
        if self._entry.provide_cluster_info:
            spec["cluster"] = _cluster_info(self._target, self._tried)
        return {"apiVersion": self._entry.api_version, "kind": "ExecCredential", "spec": spec}

    def _judge(self, outcome: Outcome) -> Credential:
        said = _last_words(outcome.errors)
        if outcome.code is None:
            if _asks_for_a_person(outcome.errors):
                advice = self._convert_advice("sign in with it in another terminal first")
                raise SignInFailed(self._tried, f"it asks for a sign-in by hand: {said}", advice)
            answer = f"it did not end within {self._limit:.0f} s" + (f": {said}" if said else "")
            raise SignInFailed(self._tried, answer, self._failure_advice(said))
        if outcome.code:
            how = f"it ended with code {outcome.code}" if outcome.code > 0 else f"signal {-outcome.code} ended it"
            raise SignInFailed(self._tried, how + (f": {said}" if said else ""), self._failure_advice(said))
        return self._decode(outcome.output, said)

    def _decode(self, output: bytes, said: str) -> Credential:
        if len(output) > MOST_OUTPUT:
            raise self._bad_answer("it printed more than 1 MiB", said)
        if not output.strip():
            raise self._bad_answer("it printed nothing", said)
        try:
            answer = msgspec.json.decode(output, type=_ExecCredential)
        except (msgspec.ValidationError, UnicodeDecodeError) as error:
            # msgspec names the place and the types, never a value.
            raise self._bad_answer(f"its answer has a wrong shape ({error})", said) from None
        except msgspec.DecodeError:
            raise self._bad_answer("it printed something that is not JSON", said) from None
        if answer.kind != "ExecCredential":
            raise self._bad_answer(f"it printed a {printable(answer.kind) or 'thing'}, not an ExecCredential", said)
        if answer.api_version != self._entry.api_version:
            spoken = printable(answer.api_version) or "no version"
            raise self._bad_answer(f"it answered in {spoken}, asked was {self._entry.api_version}", said)
        return self._credential_of(answer.status or _Status(), said)

    def _credential_of(self, status: _Status, said: str) -> Credential:
        certificate, key = status.client_certificate_data, status.client_key_data
        if not status.token and not certificate:
            raise self._bad_answer("its answer holds neither a token nor a certificate", said)
        if bool(certificate) != bool(key):
            raise self._bad_answer("its answer holds a certificate or a key, but not both", said)
        ends = status.expiration_timestamp
        return Credential(
            token=status.token or None,
            client_certificate=certificate or None,
            client_key=key or None,
            expires_at=ends.timestamp() if ends else None,
        )

    def _bad_answer(self, answer: str, said: str) -> SignInFailed:
        words = answer + (f"; it said: {said}" if said else "")
        return SignInFailed(self._tried, words, self._failure_advice(said))

    def _lasts_until(self, ends: float | None) -> float:
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
        if self._is_azure:
            if "AADSTS" in said or "az login" in said or "login" not in (self._entry.args or ()):
                return "run: az login; if that is done: kubelogin convert-kubeconfig -l azurecli"
            return "run: az login"
        return f"run it by hand to see more: {self._name} …"

    def _convert_advice(self, otherwise: str) -> str:
        if self._is_azure:
            return "run: az login, then kubelogin convert-kubeconfig -l azurecli"
        return otherwise

    @property
    def _is_azure(self) -> bool:
        return self._name.removesuffix(".exe") in ("kubelogin", "az")


def _asks_for_a_person(errors: str) -> bool:
    """True for the prompt of a device-code sign-in: it would wait for minutes for what nobody sees."""
    return "microsoft.com/devicelogin" in errors or "login.microsoft.com/device" in errors


def _last_words(errors: str) -> str:
    """The end of what a plugin wrote, on one line."""
    lines = [words for line in errors.splitlines() if (words := printable(line))]
    return printable(" / ".join(lines[-3:]))


def _cluster_info(target: Target, tried: str) -> dict[str, object]:
    """``spec.cluster`` of the ExecCredential: what the plugin may need to know of the cluster."""
    info: dict[str, object] = {"server": target.server}
    ca = target.ca_data or (_file_base64(target.ca_file, tried) if target.ca_file else None)
    optional = {
        "tls-server-name": target.tls_server_name,
        "insecure-skip-tls-verify": target.insecure_skip_tls_verify,
        "certificate-authority-data": ca,
        "proxy-url": target.proxy_url,
        "disable-compression": target.disable_compression,
        "config": target.exec_config,
    }
    return info | {name: value for name, value in optional.items() if value}


def _file_base64(path: Path, tried: str) -> str:
    try:
        return base64.b64encode(path.read_bytes()).decode()
    except OSError as error:
        raise SignInFailed(tried, f"{path}: {error.strerror}", "check certificate-authority") from None
