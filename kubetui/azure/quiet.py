"""Keeps the Azure packages' warnings off the screen: without a handler Python writes them to standard error."""

from __future__ import annotations

import logging
import warnings

_LOGGERS = ("azure", "msal")


def log_to_our_file() -> None:
    """Send what the packages log to wherever kubetui logs. Idempotent; call it before their first use."""
    handlers = logging.getLogger("kubetui").handlers or [logging.NullHandler()]
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if logger.handlers != handlers:
            logger.handlers = list(handlers)
        # INFO would hold every request's headers.
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    warnings.filterwarnings("ignore", module=r"(azure|msal)(\.|$)")
