"""``python -m tests.cluster build``."""

from __future__ import annotations

import sys

from tests.cluster import binaries


def main(arguments: list[str]) -> int:
    if arguments != ["build"]:
        print(f"usage: {binaries.BUILD_COMMAND}", file=sys.stderr)
        return 2
    built = binaries.build(lambda line: print(line, flush=True))
    print(built["etcd"].parent)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
