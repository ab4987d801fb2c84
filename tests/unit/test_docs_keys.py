"""The document of keys says what the program does."""

from __future__ import annotations

from kubetui.ui.actions import ACTIONS
from tests.docs_keys import DOCUMENT, keys_document


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == keys_document(), "run: python -m tests.docs_keys"


def test_every_action_is_in_it() -> None:
    document = keys_document()
    assert [action.id for action in ACTIONS if f"`{action.id}`" not in document] == []
