"""Rich styles made from a widget's component classes, laid one over the other and kept until the theme changes."""

from __future__ import annotations

from rich.style import Style
from textual.color import Color
from textual.widget import Widget

_MAX_KEPT = 512


class ComponentStyles:
    """The styles of one widget. ``clear`` it whenever the widget's styles are updated."""

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._widget = widget
        self._prefix = prefix
        self._made: dict[tuple[str, ...], Style] = {}

    def clear(self) -> None:
        """Forget all styles; they are made anew from the stylesheet."""
        self._made.clear()

    def of(self, *names: str) -> Style:
        """The widget's own style with the components ``prefix--name`` over it; empty names are passed over."""
        style = self._made.get(names)
        if style is None:
            if len(self._made) >= _MAX_KEPT:
                self._made.clear()
            style = self._made[names] = self._make(names)
        return style

    def _make(self, names: tuple[str, ...]) -> Style:
        _, _, background, color = self._widget.colors
        text_style = Style()
        for name in filter(None, names):
            styles = self._widget.get_component_styles(f"{self._prefix}--{name}")
            if styles.has_rule("background"):
                background = background + styles.background
            if styles.has_rule("auto_color") and styles.auto_color:
                color = background.get_contrast_text(styles.color.a)
            elif styles.has_rule("color"):
                color = styles.color
            text_style += styles.text_style
        return text_style + _colours(background + color, background)


def _colours(color: Color, background: Color) -> Style:
    return Style.from_color(
        color.rich_color if color.a else None,
        background.rich_color if background.a else None,
    )
