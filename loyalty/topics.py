# SPDX-License-Identifier: Apache-2.0
"""Where frames go: a topic for each terminal in each direction, sharded by merchant."""

import re
import zlib
from typing import Final

SHARDS: Final = 64
TERMINAL_ID: Final = re.compile(r"[a-z0-9-]{8,40}")


def shard_of(merchant: str) -> int:
    """Where a merchant lives: its feed, its lock and its terminals stay together."""
    return zlib.crc32(merchant.encode()) % SHARDS


def up_topic(shard: int | str, terminal: str) -> str:
    """Where a terminal publishes; `+` for either is what the bridge subscribes to."""
    return f"lk/1/up/{shard}/{terminal}"


def down_topic(terminal: str) -> str:
    """Where a terminal listens."""
    return f"lk/1/dn/{terminal}"


def hub_topic(shard: int | str) -> str:
    """Where the hub says whether it is there (retained)."""
    return f"lk/1/hub/{shard}"
