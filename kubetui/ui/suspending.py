"""Whether ``^z`` has a shell to go back to."""

from __future__ import annotations

import os


def shell_waits() -> bool:
    """Whether a shell with job control started us: it takes the terminal when we stop, and ``fg`` brings us back.

    Such a shell is in our session, but not in our process group. Started otherwise (by tmux, in a container, by a
    script) nobody would take the terminal: it would stand still, and nothing typed would wake us.
    """
    parent = os.getppid()
    try:
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    except OSError:  # it is gone, or belongs to somebody else
        return False
