"""One kubeconfig file as it stands on disk: its shape, and errors that name file and line.

Unknown fields are passed over, as kubectl does; wrong shapes are errors. The merge is in ``kubeconfig.py``.
Source of the fields: k8s.io/client-go/tools/clientcmd/api/v1/types.go.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from kubetui.cluster.errors import KubeconfigError
from kubetui.cluster.yaml_depth import is_deeper

MAX_BYTES = 16 * 1024 * 1024
DEEPEST = 100
"""Of nesting: a kubeconfig has eight levels, an extension may have its own."""
"""A kubeconfig of a thousand clusters has 3 MiB; more than this is another file given by mistake."""


class Extension(msgspec.Struct, frozen=True, rename="camel"):
    """An extension: anything, under a name."""

    name: str = ""
    extension: Any = None


class ClusterEntry(msgspec.Struct, frozen=True, rename="kebab"):
    """``cluster:`` of a named cluster."""

    server: str | None = None
    tls_server_name: str | None = None
    insecure_skip_tls_verify: bool | None = None
    certificate_authority: str | None = None
    certificate_authority_data: str | None = None
    proxy_url: str | None = None
    disable_compression: bool | None = None
    extensions: list[Extension] | None = None

    def __repr__(self) -> str:
        # proxy-url may hold a password, an extension anything.
        return f"ClusterEntry(server={self.server!r}, …)"


class EnvEntry(msgspec.Struct, frozen=True, rename="camel"):
    """One environment variable of an exec plugin."""

    name: str
    value: str

    def __repr__(self) -> str:
        return f"EnvEntry(name={self.name!r}, …)"


class ExecEntry(msgspec.Struct, frozen=True, rename="camel"):
    """``exec:`` of a user."""

    command: str
    api_version: str
    args: list[str] | None = None
    env: list[EnvEntry] | None = None
    install_hint: str | None = None
    interactive_mode: str | None = None
    provide_cluster_info: bool | None = None

    def __repr__(self) -> str:
        # Arguments and variables may hold a client secret.
        return f"ExecEntry(command={self.command!r}, api_version={self.api_version!r}, …)"


class AuthProviderEntry(msgspec.Struct, frozen=True, rename="kebab"):
    """``auth-provider:`` of a user; legacy."""

    name: str
    config: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"AuthProviderEntry(name={self.name!r}, …)"


class UserEntry(msgspec.Struct, frozen=True):
    """``user:`` of a named user. Its repr shows no secret."""

    client_certificate: str | None = msgspec.field(name="client-certificate", default=None)
    client_certificate_data: str | None = msgspec.field(name="client-certificate-data", default=None)
    client_key: str | None = msgspec.field(name="client-key", default=None)
    client_key_data: str | None = msgspec.field(name="client-key-data", default=None)
    token: str | None = None
    token_file: str | None = msgspec.field(name="tokenFile", default=None)
    impersonate: str | None = msgspec.field(name="as", default=None)
    impersonate_uid: str | None = msgspec.field(name="as-uid", default=None)
    impersonate_groups: list[str] | None = msgspec.field(name="as-groups", default=None)
    impersonate_extra: dict[str, list[str]] | None = msgspec.field(name="as-user-extra", default=None)
    username: str | None = None
    password: str | None = None
    exec: ExecEntry | None = None
    auth_provider: AuthProviderEntry | None = msgspec.field(name="auth-provider", default=None)

    def __repr__(self) -> str:
        given = [name for name in self.__struct_fields__ if getattr(self, name)]
        return f"UserEntry({', '.join(f'{name}=…' for name in given)})"


class ContextEntry(msgspec.Struct, frozen=True, rename="kebab"):
    """``context:`` of a named context."""

    cluster: str | None = None
    user: str | None = None
    namespace: str | None = None


class NamedCluster(msgspec.Struct, frozen=True, rename="kebab"):
    """An item of ``clusters:``."""

    name: str
    cluster: ClusterEntry | None = None


class NamedUser(msgspec.Struct, frozen=True, rename="kebab"):
    """An item of ``users:``."""

    name: str
    user: UserEntry | None = None


class NamedContext(msgspec.Struct, frozen=True, rename="kebab"):
    """An item of ``contexts:``."""

    name: str
    context: ContextEntry | None = None


class KubeconfigFile(msgspec.Struct, frozen=True, rename="kebab"):
    """A whole file."""

    clusters: list[NamedCluster] | None = None
    users: list[NamedUser] | None = None
    contexts: list[NamedContext] | None = None
    current_context: str | None = None


def read(path: Path) -> KubeconfigFile:
    """Read and check one file. Raises KubeconfigError naming file and line, FileNotFoundError if it's absent."""
    tried = f"read kubeconfig {path}"
    try:
        # A pipe is fine too: kubectl takes --kubeconfig <(az aks get-credentials -f - …), so no look at its size.
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        answer = getattr(error, "strerror", None) or str(error)
        raise KubeconfigError(tried, answer, "check the path and its permissions") from None
    if len(raw) > MAX_BYTES:
        raise KubeconfigError(tried, f"larger than {MAX_BYTES >> 20} MiB", "is this the right file?")
    return parse(raw, tried)


def parse(raw: bytes, tried: str) -> KubeconfigFile:
    """Turn the bytes of a file into its entries. Raises KubeconfigError."""
    data = _load_yaml(raw, tried)
    if data is None:
        return KubeconfigFile()
    try:
        return msgspec.convert(data, KubeconfigFile)
    except msgspec.ValidationError as error:
        raise KubeconfigError(tried, *_shape_words(str(error), raw)) from None
    except RecursionError:
        raise KubeconfigError(tried, "nested without end", "remove the anchor that holds itself") from None


def _load_yaml(raw: bytes, tried: str) -> object:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if is_deeper(raw, DEEPEST, loader):
            raise KubeconfigError(tried, "nested too deeply", "is this the right file?")
        return yaml.load(raw, Loader=loader)  # noqa: S506 – it is a safe loader, chosen for speed
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        # error.problem never quotes a value of the file, unlike str(error), which shows a snippet.
        raise KubeconfigError(tried, f"{where}{error.problem or error.context}", "mend this line") from None
    except yaml.reader.ReaderError as error:
        raise KubeconfigError(tried, f"not text at byte {error.position}", "is this the right file?") from None
    except yaml.YAMLError:
        raise KubeconfigError(tried, "not YAML", "is this the right file?") from None
    except RecursionError:
        raise KubeconfigError(tried, "nested too deeply", "is this the right file?") from None
    except (ValueError, TypeError, OverflowError, AttributeError, LookupError):
        # PyYAML's constructors let these out for impossible dates and numbers, unhashable keys and bad tags.
        raise KubeconfigError(tried, "a value that can't be read", "put odd values in quotes") from None


def _shape_words(message: str, raw: bytes) -> tuple[str, str]:
    """msgspec's ``Expected `str`, got `int` - at `$.users[0].name``` in a person's words, with the line."""
    what, _, place = message.partition(" - at ")
    place = place.strip("`")
    line = _line_of(raw, place)
    answer = f"{f'line {line}: ' if line else ''}{place.removeprefix('$').lstrip('.') or 'the file'}: {what}"
    if "Expected `str" in what and re.search(r"got `(int|float|bool)`", what):
        return answer, "put this value in quotes"
    return answer, "mend this entry"


def _line_of(raw: bytes, place: str) -> int | None:
    """Line (from 1) of msgspec's place; None where it can't be told (it writes ``[...]`` for keys of a map)."""
    import yaml

    try:
        node: Any = yaml.compose(raw, Loader=yaml.SafeLoader)
        for key, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", place):
            if index:
                node = node.value[int(index)]
            else:
                node = next((value for name, value in node.value if name.value == key), node)
        return int(node.start_mark.line) + 1
    except (yaml.YAMLError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return None  # the line is a help only; the error itself is told anyway
