# SPDX-License-Identifier: Apache-2.0
"""Where tests keep their files: in memory, for what they show is not how long a disk takes.

A process that is killed loses nothing of what it wrote, there as on a disk; what a power cut takes is
shown by the simulator's own disk, and in a machine whose power is cut.
"""

import os
import shutil
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
ROOM: Final = 1 << 30


def in_memory(room: int = ROOM) -> Path | None:
    """The system's folder in memory; None: it has none for us, or too small a one.

    Args:
        room: bytes that must be free.
    """
    try:
        seen = os.statvfs(MEMORY)
    except OSError:
        return None
    # some systems let no program run from it
    usable = os.access(MEMORY, os.W_OK) and not seen.f_flag & os.ST_NOEXEC
    return MEMORY if usable and shutil.disk_usage(MEMORY).free > room else None
