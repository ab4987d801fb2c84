"""The README's commands and links are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubetui.cli import parser

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_has_one_command_that_opens_and_one_that_tests() -> None:
    commands = re.findall(r"^python3 -m venv .*$", (CHECKOUT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [command.rpartition("python -m ")[2] for command in commands] == ["kubetui --or-demo", "pytest -q -n auto"]


def test_the_options_the_readme_names_exist() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Open it")[2].partition("With `--or-demo`")[0]
    named = set(re.findall(r"`(--?[A-Za-z][\w-]*)", section)) - {"--help"}
    known = {option for action in parser()._actions for option in action.option_strings}
    assert named
    assert named <= known
