# SPDX-License-Identifier: Apache-2.0
"""Write the pages of docs/ that are made from the code, so that none goes stale."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.gallery import newcomer
from tests.house import faults, permissions, rows, rulebook
from tests.house.path import WRITE

ROOT = Path(__file__).parent.parent.parent

PAGES: dict[str, Callable[[], str]] = {
    "docs/rows.md": rows.page,
    "docs/faults.md": faults.page,
    "docs/rules.md": rulebook.page,
    "docs/permissions.md": permissions.page,
    "docs/getting-started.md": newcomer.page,
}


def main() -> None:
    for name, render in PAGES.items():
        (ROOT / name).write_text(render())
        print(f"{name} : à jour")
    # the path of a scan is known only to a test that follows one
    follow = [sys.executable, "-m", "pytest", "-q", "tests/house/test_one_scan.py"]
    subprocess.run(follow, cwd=ROOT, env=os.environ | {WRITE: "1"}, check=True)
    print("docs/architecture.md : à jour")


if __name__ == "__main__":
    main()
