# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.bench.peers PEER`: measure one peer and print its figures as one JSON object."""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from provisioning.demo.programs import Died
from tests.bench.peers import pretix, thingsboard
from tests.bench.peers.place import Figures, Missing, tell

PEERS: Final[dict[str, Callable[[Path], Figures]]] = {
    "thingsboard": thingsboard.measure,
    "pretix": pretix.measure,
}
MISSING: Final = 3
"""Exit code: the peer cannot be had on this machine, so there is no figure."""


def main(words: list[str] | None = None) -> int:
    """Measure; 0 when the figures are on stdout."""
    asked = _parser().parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends too
    try:
        figures = PEERS[asked.peer](asked.folder.absolute())
    except Missing as gap:
        tell(str(gap))
        return MISSING
    except (Died, RuntimeError, TimeoutError) as failure:
        tell(f"{asked.peer} was not measured: {failure}")
        return 2
    except KeyboardInterrupt:
        tell("Stopped.")
        return 130
    print(json.dumps(figures))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.peers",
        description="Measure another program on this machine, from its packages.",
    )
    parser.add_argument("peer", choices=sorted(PEERS))
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("var/peers"),
        help="where it is installed and keeps its files (var/peers/)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
