# SPDX-License-Identifier: Apache-2.0
"""Read the mails that a hub without a mail server has written into files."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Final

NEWEST: Final = 50
END: Final = b"\n" + b"-" * 79 + b"\n"
"""What Django puts behind each mail of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail, as its reader sees it."""

    to: str
    subject: str
    at: datetime
    text: str


def newest(folder: Path) -> list[Letter]:
    """The last mails, newest first."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    letters = (letter for path in files for letter in reversed(_letters(path.read_bytes())))
    return list(islice(letters, NEWEST))


def _letters(raw: bytes) -> list[Letter]:
    return [_letter(part) for part in raw.split(END) if part.strip()]


def _letter(raw: bytes) -> Letter:
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",))
    return Letter(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        # written as -0000, which Python takes for no zone at all
        at=parsedate_to_datetime(str(message["Date"])).replace(tzinfo=UTC),
        text=body.get_content() if body else "",
    )
