# SPDX-License-Identifier: Apache-2.0
"""The inside of a receipt printer: takes bytes, answers questions, and fails as real ones do."""

from enum import StrEnum
from typing import ClassVar

from firmware.drivers.base import PrinterStatus


class Mood(StrEnum):
    """How a printer behaves, whatever its paper."""

    WELL = "well"
    MUTE = "mute"
    """Answers nothing, as cheap printers do, and prints."""
    BABBLING = "babbling"
    """Answers each question with rubbish."""
    FLOODING = "flooding"
    """Sends rubbish without end, asked or not."""
    HANGING = "hanging"
    """Takes no byte and says none."""


RUBBISH = b"\xff\xaa\x80"
"""Bytes that no answer of a printer looks like."""


class Mechanism:
    """One printer's memory and paper."""

    _CAUSES: ClassVar = {
        PrinterStatus.READY: 0x12,
        PrinterStatus.PAPER_LOW: 0x12,
        PrinterStatus.COVER_OPEN: 0x16,
        PrinterStatus.PAPER_OUT: 0x32,
        PrinterStatus.OFFLINE: 0x52,
    }
    _SENSORS: ClassVar = {PrinterStatus.PAPER_LOW: 0x1E, PrinterStatus.PAPER_OUT: 0x72}

    def __init__(self) -> None:
        self.condition = PrinterStatus.READY
        self.mood = Mood.WELL
        self.paper = b""
        self.last_sheet = False
        """The paper ends while the next receipt is printed."""
        self.lasts: int | None = None
        """How many bytes it prints before its cable is pulled."""

    @property
    def torn_off(self) -> bool:
        """Whether the cable was pulled in the middle of a receipt."""
        return self.lasts is not None and self.lasts <= 0

    def hear(self, data: bytes) -> bytes:
        """Take what came down the cable and give what goes back."""
        answer = b""
        while data and not self.torn_off:
            if data.startswith(b"\x10\x04\x02"):
                answer, data = answer + bytes([self._CAUSES[self.condition]]), data[3:]
            elif data.startswith(b"\x10\x04\x04"):
                answer, data = answer + bytes([self._SENSORS.get(self.condition, 0x12)]), data[3:]
            elif data.startswith(b"\x1dr\x01"):
                printed = self.condition in (PrinterStatus.READY, PrinterStatus.PAPER_LOW)
                answer, data = answer + (b"\x00" if printed else b""), data[3:]
            else:
                self._print(data[:1])
                data = data[1:]
        match self.mood:
            case Mood.WELL:
                return answer
            case Mood.BABBLING:
                return answer and RUBBISH
            case _:
                return b""

    def _print(self, byte: bytes) -> None:
        self.paper += byte
        if self.lasts is not None:
            self.lasts -= 1
        if self.last_sheet:
            self.condition = PrinterStatus.PAPER_OUT
