# SPDX-License-Identifier: Apache-2.0
"""What one line of a file does, judged the same when it is shown and when it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hub.ledger.staging import Act
from hub.merchants import feed

Facts = Mapping[str, Any]
"""What a line says, by column; a column that says nothing is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a line does, to whom or what."""

    act: Act
    target: str = ""
    """Id of what is known already."""
    changes: tuple[str, ...] = ()
    """Columns that will be different."""
    clash: tuple[str, str] = ("", "")
    """The column that is somebody else's already, and whose."""


class Importer(Protocol):
    """Knows what is there, and writes what is not."""

    def judge(self, every: Sequence[Facts]) -> list[Verdict]:
        """Judge some lines by what is there now."""

    def write(self, out: feed.Writing, every: Sequence[tuple[Facts, Verdict]]) -> None:
        """Write what they say, inside `feed.writing`."""
