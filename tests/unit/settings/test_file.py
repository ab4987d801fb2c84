"""Where the settings file is looked for, and what is said where it can't be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kubetui.settings.document import default_file
from kubetui.settings.file import read_settings, settings_file
from kubetui.settings.panes import PANES
from kubetui.settings.settings import Settings
from tests.docs_settings import DOCUMENT, settings_document

CHECKOUT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("wanted", "environ", "platform", "path"),
    [
        (None, {"HOME": "/home/me"}, "linux", "/home/me/.config/kubetui/config.toml"),
        (None, {"HOME": "/home/me", "XDG_CONFIG_HOME": "/etc/me"}, "linux", "/etc/me/kubetui/config.toml"),
        (None, {"HOME": "/Users/me"}, "darwin", "/Users/me/Library/Application Support/kubetui/config.toml"),
        (None, {"HOME": "/home/me", "KUBETUI_CONFIG": "/x.toml"}, "linux", "/x.toml"),
        ("/y.toml", {"HOME": "/home/me", "KUBETUI_CONFIG": "/x.toml"}, "linux", "/y.toml"),
        (None, {}, "linux", None),
    ],
)
def test_where_it_is(wanted: str | None, environ: dict[str, str], platform: str, path: str | None) -> None:
    assert settings_file(wanted, environ, platform) == (Path(path) if path else None)


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    found = read_settings(None, {"HOME": str(tmp_path)})
    assert (found.settings, found.problems) == (Settings(), [])


def test_a_named_file_that_is_not_there_is_one(tmp_path: Path) -> None:
    found = read_settings(str(tmp_path / "x.toml"), {})
    assert [problem.text for problem in found.problems] == ["no such file"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"\xff\xfe", "no UTF-8"), (b"#" * 1_000_001, "larger than a megabyte")],
)
def test_a_file_that_is_none_gives_the_defaults(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "x.toml").write_bytes(content)
    found = read_settings(str(tmp_path / "x.toml"), {})
    assert found.settings == Settings()
    assert problem in found.problems[0].text


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    found = read_settings(str(tmp_path), {})
    assert "can't be read" in found.problems[0].text


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes('\ufeffpane = "nodes"\r\ntheme = "light"\r\n'.encode())
    found = read_settings(str(tmp_path / "x.toml"), {})
    assert (found.settings.pane, found.settings.theme, found.problems) == ("nodes", "light", [])


# --- kubetui config


def kubetui(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kubetui", *words],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_check_names_every_mistake_in_the_order_of_lines(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\nfilter = "q"\nfliter = "x"\n[panes.pods]\ncolumns = ["NAM"]\n[panes.pod]\nhidden = []\n')
    ended = kubetui("config", "check", KUBETUI_CONFIG=str(file))
    assert ended.returncode == 1
    assert [line.partition("; there are")[0].removeprefix(f"{file}:") for line in ended.stdout.splitlines()] == [
        "2: keys: q of filter is the key of quit already; filter keeps its own keys",
        "3: keys: no action is called 'fliter'; meant perhaps: filter; docs/keys.md lists all",
        "5: panes.pods.columns: no column is called 'NAM'; meant perhaps: NAME",
        "6: no pane is called 'pod'; meant perhaps: pods",
    ]


def test_check_of_a_file_without_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('pane = "nodes"\n[panes.services]\nhidden = ["AGE"]\n')
    ended = kubetui("--config", str(file), "config", "check")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{file}: nothing wrong\n", "")


def test_path_and_defaults(tmp_path: Path) -> None:
    assert kubetui("config", "path", HOME=str(tmp_path)).stdout.strip().startswith(str(tmp_path))
    assert kubetui("config", "print-default").stdout == default_file()


# --- the document


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == settings_document(), "run: python -m tests.docs_settings"


def test_the_command_line_alone_loads_nothing_that_takes_time() -> None:
    code = "import sys, kubetui.cli; print({'dataclasses', 'tomllib', 'difflib', 'inspect'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert ended.stdout == "set()\n", ended.stderr


def test_without_a_file_nothing_that_reads_one_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from kubetui.settings.file import read_settings; read_settings(None, {'HOME': sys.argv[1]}); "
        "print({'tomllib', 'difflib', 'kubetui.settings.reading', 'kubetui.settings.fields'} & set(sys.modules))"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    ended = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert ended.stdout == "set()\n", ended.stderr


def test_the_panes_to_begin_with_are_those_there_are() -> None:
    from kubetui.ui.actions import PANE_KEYS

    assert set(PANES) == set(PANE_KEYS.values())
