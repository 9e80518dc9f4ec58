# SPDX-License-Identifier: Apache-2.0
"""Draw the terminal's screens: `python -m tests.gallery [--out DIR]`."""

import argparse
from pathlib import Path

from provisioning.messages import compile_messages
from tests.gallery import terminal


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run gallery", description=__doc__)
    parser.add_argument(
        "--out",
        type=Path,
        help="draw every screen in every state, size, language and colour into this folder too",
    )
    asked = parser.parse_args()
    compile_messages()
    print(f"{terminal.write_docs()} images, docs/screens.md")
    if asked.out:
        print(f"{terminal.write_all(asked.out)} images, {asked.out}")


if __name__ == "__main__":
    main()
