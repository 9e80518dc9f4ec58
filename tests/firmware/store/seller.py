# SPDX-License-Identifier: Apache-2.0
"""A process that sells as fast as it can and says each entry's number once it is on the disk."""

import sys
from pathlib import Path

from firmware.store.clock import new_id
from firmware.store.database import Role
from tests.firmware.store.shelf import Shelf, sold


def main() -> None:
    folder, role, count = sys.argv[1:]
    shelf = Shelf(Path(folder), role=Role(role), new_id=new_id)  # type: ignore[arg-type]
    for _ in range(int(count)):
        print(shelf.write(sold()).n, flush=True)
    shelf.close()


if __name__ == "__main__":
    main()
