# SPDX-License-Identifier: Apache-2.0
"""Read entries back from their original bytes, whatever became of these meanwhile."""

from loyalty.entry import Entry
from loyalty.wire import Garbled, decode_entry


def entry_of(raw: bytes | memoryview) -> Entry | None:
    """The entry; None where it can't be read, or is of a kind that this hub does not know."""
    try:
        found = decode_entry(bytes(raw))
    except Garbled:
        return None
    return found if isinstance(found, Entry) else None
