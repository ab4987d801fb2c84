"""What the person should know: folded at words, bounded, each subject's last word only."""

from __future__ import annotations

from kubetui.ui.notice import ROWS, notice_rows


def test_nothing_to_say_takes_no_row() -> None:
    assert notice_rows([], 80) == []


def test_words_stay_whole_and_it_says_how_it_goes_away() -> None:
    assert notice_rows(["~/.kube/config changed and can't be used"], 40) == [
        "▲ ~/.kube/config changed and can't be",
        "used · Esc hides this",
    ]


def test_several_subjects_share_the_rows() -> None:
    assert notice_rows(["one", "two"], 60) == ["▲ one · two · Esc hides this"]


def test_of_what_is_too_long_the_way_out_is_kept() -> None:
    rows = notice_rows(["word " * 100], 40)
    assert len(rows) == ROWS
    assert rows[-1].endswith("… · Esc hides this")
    assert all(len(row) <= 40 for row in rows)
