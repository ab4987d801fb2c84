"""A person looks at a small cluster: everything goes from keys to what the screen shows."""

from __future__ import annotations

import base64
import re

from tests.terminal.api_server import SmallCluster
from tests.terminal.conftest import Start
from tests.terminal.objects import pod
from tests.terminal.program import Program

ENTER, ESC = "\r", "\x1b"


def type_filter(program: Program, text: str) -> None:
    """Open the filter's line, then type into it."""
    program.type("/")
    program.wait_for("COLUMN:text")
    program.type(text)


def test_pods_of_all_namespaces_appear_with_kubectls_words(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("small v1.36.3 live", "Pods all namespaces · 4")

        assert re.search(r"kube-system +coredns-0 +1/1 +Running +0 +3d", program.line_with("coredns-0"))
        assert re.search(r"ledger-0 +0/1 +✖ CrashLoop", program.line_with("ledger-0"))


def test_the_pane_follows_what_is_created_changed_and_deleted(small_cluster: SmallCluster, start: Start) -> None:
    with start("-n", "team-04") as program:
        program.wait_for("checkout-0", "ledger-0")

        small_cluster.put("pods", pod("team-04", "gateway-0"))
        program.wait_for("gateway-0", "Pods team-04 · 3")

        small_cluster.put("pods", pod("team-04", "gateway-0", waiting="ImagePullBackOff"))
        program.wait_until(lambda: "0/1" in program.line_with("gateway-0"), "0/1 beside gateway-0")

        small_cluster.delete("pods", "team-04", "ledger-0")
        program.wait_while("ledger-0")


def test_a_filter_narrows_while_it_is_typed_and_esc_brings_all_rows_back(
    small_cluster: SmallCluster, start: Start
) -> None:
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")

        type_filter(program, "checkout")
        program.wait_for("1 of 4")
        assert "coredns-0" not in program.text

        program.type(ENTER)
        program.wait_for("1 of 4 · filter checkout", "? help")

        program.type(ESC)
        program.wait_for("Pods all namespaces · 4", "coredns-0")


def test_filters_by_label_column_pattern_and_not(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")
        for typed, shown in (
            ("app=ledger", {"ledger-0"}),
            ("status:crash", {"ledger-0"}),
            ("/^c.*-0$/", {"coredns-0", "checkout-0"}),
            ("!kube-system !ledger", {"checkout-0"}),
        ):
            type_filter(program, f"{typed}{ENTER}")
            program.wait_for(f"{len(shown)} of 4 · filter {typed}")
            names = {line.split()[1] for line in program.lines if re.search(r"\S+-0 +\d/\d", line)}
            assert names == shown
            program.type(ESC)
            program.wait_for("Pods all namespaces · 4")


def test_a_filter_that_is_no_pattern_says_why_and_keeps_the_rows(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")

        type_filter(program, "/(/")

        program.wait_for("missing ), unterminated subpattern", "coredns-0")


def test_sorting_goes_through_the_columns_and_inverts(small_cluster: SmallCluster, start: Start) -> None:
    def order(program_text: str) -> list[str]:
        return re.findall(r"\S+-0(?= +\d/\d)", program_text)

    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")
        assert order(program.text) == ["coredns-0", "konnectivity-agent-0", "checkout-0", "ledger-0"]

        program.type(">>")
        program.wait_for("by NAME ▲")
        program.wait_until(lambda: order(program.text)[0] == "checkout-0", "checkout-0 first")

        program.type("I")
        program.wait_for("by NAME ▼")
        program.wait_until(lambda: order(program.text)[0] == "ledger-0", "ledger-0 first")


def test_only_problems(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")
        program.type("!")
        program.wait_for("1 of 4 · problems only", "ledger-0")


def test_another_namespace_is_chosen_by_typing_a_part_of_its_name(small_cluster: SmallCluster, start: Start) -> None:
    with start("-n", "kube-system") as program:
        program.wait_for("coredns-0")

        program.type("n")
        program.wait_for("Namespaces", "default", "team-04")
        program.type("team")
        program.wait_while("default")
        program.type(ENTER)

        program.wait_for("Pods team-04 · 2", "checkout-0")
        assert "coredns-0" not in program.text

        program.type("A")
        program.wait_for("Pods all namespaces · 4")


def test_the_contexts_namespace_is_where_a_look_begins(small_cluster: SmallCluster, start: Start) -> None:
    with start("--context", "small-team-04") as program:
        program.wait_for("small-team-04", "Pods team-04 · 2")


def test_another_context_is_chosen_from_the_list(small_cluster: SmallCluster, start: Start) -> None:
    with start("-n", "kube-system") as program:
        program.wait_for("coredns-0")
        program.type("C")
        program.wait_for("Context", "small-team-04")
        program.type(f"team{ENTER}")
        program.wait_for("small-team-04 v1.36.3 live")


def test_nodes_stand_under_their_pools(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A", width=160) as program:
        program.wait_for("Pods all namespaces · 4")

        program.type("2")

        program.wait_for("general User D8s_v5", "system System D4s_v5", "aks-general-27182818-vmss000000")
        assert re.search(r" 1/2 +[▲✖] 1 not ready", program.line_with("general  User"))
        assert "NotReady" in program.line_with("aks-general-27182818-vmss000001")
        assert "1/1" in program.line_with("system  System")


def test_yaml_shows_the_object_as_the_server_has_it(small_cluster: SmallCluster, start: Start) -> None:
    with start("-n", "team-04") as program:
        program.wait_for("checkout-0")

        program.type("y")
        program.wait_for("Pod team-04/checkout-0 YAML", "phase: Running", "(1 managers, folded)")

        program.type("M")
        program.wait_for("manager: kubelet")

        program.type(ESC)
        program.wait_for("Pods team-04 · 2")


def test_coming_back_to_a_table_finds_the_cursor_where_it_was(small_cluster: SmallCluster, start: Start) -> None:
    def cursor() -> str:
        return next((line for line in program.lines if line.startswith("▌")), "")

    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4", "▌")
        program.type("j")
        program.wait_until(lambda: "konnectivity" in cursor(), "cursor on the second row")

        program.type("y")
        program.wait_for("Pod kube-system/konnectivity-agent-0 YAML")
        program.type(ESC)

        program.wait_for("Pods all namespaces · 4", "▌")
        assert "konnectivity" in cursor()


def test_enter_shows_the_containers_of_a_pod(small_cluster: SmallCluster, start: Start) -> None:
    with start("-n", "team-04") as program:
        program.wait_for("checkout-0")
        program.type(ENTER)
        program.wait_for("registry.test/app:1")


def test_help_shows_every_key_and_esc_goes_back(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A", height=160) as program:
        program.wait_for("Pods all namespaces · 4")
        program.type("?")
        program.wait_for("IN TABLES", "IN TEXT", "EVERYWHERE", "kubetui changes nothing in a cluster", "Log file:")
        program.type(ESC)
        program.wait_for("Pods all namespaces · 4")


def test_the_palette_jumps_to_a_pane_by_name(small_cluster: SmallCluster, start: Start) -> None:
    with start("-A") as program:
        program.wait_for("Pods all namespaces · 4")
        program.type(":")
        program.wait_for("pane, kind, namespace, context")
        program.type("nodes")
        program.wait_for("nodes", "Nodes pane")
        program.type(ENTER)
        program.wait_for("aks-general-27182818-vmss000000", "Nodes 3")


def test_copy_puts_the_name_on_the_terminals_clipboard(small_cluster: SmallCluster, start: Start) -> None:
    with start("-n", "team-04") as program:
        program.wait_for("checkout-0")
        program.type("c")
        program.wait_for("copied checkout-0")
        assert f"\x1b]52;c;{base64.b64encode(b'checkout-0').decode()}" in program.output


def test_control_sequences_in_cluster_text_never_reach_the_terminal(small_cluster: SmallCluster, start: Start) -> None:
    small_cluster.put("pods", pod("team-04", "evil-0", waiting="\x1b]0;owned\x07[red]Bad"))
    with start("-n", "team-04") as program:
        program.wait_for("evil-0")
        assert "\x1b]0;owned" not in program.output
        assert "[red]Bad" in program.line_with("evil-0")
