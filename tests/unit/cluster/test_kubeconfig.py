"""Which cluster and which user: kubeconfig files merged and read as kubectl does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.cluster import kubeconfig_file
from kubetui.cluster.errors import KubeconfigError
from kubetui.cluster.kubeconfig import IN_CLUSTER, KubeConfig, Target, current_context_hint

SECRETS = {"token": "t0ken-s3cret", "password": "passw0rd-s3cret", "client-key-data": "a2V5LXNlY3JldA=="}


def context(name: str, cluster: str = "c", user: str = "u", namespace: str | None = None) -> dict[str, Any]:
    return {"name": name, "context": {"cluster": cluster, "user": user, "namespace": namespace}}


def cluster(name: str = "c", **fields: Any) -> dict[str, Any]:
    return {"name": name, "cluster": {"server": "https://api.example:6443", **fields}}


def user(name: str = "u", **fields: Any) -> dict[str, Any]:
    return {"name": name, "user": fields}


def whole(**fields: Any) -> dict[str, Any]:
    base = {"contexts": [context("a")], "clusters": [cluster()], "users": [user()], "current-context": "a"}
    return {"apiVersion": "v1", "kind": "Config", **base, **fields}


def write(path: Path, content: Mapping[str, Any] | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def listed(*paths: Path) -> dict[str, str]:
    return {"KUBECONFIG": os.pathsep.join(map(str, paths))}


class TestMerging:
    def test_the_first_file_wins_for_entries_of_one_name_and_for_the_current_context(self, tmp_path: Path) -> None:
        first = write(tmp_path / "1", whole(clusters=[cluster(server="https://first")]))
        second = write(
            tmp_path / "2",
            whole(
                contexts=[context("a", user="other"), context("b")],
                clusters=[cluster(server="https://second")],
                **{"current-context": "b"},
            ),
        )
        merged = KubeConfig.load(None, listed(first, second))
        assert merged.current == "a"
        assert merged.context_names() == ("a", "b")
        assert merged.context().server == "https://first"
        assert merged.context("b").server == "https://first"

    def test_a_later_file_gives_the_current_context_where_the_first_sets_none(self, tmp_path: Path) -> None:
        first = write(tmp_path / "1", {"clusters": [cluster()], "users": [user()], "current-context": ""})
        second = write(tmp_path / "2", {"contexts": [context("b")], "current-context": "b"})
        assert KubeConfig.load(None, listed(first, second)).context().context == "b"

    def test_missing_files_and_empty_places_in_the_list_are_passed_over(self, tmp_path: Path) -> None:
        there = write(tmp_path / "there", whole())
        environ = {"KUBECONFIG": f"{os.pathsep}{tmp_path / 'absent'}{os.pathsep}{there}{os.pathsep}"}
        assert KubeConfig.load(None, environ).current == "a"

    def test_without_the_variable_the_home_folder_has_it(self, tmp_path: Path) -> None:
        write(tmp_path / ".kube" / "config", whole())
        assert KubeConfig.load(None, {"HOME": str(tmp_path)}).current == "a"

    def test_the_variable_keeps_the_home_folder_out(self, tmp_path: Path) -> None:
        write(tmp_path / ".kube" / "config", whole())
        with pytest.raises(KubeconfigError, match="absent"):
            KubeConfig.load(None, {"HOME": str(tmp_path), "KUBECONFIG": str(tmp_path / "absent")})

    def test_an_explicit_file_keeps_all_others_out(self, tmp_path: Path) -> None:
        other = write(tmp_path / "other", whole(**{"current-context": "b"}))
        mine = write(tmp_path / "mine", whole())
        assert KubeConfig.load(mine, listed(other)).current == "a"

    def test_an_explicit_file_must_exist(self, tmp_path: Path) -> None:
        with pytest.raises(KubeconfigError, match=r"absent: no such file – check --kubeconfig"):
            KubeConfig.load(tmp_path / "absent", {})

    def test_relative_paths_stand_beside_their_file(self, tmp_path: Path) -> None:
        first = write(tmp_path / "one" / "config", {"contexts": [context("a")], "current-context": "a"})
        second = write(
            tmp_path / "two" / "config",
            {
                "clusters": [cluster(**{"certificate-authority": "ca.crt"})],
                "users": [user(tokenFile="../token")],
            },
        )
        target = KubeConfig.load(None, listed(first, second)).context()
        assert target.ca_file == tmp_path / "two" / "ca.crt"
        assert target.user is not None
        assert target.user.folder == tmp_path / "two"

    def test_two_entries_of_one_name_in_one_file_are_an_error_as_for_kubectl(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", whole(users=[user(), user()]))
        with pytest.raises(KubeconfigError, match="users has two entries named 'u'"):
            KubeConfig.load(path, {})

    @given(
        files=st.lists(
            st.fixed_dictionaries(
                {"names": st.sets(st.sampled_from("abcd")), "current": st.sampled_from(["", *"abcd"])}
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_every_name_comes_from_the_first_file_that_has_it(
        self, tmp_path_factory: pytest.TempPathFactory, files: list[dict[str, Any]]
    ) -> None:
        folder = tmp_path_factory.mktemp("merge")
        paths = [
            write(
                folder / str(index),
                {
                    "contexts": [context(name, namespace=f"from-{index}") for name in sorted(file["names"])],
                    "clusters": [cluster()],
                    "users": [user()],
                    "current-context": file["current"],
                },
            )
            for index, file in enumerate(files)
        ]
        merged = KubeConfig.load(None, listed(*paths))
        for name in "abcd":
            owners = [index for index, file in enumerate(files) if name in file["names"]]
            assert (name in merged.contexts) == bool(owners)
            if owners:
                assert merged.context(name).namespace == f"from-{owners[0]}"
        assert merged.current == next((file["current"] for file in files if file["current"]), "")


class TestTarget:
    def test_it_holds_all_that_the_entries_say(self, tmp_path: Path) -> None:
        fields: dict[str, Any] = {
            "server": "https://host:8443/k8s/clusters/c-1/",
            "tls-server-name": "kubernetes",
            "insecure-skip-tls-verify": True,
            "proxy-url": "socks5://localhost:1080",
            "certificate-authority-data": "Q0E=",
            "disable-compression": True,
            "extensions": [{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "x"}}],
        }
        path = write(
            tmp_path / "config", whole(contexts=[context("a", namespace="team")], clusters=[cluster(**fields)])
        )
        target = KubeConfig.load(path, {}).context()
        assert (target.context, target.namespace, target.cluster) == ("a", "team", "c")
        assert target.server == "https://host:8443/k8s/clusters/c-1"
        assert (target.tls_server_name, target.insecure_skip_tls_verify) == ("kubernetes", True)
        assert (target.proxy_url, target.ca_data) == ("socks5://localhost:1080", "Q0E=")
        assert target.exec_config == {"audience": "x"}
        assert target.disable_compression

    def test_a_context_without_namespace_or_user_names_none_and_is_anonymous(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", whole(contexts=[{"name": "a", "context": {"cluster": "c"}}]))
        target = KubeConfig.load(path, {}).context()
        assert (target.namespace, target.user) == ("", None)

    @pytest.mark.parametrize(
        ("server", "aks"),
        [
            ("https://aks-dns-1234.hcp.westeurope.azmk8s.io:443", True),
            ("https://aks-1234.abc.privatelink.westeurope.azmk8s.io", True),
            ("https://azmk8s.io.example:443", False),
            ("https://10.0.0.1:6443", False),
        ],
    )
    def test_it_knows_an_aks_server_by_its_name(self, tmp_path: Path, server: str, aks: bool) -> None:
        path = write(tmp_path / "config", whole(clusters=[cluster(server=server)]))
        assert KubeConfig.load(path, {}).context().is_aks is aks

    def test_unknown_fields_are_passed_over(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", whole(preferences={}, surprise=[1], users=[user(newThing={"a": 1})]))
        assert KubeConfig.load(path, {}).context().context == "a"


class TestErrors:
    def test_an_unknown_context_lists_the_known_ones_closest_first(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", whole(contexts=[context("staging"), context("prod-weu"), context("dev")]))
        with pytest.raises(KubeconfigError) as caught:
            KubeConfig.load(path, {}).context("prod-wue")
        assert caught.value.tried == "use context prod-wue"
        assert caught.value.answer == f"no such context in {path}"
        assert caught.value.advice.startswith("known contexts: prod-weu, ")
        assert "--context" in caught.value.advice

    def test_no_current_context_asks_for_a_choice(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", whole(**{"current-context": None}))
        with pytest.raises(KubeconfigError, match=r"none is set in .* – known contexts: a; choose with --context"):
            KubeConfig.load(path, {}).context()

    def test_an_empty_file_says_how_to_fill_it(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", "")
        with pytest.raises(KubeconfigError, match=r"az aks get-credentials .* kubetui demo"):
            KubeConfig.load(path, {}).context("a")

    @pytest.mark.parametrize("section", ["clusters", "users"])
    def test_a_dangling_reference_names_what_is_missing(self, tmp_path: Path, section: str) -> None:
        path = write(tmp_path / "config", whole(**{section: None}))
        with pytest.raises(KubeconfigError, match=rf"names the {section[:-1]} .*, which is not there"):
            KubeConfig.load(path, {}).context()

    def test_nothing_at_all_says_where_it_looked_and_what_helps(self, tmp_path: Path) -> None:
        with pytest.raises(KubeconfigError) as caught:
            KubeConfig.load(None, {"HOME": str(tmp_path)})
        assert str(tmp_path / ".kube" / "config") in caught.value.answer
        for command in ("az login", "az aks get-credentials --resource-group … --name …", "kubetui demo"):
            assert command in caught.value.advice

    @pytest.mark.parametrize("unit", ["- ", "[", "{a: "])
    def test_nesting_without_end_is_told(self, unit: str, tmp_path: Path) -> None:
        path = tmp_path / "config"
        path.write_text(unit * 100_000)

        with pytest.raises(KubeconfigError, match="nested too deeply"):
            KubeConfig.load(path, {})

    def test_broken_yaml_names_file_and_line(self, tmp_path: Path) -> None:
        path = write(
            tmp_path / "config", "apiVersion: v1\nclusters:\n- name: x\n  cluster: {server: [\nusers: t0ken: x\n"
        )
        with pytest.raises(KubeconfigError, match=r"read kubeconfig .*config: line 5") as caught:
            KubeConfig.load(path, {})
        assert "t0ken" not in str(caught.value)  # no snippet: it could be the token

    def test_a_wrong_shape_names_line_and_place(self, tmp_path: Path) -> None:
        path = write(
            tmp_path / "config", "clusters: []\nusers:\n- name: u\n  user:\n    exec: {command: x, apiVersion: 1}\n"
        )
        with pytest.raises(KubeconfigError, match=r"line 5: users\[0\]\.user\.exec\.apiVersion: .* in quotes"):
            KubeConfig.load(path, {})

    @pytest.mark.parametrize(
        "content",
        [
            whole(contexts={"a": {}}),
            whole(contexts=[{"name": 7}]),
            whole(contexts=["a"]),
            whole(clusters="c"),
            whole(users=[{"name": "u", "user": ["x"]}]),
            whole(users=[user(token=12345)]),
            whole(users=[user(exec={"command": "x", "apiVersion": "v1", "args": "--foo"})]),
            whole(**{"current-context": ["a"]}),
            [],
            "just words",
            "a: &a [*a]",
            "contexts: &a [*a]",
            "? [1, 2]\n: 3",
            "x: 2020-99-99",
            "!!python/object/apply:os.system ['true']",
            "[" * 5000,
        ],
    )
    def test_wrong_shapes_are_errors_of_ours(self, tmp_path: Path, content: Any) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        path = write(tmp_path / "config", text)
        with pytest.raises(KubeconfigError):
            KubeConfig.load(path, {}).context()

    @pytest.mark.parametrize(
        "raw", [b"\xff\xfe\x00\x01", b"\x00", b"a: \x07", "schlüssel: \ud800".encode("utf-8", "surrogatepass")]
    )
    def test_bytes_that_are_no_text_are_an_error_of_ours(self, tmp_path: Path, raw: bytes) -> None:
        path = tmp_path / "config"
        path.write_bytes(raw)
        with pytest.raises(KubeconfigError):
            KubeConfig.load(path, {}).context()

    def test_a_folder_in_its_place_is_an_error_of_ours(self, tmp_path: Path) -> None:
        with pytest.raises(KubeconfigError, match="directory"):
            KubeConfig.load(tmp_path, {})

    @pytest.mark.parametrize(
        "server",
        ["", "ftp://x", "https://", "https://h:port", "https://h:99999", "https://me:pw@h", "https://[::1", "h o"],
    )
    def test_a_server_that_is_no_address_is_an_error(self, tmp_path: Path, server: str) -> None:
        path = write(tmp_path / "config", whole(clusters=[cluster(server=server)]))
        with pytest.raises(KubeconfigError):
            KubeConfig.load(path, {}).context()


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def bent(draw: st.DrawFn) -> Any:
    """A whole kubeconfig with one place replaced by anything."""
    secretive = user(exec={"command": "x", "apiVersion": "v1", "args": [], "env": []}, **SECRETS)
    content = whole(users=[secretive], clusters=[cluster(extensions=[{"name": "e", "extension": {}}])])
    here: Any = content
    while True:
        key = draw(st.sampled_from(sorted(here)) if isinstance(here, dict) else st.integers(0, len(here) - 1))
        if isinstance(here[key], (dict, list)) and here[key] and draw(st.booleans()):
            here = here[key]
            continue
        here[key] = draw(anything)
        return content


class TestFuzz:
    @given(content=bent() | anything)
    def test_any_content_gives_a_target_or_an_error_of_ours(self, content: Any) -> None:
        raw = json.dumps(content).encode()
        try:
            kubeconfig_file.parse(raw, "read it")
        except KubeconfigError as caught:
            error = str(caught)
        else:
            return
        assert not any(secret in error for secret in SECRETS.values())

    @given(raw=st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>'\"#% \n\t0", max_size=60).map(str.encode))
    def test_any_bytes_give_entries_or_an_error_of_ours(self, raw: bytes) -> None:
        with suppress(KubeconfigError):
            kubeconfig_file.parse(raw, "read it")


class TestInCluster:
    ENVIRON: ClassVar = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}

    def account(self, folder: Path) -> Path:
        for name, text in (("token", "tok\n"), ("ca.crt", "pem"), ("namespace", "team\n")):
            write(folder / name, text)
        return folder

    def test_a_pod_uses_its_own_account(self, tmp_path: Path) -> None:
        account = self.account(tmp_path / "sa")
        target = KubeConfig.load(None, {"HOME": str(tmp_path), **self.ENVIRON}, account).context()
        assert (target.context, target.namespace, target.server) == (IN_CLUSTER, "team", "https://10.0.0.1:443")
        assert target.ca_file == account / "ca.crt"
        assert target.user is not None
        assert target.user.entry.token_file == "token"

    def test_an_ipv6_address_is_put_in_brackets(self, tmp_path: Path) -> None:
        environ = {**self.ENVIRON, "KUBERNETES_SERVICE_HOST": "fd00::1"}
        assert KubeConfig.load(None, environ, self.account(tmp_path)).context().server == "https://[fd00::1]:443"

    def test_a_kubeconfig_goes_before_it(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", whole())
        environ = {**self.ENVIRON, **listed(path)}
        assert KubeConfig.load(None, environ, self.account(tmp_path / "sa")).current == "a"


class TestHint:
    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("current-context: prod\n", "prod"),
            ("clusters: []\ncurrent-context: 'prod'  # mine\n", "prod"),
            ("  current-context: nested\n", None),
            ("current-context:\n", None),
            ("{broken", None),
        ],
    )
    def test_it_reads_the_name_by_its_line(self, tmp_path: Path, text: str, hint: str | None) -> None:
        assert current_context_hint(listed(write(tmp_path / "config", text))) == hint

    def test_the_first_file_that_sets_it_wins(self, tmp_path: Path) -> None:
        first, second = write(tmp_path / "1", "a: b"), write(tmp_path / "2", "current-context: x")
        assert current_context_hint(listed(tmp_path / "0", first, second)) == "x"

    def test_it_never_raises(self, tmp_path: Path) -> None:
        assert current_context_hint({"KUBECONFIG": f"{tmp_path}{os.pathsep}\x00"}) is None
        assert current_context_hint({}) is None

    def test_it_loads_no_yaml(self, tmp_path: Path) -> None:
        path = write(tmp_path / "config", "current-context: x")
        code = (
            "import sys; from kubetui.cluster.kubeconfig import current_context_hint as hint;"
            f"assert hint({listed(path)!r}) == 'x'; assert not {{'yaml', 'aiohttp', 'kubernetes'}} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", code], check=True)


def test_no_secret_shows_in_a_repr(tmp_path: Path) -> None:
    provider: Any = {"name": "oidc", "config": {"client-secret": "oidc-s3cret"}}
    plugin: Any = {
        "command": "x",
        "apiVersion": "v1",
        "args": ["--secret=arg-s3cret"],
        "env": [{"name": "A", "value": "env-s3cret"}],
    }
    entry = user(exec=plugin, **{"auth-provider": provider}, **SECRETS)
    cluster_entry = cluster(**{"proxy-url": "http://me:proxy-s3cret@h:1"})
    path = write(tmp_path / "config", whole(users=[entry], clusters=[cluster_entry]))
    config = KubeConfig.load(path, {})
    shown = repr(config) + repr(config.context()) + repr(config.users) + str(config.context())
    assert "s3cret" not in shown
    assert "a2V5" not in shown


@pytest.mark.parametrize(
    ("server", "name", "tunnel"),
    [
        ("https://127.0.0.1:6443", "prod.example", True),
        ("https://localhost:6443", "prod.example", True),
        ("https://[::1]:6443", "prod.example", True),
        ("https://127.0.0.1:6443", None, False),
        ("https://prod.example", "prod.example", False),
    ],
)
def test_the_near_end_of_a_tunnel_is_told_by_whose_certificate_is_expected(
    server: str, name: str | None, tunnel: bool
) -> None:
    assert Target("prod", "", server, tls_server_name=name).is_tunnel is tunnel
