# SPDX-License-Identifier: Apache-2.0
"""Draw the terminal's screens, picture the hub's pages and a newcomer's first steps: `./run gallery`."""

import argparse
from pathlib import Path

from provisioning.messages import compile_messages
from tests.gallery import hub, stage, terminal

OUT = Path(__file__).parent.parent.parent / "var" / "gallery"


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run gallery", description=__doc__)
    parser.add_argument(
        "part",
        nargs="?",
        choices=("terminal", "hub", "start"),
        help="one of them; all unless given",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=OUT,
        help="folder of every screen in every state, size, language and colour, and of every page",
    )
    asked = parser.parse_args()
    compile_messages()
    if asked.part in (None, "terminal"):
        print(f"{terminal.write_docs()} images, docs/screens.md")
        print(f"{terminal.write_all(asked.out / 'terminal')} images, {asked.out / 'terminal'}")
    if asked.part in (None, "start"):
        print(f"{stage.write_docs()} images, docs/screens/start")
    if asked.part in (None, "hub"):
        print(
            f"{hub.write_all(asked.out / 'hub')} images, {asked.out / 'hub'}, docs/screens-hub.md"
        )


if __name__ == "__main__":
    main()
