"""``python -m kubetui``."""

from kubetui.cli import main

if __name__ == "__main__":
    main()
