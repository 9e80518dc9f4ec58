# SPDX-License-Identifier: Apache-2.0
"""Write the pages of docs/ that are made from the code, so that none goes stale."""

from collections.abc import Callable
from pathlib import Path

from tests.house import rows

ROOT = Path(__file__).parent.parent.parent

PAGES: dict[str, Callable[[], str]] = {
    "docs/rows.md": rows.page,
}


def main() -> None:
    for name, render in PAGES.items():
        (ROOT / name).write_text(render())
        print(f"{name} : à jour")


if __name__ == "__main__":
    main()
