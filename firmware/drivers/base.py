# SPDX-License-Identifier: Apache-2.0
"""The contracts that every scanner, printer and signal keeps, and what they report."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from firmware.drivers.cues import VERT_WAGON, Cue, Rgb
from firmware.drivers.paper import Paper
from firmware.faults import CoverOpen, Fault, PaperOut, PrinterOffline


@dataclass(frozen=True, slots=True)
class Reading:
    """What a scanner sent between two ends of line; never empty."""

    code: str
    source: str
    """Which scanner: two of them may read at once."""
    too_long: bool = False
    """The scanner sent more than any code has; `code` is the beginning only."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A scanner can read now."""

    source: str


@dataclass(frozen=True, slots=True)
class Away:
    """A scanner can't read until it is `Connected` again; said once."""

    source: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class PaperDone:
    """A receipt came out (`fault` is None), or did not.

    After a fault that is not permanent the receipt waits and comes out by itself once the printer
    is well again; the same fault is not repeated.
    """

    fault: Fault | None = None
    waiting: int = 0
    """Receipts that have not come out yet."""

    @property
    def ok(self) -> bool:
        """Whether the receipt came out."""
        return self.fault is None


Event = Reading | Connected | Away | PaperDone
"""What drivers tell the terminal's one loop."""

Put = Callable[[Event], None]
"""Takes an event from any thread; never blocks, never raises."""


class Scanner(ABC):
    """Something that reads cards.

    A scanner's constructor MUST NOT touch hardware: it takes its address, and refuses a wrong one
    with `BadSetting`.
    """

    source: str
    """Its address, by which the terminal says that it is there or away."""

    found: Sequence[str] = ()
    """What it reads with, as its makers call it; known once it is ready."""

    @abstractmethod
    def listen(self, put: Put, ready: Callable[[], None]) -> None:
        """Open the hardware and put its readings until stopped.

        MUST call `ready` once, when it can read. MUST put nothing but `Reading`, each once, in
        order. MUST raise `Fault` when the hardware is missing or goes away, with everything closed
        behind it. MUST be callable again afterwards.
        """

    @abstractmethod
    def stop(self) -> None:
        """Make `listen` return within a second, for good. MAY be called from any thread."""


class PrinterStatus(StrEnum):
    """What a printer says about itself."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    """It prints, and the roll ends soon."""
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    UNKNOWN = "unknown"
    """It takes data and answers nothing; most of these print."""

    @property
    def fault(self) -> Fault | None:
        """What to say to people, or None when it should print."""
        match self:
            case PrinterStatus.PAPER_OUT:
                return PaperOut()
            case PrinterStatus.COVER_OPEN:
                return CoverOpen()
            case PrinterStatus.OFFLINE:
                return PrinterOffline()
            case _:
                return None


class Printer(ABC):
    """Something that puts receipts on paper. Used by one thread at a time.

    Its constructor MUST NOT touch hardware.
    """

    fault: Fault | None = None
    """Why it was offline when last asked, where more is known than that."""

    @abstractmethod
    def print(self, paper: Paper) -> None:
        """Hand one whole receipt to the hardware.

        MUST raise `Fault` when any part may be missing, `Unprintable` when this receipt can never
        be printed. MUST NOT block for more than a few seconds whatever the hardware does.
        """

    @abstractmethod
    def status(self) -> PrinterStatus:
        """Ask the hardware how it is. MUST NOT raise, MUST answer within a few seconds."""

    @abstractmethod
    def prepare(self) -> None:
        """Do the slow work that the first receipt need not wait for. MUST NOT touch hardware."""


class Signal(ABC):
    """Something that shines or sounds. Its constructor MUST NOT touch hardware."""

    @abstractmethod
    def show(self, cue: Cue, *, shop: Rgb = VERT_WAGON) -> None:
        """Play a cue. MUST return at once, MUST NOT raise.

        A later sound cuts an earlier one short; a steady light waits until the sound has ended.
        """

    @abstractmethod
    def check(self) -> Fault | None:
        """Look whether the hardware is there, before the first cue. MUST NOT raise."""

    @abstractmethod
    def stop(self) -> None:
        """Go dark and silent, for good."""
