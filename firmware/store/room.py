# SPDX-License-Identifier: Apache-2.0
"""How full the terminal's disk is, and what has to give way: never what the hub does not have."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

AMPLE: Final = 2 * 1024**3
"""Bytes: with so much free no disk is full, whatever the percentage (a million sales)."""


class Strain(IntEnum):
    """What gives way, and from how many percent in use on; each includes those before it."""

    NONE = 0
    SCRAPS = 80
    """What only people who look for faults need."""
    ARCHIVE = 90
    """Entries that the hub has, however young."""
    SALES = 95
    """Nothing new is taken."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk as a program without privileges sees it, in bytes."""

    total: int
    free: int


Measure = Callable[[Path], Disk]
"""Tells how full the disk of a folder is."""


def measure(folder: Path) -> Disk:
    """Ask the system; what is kept back for root is in use."""
    found = os.statvfs(folder)
    used = found.f_blocks - found.f_bfree
    return Disk((used + found.f_bavail) * found.f_frsize, found.f_bavail * found.f_frsize)


def percent_used(disk: Disk) -> int:
    """Whole percents, as df says them; 0 while there is ample room."""
    if disk.free >= AMPLE or disk.total <= 0:
        return 0
    return -(-100 * (disk.total - disk.free) // disk.total)


def strain(disk: Disk) -> Strain:
    """What has to give way on such a disk."""
    percent = percent_used(disk)
    return max(level for level in Strain if level <= percent)
