"""The first thing a person sees: the Overview, unless the pods of some namespace were asked for."""

from __future__ import annotations

from tests.terminal.conftest import Start


def test_an_incident_is_on_the_first_screen_and_enter_leads_to_it(start: Start) -> None:
    with start("demo", "--incident", "konnectivity-down", pane="") as program:
        program.wait_for("✖ konnectivity-agent 0/2 ready", "→ check egress 443", "AKS components")
        program.wait_for("readyz", "ok")
        program.type("\r")
        program.wait_for("Deployment kube-system/konnectivity-agent · 0/2 ready")
        program.type("\x1b")
        program.wait_for("What is wrong")
        program.type("q")
        assert program.wait_for_end() == 0


def test_who_names_a_namespace_begins_with_its_pods(start: Start) -> None:
    with start("-n", "team-00", "demo", pane="") as program:
        program.wait_for("Pods team-00")
        program.type("q")
        assert program.wait_for_end() == 0
